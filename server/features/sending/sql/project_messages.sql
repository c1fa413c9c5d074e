-- Recomputes messages from their attempts: the newest attempt decides, and positive evidence of any attempt beats it.
-- A message that is queued again, or was cancelled or expired when it was, is moved by positive evidence only; the caller
-- frees what waits behind one that was put off (free_followers). p_by_hand: it is a person who says so, and not the channel.
create function project_messages(p_messages uuid[], t timestamptz, p_by_hand boolean default false) returns void language plpgsql volatile as $$
begin
  with seen as materialized (
    select m.id, m.status as before,
      not p_by_hand and (m.status = 'failed' and m.error_code = 'unknown_outcome' or m.status = 'unknown' and m.settle_at is null
        or m.status in ('cancelled', 'expired')) as late,
      x.status as after, x.code, x.title, x.failed_at, y.sent_at, y.delivered_at, y.read_at, y.played_at
    from message m
    cross join lateral (
      select a.status, a.code, a.title, a.failed_at from attempt a
      where a.message_id = m.id and (a.status in ('sent', 'delivered', 'read', 'played')
        or (m.status not in ('queued', 'cancelled', 'expired') and a.number = (select max(number) from attempt where message_id = m.id)
          and (a.status = 'failed' or (a.status in ('sending', 'unknown') and m.status in ('sending', 'unknown')))))
      order by evidence_rank(a.status) desc, a.number desc limit 1) x
    cross join lateral (
      -- When it was sent for good, where one call came to nothing and a later one was taken.
      select coalesce(min(least(a.sent_at, a.delivered_at, a.read_at, a.played_at)) filter (where a.status <> 'failed'),
          min(a.sent_at)) as sent_at,
        min(least(a.delivered_at, a.read_at, a.played_at)) as delivered_at,
        min(least(a.read_at, a.played_at)) as read_at, min(a.played_at) as played_at
      from attempt a where a.message_id = m.id) y
    where m.id = any (p_messages)),
  moved as (
    -- The channel's times have whole seconds, so they may lie before what they follow.
    update message m set status = s.after, 
      sent_at = case when s.sent_at is not null then greatest(m.created_at, s.sent_at) end,
      delivered_at = case when s.delivered_at is not null then greatest(m.created_at, s.delivered_at) end,
      read_at = case when s.read_at is not null then greatest(m.created_at, s.read_at) end,
      played_at = case when s.played_at is not null then greatest(m.created_at, s.played_at) end,
      failed_at = case when s.after = 'failed' then s.failed_at end,
      error_code = case when s.after = 'failed' then s.code end,
      error_title = case when s.after = 'failed' then s.title end,
      channel_message_id = coalesce((select a.channel_message_id from attempt a where a.message_id = m.id
        and a.channel_message_id is not null order by a.number desc limit 1), m.channel_message_id),
      -- Its last call may be under way when a receipt of an earlier one settles it: the lease is that of the call.
      lease_until = case when s.after = 'sending' or m.lease_until is not null
        and (select a.token from attempt a where a.message_id = m.id and a.fence = m.fence and a.status = 'sending' limit 1) is not null then m.lease_until end,
      due_at = case when s.after = 'unknown' and s.before <> 'unknown' then t + interval '2 minutes' else m.due_at end,
      settle_at = case when s.after = 'unknown' and s.before <> 'unknown'
          then t + (select c.unknown_window_s from account c where c.id = m.account_id) * interval '1 second'
        when s.after = 'unknown' then m.settle_at end,
      check_at = case when s.after = 'unknown' and s.before <> 'unknown'
          then t + least(300, (select c.unknown_window_s from account c where c.id = m.account_id) / 2.0) * interval '1 second'
        when s.after = 'unknown' then m.check_at end,
      checks = case when s.before <> s.after then 0 else m.checks end,
      has_candidate = m.has_candidate and s.before = s.after,
      wait_reason = null,
      event_count = m.event_count + (s.before <> s.after)::int + (s.late and s.before <> s.after)::int
    from seen s where m.id = any (p_messages) and m.id = s.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, m.budget_day, s.before, s.after, s.late, m.error_code, m.error_title),
  taken as (
    -- A message that waited for a retry by hand has arrived after all: it is not queued any more.
    update account_day d set queued = greatest(0, d.queued - x.n)
    from (select v.account_id, (t at time zone a.time_zone)::date as day, count(*)::int as n from moved v join account a on a.id = v.account_id
      where v.before = 'queued' and v.budget_day is distinct from (t at time zone a.time_zone)::date group by 1, 2) x
    where d.account_id = x.account_id and d.day = x.day)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
  select workspace_id, 'message.' || after, account_id, id, event_count - late::int,
    case when after = 'failed' then jsonb_build_object('code', error_code, 'title', error_title) else '{}' end, t
  from moved where before <> after
  union all
  select workspace_id, 'message.reconciled', account_id, id, event_count, jsonb_build_object('from', before, 'to', after), t
  from moved where before <> after and late;
end $$;
