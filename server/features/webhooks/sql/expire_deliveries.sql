-- Deletes some deliveries of before a time, with their attempts. Waiting ones go too: their event is
-- about to be deleted. Returns whether there may be more.
-- plan: inherited
create function expire_deliveries(p_before timestamptz, p_most int) returns boolean language plpgsql volatile as $$
declare left_over int := p_most; one uuid;
begin
  for one in select l.endpoint_id from delivery_lane l
    where cardinality(old_deliveries(l.endpoint_id, p_before, 1)) > 0 order by l.endpoint_id
  loop
    perform 1 from delivery_lane l where l.endpoint_id = one for update;
    left_over := left_over - remove_deliveries(one, p_before, left_over);
    if left_over = 0 then return true; end if;
  end loop;
  return false;
end $$;
