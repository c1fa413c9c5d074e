-- Stores the accepted messages of a batch, each with its open row. A message that may be sent at once begins in the
-- same COMMIT, claimed as its first attempt. The others are queued or scheduled. Returns the begun ones, in order.
-- p_routes: the routes whose messages may begin. No message begins that would overtake a ready one of its account,
-- or that needs more checks.
-- plan: kept indexed nested
create function store_messages(p_lanes lane_limits[], t timestamptz, p_workspace uuid[], p_account uuid[],
  p_address text[], p_priority smallint[], p_type text[], p_content jsonb[], p_id uuid[], p_contact uuid[],
  p_conversation uuid[], p_created_by uuid[], p_send_at timestamptz[], p_expires_at timestamptz[],
  p_on_unknown text[], p_batch uuid[],
  p_reference text[], p_metadata jsonb[], p_context jsonb[], p_outcome text[], p_idle boolean[], p_on_window text[],
  p_category text[], p_heard timestamptz[], p_routes text[], p_runner text, p_lease interval) returns boolean[]
language plpgsql volatile as $$
declare begun boolean[];
begin
  with u as materialized (
    select *, nextval('message_seq') as seq, coalesce(at > t, false) as later, message_kind(ty, ca) as kind,
      window_open(he, null, greatest(at, t)) as is_open
    from unnest(p_workspace, p_account, p_address, p_priority, p_type, p_content, p_id, p_created_by, p_send_at,
      p_expires_at, p_on_unknown, p_batch, p_reference, p_metadata, p_context, p_outcome, p_contact, p_conversation,
      p_idle, p_on_window, p_category, p_heard)
      with ordinality u(w, a, addr, pr, ty, co, m, cb, at, ex, ou, ba, re, me, cx, o, c, cv, idle, ow, ca, he, n)),
  r as materialized (
    select u.*, l.slots, l.left_today, l.today, k.on_window, h.held, u.o = 'accepted' and u.idle and not u.later
      and not h.held and row_number() over (partition by u.o, u.cv, u.later, h.held order by u.pr, u.n) = 1 as head,
      case when u.later and not u.is_open and k.on_window <> 'send' then '{window_may_close}'::text[] end as warned,
      l.route = any (p_routes) and l.jitter_ms = 0 and (l.quiet_until is null or u.pr = 0)
        and (l.ready is null or u.pr < l.ready)
        and (l.held_kinds is null or l.held_kinds[u.kind] <= t)
        and (l.recipient_wait is null or v.recipient_full_at <= t + l.recipient_wait) -- @mutant fuse-recipient
        and (l.left_new is null or v.opened_on = l.today
          or v.last_received_at >= t - interval '24 hours') is true as clear
    from u left join unnest(p_lanes) l on l.account_id = u.a
    cross join lateral (select coalesce(u.ow, l.on_window_closed) as on_window) k
    cross join lateral (select k.on_window = 'hold' and not u.later and not u.is_open as held) h
    left join lateral (select o.* from conversation o
      where (l.recipient_wait is not null or l.left_new is not null) and o.id = u.cv limit 1) v on true),
  s as materialized (
    select r.*, r.head and r.clear and row_number() over (partition by r.a, r.head and r.clear order by r.pr, r.n)
      <= least(r.slots, r.left_today) as go from r),
  stored as (
    insert into message (id, seq, workspace_id, account_id, conversation_id, contact_id, direction, address, type,
      content, context, status, priority, send_at, expires_at, on_unknown, on_window_closed, category, warnings,
      batch_id, reference, metadata, created_by, event_count, created_at)
    select m, seq, w, a, coalesce(cv, raise_serialization_failure()), coalesce(c, raise_serialization_failure()),
      'outbound', addr, ty, co, cx,
      case when go then 'sending' when later then 'scheduled' else 'queued' end, pr, at, ex, ou, ow, ca, warned, ba, re,
      me, cb, 1 + go::int, t
    from s where o = 'accepted'),
  opened as (
    insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at,
      expires_at, on_unknown, fence, runner, started_at, lease_until, needs_window, kind, wait_reason)
    select m, seq, w, a, cv, pr, case when go then 'sending' when later then 'scheduled' when held then 'held'
      else 'queued' end, head, case when later then at when held then 'infinity' else t end, -- @mutant scheduled-at
      ex, ou, go::int, case when go then p_runner end, case when go then t end, case when go then t + p_lease end,
      on_window = 'hold', kind, case when held then 'window_closed' end from s where o = 'accepted'),
  counted as (
    update lane l set queued = l.queued + x.n - x.go, in_flight = l.in_flight + x.go,
      claimed_at = case when x.go > 0 then t else l.claimed_at end,
      sent = case when l.day = x.today then l.sent else 0 end + x.go,
      conversations_opened = case when l.day = x.today then l.conversations_opened else 0 end, day = x.today
    from (select a, today, count(*) filter (where not later)::int as n, count(*) filter (where go)::int as go
      from s where o = 'accepted' group by 1, 2) x
    cross join lateral (select o.ctid as place from lane o where o.account_id = x.a limit 1) p where l.ctid = p.place),
  talked as (
    update conversation v set last_message_at = greatest(v.last_message_at, t), sent_count = v.sent_count + x.n
    from (select cv, count(*)::int as n from s where o = 'accepted' group by cv order by cv) x where v.id = x.cv),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select w, case when later then 'message.scheduled' else 'message.queued' end, a, m, 1, '{}'::jsonb, t from s
      where o = 'accepted'
    union all select w, 'message.sending', a, m, 2, '{"attempt": 1}', t from s where go)
  select array_agg(s.go is true order by s.n) into begun from s;
  return begun;
end $$;
