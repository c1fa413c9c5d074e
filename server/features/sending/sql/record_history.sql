-- Writes what a look into the history showed of these calls, into the timelines of what is still unknown, and ends the
-- lease. A message is looked for a second time shortly before its window ends. p_fits is null where the look was not
-- whole, so that an earlier one stands. p_wait_ms is null where the channel
-- answered; else the whole account waits, longer each time, and a message tells of it only when five looks are used up.
-- Gives how many timelines it wrote into; null where another one has taken over, so that nothing was written.
create function record_history(p_now timestamptz, p_account uuid, p_fence bigint, p_token uuid[], p_data jsonb[], p_fits boolean[],
  p_wait_ms double precision)
returns int language plpgsql volatile as $$
declare
  t timestamptz := present(p_now); failed boolean := p_wait_ms is not null; written int;
begin
  update lane l set lease_until = '-infinity', strikes = case when failed then l.strikes + 1 else 0 end,
      held_until = case when failed then t + greatest(p_wait_ms * interval '1 millisecond', least(900, 60 * 2 ^ least(l.strikes, 8)) * interval '1 second')
        else '-infinity' end
    where l.kind = 'history' and l.key = p_account and l.fence = p_fence;
  if not found then return null; end if;
  -- In a statement of its own: what a receipt has settled while we waited for it is seen as settled below.
  perform 1 from message m where m.id in (select k.message_id from attempt k where k.token = any (p_token)) order by m.id for update;
  with looked as (
    select m.id, u.data, u.fits, not failed or m.checks >= 4 as tells,
      case when failed then case when m.checks < 4 then m.check_at end
        when t < m.settle_at - a.unknown_window_s * interval '0.1 seconds' then m.settle_at - a.unknown_window_s * interval '0.1 seconds' end as next_at
    from unnest(p_token, p_data, p_fits) u(token, data, fits)
    join attempt k on k.token = u.token
    join message m on m.id = k.message_id and m.fence = k.fence
    join account a on a.id = m.account_id
    where m.status = 'unknown' and m.account_id = p_account),
  moved as (
    update message m set checks = m.checks + 1, check_at = x.next_at, event_count = m.event_count + x.tells::int,
      has_candidate = coalesce(x.fits, m.has_candidate)
    from looked x where m.id = x.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, x.data, x.tells)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.history_checked', account_id, id, event_count, data, t from moved where tells;
  get diagnostics written = row_count;
  return written;
end $$;
