-- Which worker processes are alive, and what they serve. A row is touched every second and removed at an orderly stop.
create table worker (
  id uuid primary key,
  kinds text[] not null,
  channels text[] not null,
  started_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

-- For the figures of the last minutes and of the last hour, which are asked account by account.
create index attempt_recent on attempt (account_id, started_at);

-- The watchdog: says once of each message that has been due for an hour at the head of its conversation, while for an
-- hour nothing held its lane and nothing was claimed of it.
create function report_stuck(p_now timestamptz) returns bigint language sql volatile as $$
  with t as materialized (select present(p_now) as now, present(p_now) - interval '1 hour' as since),
  idle as materialized (
    select a.id, exists (select 1 from worker w where 'send' = any (w.kinds) and a.channel = any (w.channels)
        and w.seen_at > clock_timestamp() - interval '10 seconds') as served
    from t, lane l join account a on a.id = l.key
    where l.kind = 'send' and a.deleted_at is null and greatest(l.held_until, l.quiet_until, l.claimed_at) <= t.since
      and quiet_end(a, t.now) is null and quiet_end(a, t.since) is null),
  found as materialized (
    select c.id, i.served from t, idle i, lateral (
      select m.id from message m
      where m.account_id = i.id and m.status = 'queued' and m.due_at <= t.since and m.stuck_at is null
        and (m.expires_at is null or m.expires_at > t.now)
        and not exists (select 1 from message o where o.conversation_id = m.conversation_id
          and o.status in ('sending', 'unknown') and (o.status = 'sending' or o.due_at > t.since))
        and not exists (select 1 from message o where o.conversation_id = m.conversation_id
          and o.status = 'queued' and (o.priority, o.seq) < (m.priority, m.seq))
      limit 100) c limit 500),
  stuck as (
    update message m set stuck_at = t.now, event_count = m.event_count + 1
    from t, (select o.id from message o where o.id in (select id from found) and o.status = 'queued' for update skip locked) x, found f
    where m.id = x.id and f.id = m.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, m.due_at, f.served),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.stuck', account_id, id, event_count,
      jsonb_build_object('reason', case when served then 'not_claimed' else 'no_worker' end,
        'due_at', to_char(due_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), t.now from stuck, t)
  select count(*) from stuck $$;
