-- Prolongs the grace periods of unknown outcomes after a time in which perhaps no process could take receipts: the
-- channel posts them again. A message reported as stuck is not reported again for it.
-- plan: inherited
create function prolong_grace_periods(p_now timestamptz) returns void language plpgsql volatile as $$
declare t timestamptz;
begin
  perform 1 from lane where account_id = any (array(select o.account_id from open_message o
    where o.state = 'unknown' and o.resolve_by is not null)) order by account_id for update;
  t := clock(p_now);
  update open_message m set resolve_by = x.resolve_by, stuck_at = case when m.stuck_at is not null then x.resolve_by end
    from (select o.id, t + least(a.unknown_window_s, 600) * interval '1 second' as resolve_by
      from open_message o join account a on a.id = o.account_id
      where o.state = 'unknown' and o.resolve_by < t + least(a.unknown_window_s, 600) * interval '1 second') x
    where m.id = x.id;
end $$;
