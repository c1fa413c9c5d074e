-- The watchdog: says once of each message that is an hour past its time. It is due at the head of its conversation, or was
-- scheduled, while for an hour nothing held its lane and nothing was claimed of it; or it is unknown still, an hour after
-- its window.
create function report_stuck(p_now timestamptz) returns bigint language sql volatile as $$
  with t as materialized (select present(p_now) as now, present(p_now) - interval '1 hour' as since),
  idle as materialized (
    select a.id, case when exists (select 1 from worker w where 'send' = any (w.kinds) and a.channel = any (w.channels)
        and w.seen_at > clock_timestamp() - interval '10 seconds') then 'not_claimed' else 'no_worker' end as reason
    from t, lane l join account a on a.id = l.key
    where l.kind = 'send' and a.deleted_at is null and greatest(l.held_until, l.quiet_until, l.claimed_at) <= t.since
      and quiet_end(a, t.now) is null and quiet_end(a, t.since) is null),
  found as materialized (
    select c.id, i.reason, c.due_at from t, idle i, lateral (
      (select m.id, m.due_at from message m
      where m.account_id = i.id and m.status = 'queued' and m.due_at <= t.since and m.stuck_at is null
        and (m.expires_at is null or m.expires_at > t.now)
        and not exists (select 1 from message o where o.conversation_id = m.conversation_id
          and o.status in ('sending', 'unknown') and (o.status = 'sending' or o.due_at > t.since))
        and not exists (select 1 from message o where o.conversation_id = m.conversation_id
          and o.status = 'queued' and (o.priority, o.seq) < (m.priority, m.seq))
      limit 100)
      union all
      (select m.id, m.due_at from message m
      where m.account_id = i.id and m.status = 'scheduled' and m.due_at <= t.since and m.stuck_at is null
        and (m.expires_at is null or m.expires_at > t.now)
      order by m.due_at limit 100)) c
    union all
    (select m.id, case when heard_since(a, m) then 'not_settled' else 'no_receipts' end, m.settle_at
    from t, message m join account a on a.id = m.account_id
    where m.status = 'unknown' and m.settle_at <= t.since and (m.stuck_at is null or m.stuck_at < m.settle_at)
    order by m.settle_at limit 100)
    limit 500),
  stuck as (
    update message m set stuck_at = t.now, event_count = m.event_count + 1
    from t, (select o.id from message o where o.id in (select id from found) and o.status in ('queued', 'scheduled', 'unknown') for update skip locked) x, found f
    where m.id = x.id and f.id = m.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, f.due_at, f.reason),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.stuck', account_id, id, event_count,
      jsonb_build_object('reason', reason, 'due_at', to_char(due_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), t.now from stuck, t)
  select count(*) from stuck $$;
