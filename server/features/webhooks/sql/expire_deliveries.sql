-- Deletes some deliveries of before a time, with their attempts. What still waits after so long goes too: its event is
-- about to be deleted. Returns whether there may be more.
-- plan: inherited
create function expire_deliveries(p_before timestamptz, p_most int) returns boolean language plpgsql volatile as $$
declare old bigint[]; endpoints uuid[]; one uuid; keys uuid[];
begin
  select array_agg(x.seq), array_agg(distinct x.endpoint_id order by x.endpoint_id) into old, endpoints
    from (select d.seq, d.endpoint_id, d.created_at from delivery d order by d.seq limit p_most) x
    where x.created_at < p_before;
  if old is null then return false; end if;
  perform 1 from delivery_lane l where l.endpoint_id = any (endpoints) order by l.endpoint_id for update;
  delete from delivery_attempt a where a.delivery_seq = any (old);
  foreach one in array endpoints loop
    with gone as (delete from delivery d where d.seq = any (old) and d.endpoint_id = one returning d.order_key, d.head)
    select array_agg(distinct order_key) filter (where head) into keys from gone;
    perform advance_deliveries(one, keys);
  end loop;
  return cardinality(old) = p_most;
end $$;
