-- Lets the windows of unknown outcomes last for a while yet, after a time in which perhaps nobody was there to whom receipts
-- could be posted: the channel posts them again. What was reported as stuck is not reported once more for it.
create function prolong_windows(p_now timestamptz) returns void language sql volatile as $$
  update message m set settle_at = x.settle_at, stuck_at = case when m.stuck_at is not null then x.settle_at end
    from (select o.id, t + least(a.unknown_window_s, 600) * interval '1 second' as settle_at
      from present(p_now) t, message o join account a on a.id = o.account_id
      where o.status = 'unknown' and o.settle_at < t + least(a.unknown_window_s, 600) * interval '1 second' order by o.id for update of o) x
    where m.id = x.id $$;
