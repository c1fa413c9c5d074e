-- Deletes some of what deleted endpoints left. Returns whether there may be more.
-- plan: inherited
create function clear_deleted_endpoints(p_most int) returns boolean language plpgsql volatile as $$
declare left_over int := p_most; one uuid;
begin
  for one in select l.endpoint_id from delivery_lane l
    where not exists (select 1 from endpoint e where e.id = l.endpoint_id) for update skip locked
  loop
    left_over := left_over - remove_deliveries(one, 'infinity', left_over);
    if left_over = 0 then return true; end if;
    delete from endpoint_replay r where r.endpoint_id = one;
    delete from delivery_lane l where l.endpoint_id = one;
  end loop;
  return false;
end $$;
