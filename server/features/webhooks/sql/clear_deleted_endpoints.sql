-- Deletes some of what deleted endpoints left. Returns whether there may be more.
create function clear_deleted_endpoints(p_most int) returns boolean language plpgsql volatile as $$
declare one uuid; old bigint[];
begin
  select l.endpoint_id into one from delivery_lane l
    where not exists (select 1 from endpoint e where e.id = l.endpoint_id) limit 1 for update skip locked;
  if one is null then return false; end if;
  old := array(select d.seq from delivery d where d.endpoint_id = one order by d.seq limit p_most);
  delete from delivery_attempt a where a.delivery_seq = any (old);
  delete from delivery d where d.seq = any (old);
  if cardinality(old) < p_most then
    delete from endpoint_replay r where r.endpoint_id = one;
    delete from delivery_lane l where l.endpoint_id = one;
  end if;
  return true;
end $$;
