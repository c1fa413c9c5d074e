-- Deletes the oldest deliveries of an endpoint from before a time, with their attempts: p_most at most. The caller has
-- locked the lane. Returns how many there were.
-- plan: inherited
create function remove_deliveries(p_endpoint uuid, p_before timestamptz, p_most int) returns int
language plpgsql volatile as $$
declare old bigint[]; keys uuid[];
begin
  old := old_deliveries(p_endpoint, p_before, p_most);
  if cardinality(old) = 0 then return 0; end if;
  delete from delivery_attempt a where a.endpoint_id = p_endpoint and a.delivery_seq = any (old);
  delete from ended_delivery d where d.endpoint_id = p_endpoint and d.seq = any (old);
  with gone as (
    delete from open_delivery d where d.endpoint_id = p_endpoint and d.seq = any (old) returning d.order_key, d.head)
  select array_agg(distinct order_key) filter (where head) into keys from gone;
  perform advance_deliveries(p_endpoint, keys);
  return cardinality(old);
end $$;
