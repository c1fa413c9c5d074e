-- Stores the accepted messages of a batch, each with its open row. A message that may be sent at once begins in the
-- same COMMIT, claimed as its first attempt. The others are queued or scheduled. Returns the targets, with begun.
-- p_routes: the routes whose messages may begin. No message begins that would overtake a ready one of its account,
-- or that needs more checks. p_charges: what the messages are expected to cost.
-- plan: kept indexed nested
create function store_messages(p_lanes lane_limits[], t timestamptz, p_requests accept_request[],
  p_targets accept_target[], p_charges message_charge[], p_routes text[], p_runner text, p_lease interval)
returns accept_target[] language plpgsql volatile as $$
declare stored_targets accept_target[];
begin
  with u as materialized (
    -- Before all joins, so that the numbers have the order of the requests.
    select *, nextval('message_seq') as seq from unnest(p_requests, p_targets, p_charges) with ordinality),
  r as materialized (
    select u.*, w.later, message_kind(u.type, u.category) as kind, l.slots, l.left_today, l.today, h.held,
      k.on_window as window_rule, u.outcome = 'accepted' and u.idle and not w.later and not h.held and row_number()
        over (partition by u.outcome, u.conversation_id, w.later, h.held order by u.priority, u.ordinality) = 1 as head,
      case when w.later and not w.is_open and k.on_window <> 'send' then '{window_may_close}'::text[] end as warned,
      l.route = any (p_routes) and l.jitter_ms = 0 and (l.quiet_until is null or u.priority = 0)
        and (l.ready is null or u.priority < l.ready)
        and (l.held_kinds is null or l.held_kinds[message_kind(u.type, u.category)] <= t)
        and (l.recipient_wait is null or v.recipient_full_at <= t + l.recipient_wait) -- @mutant fuse-recipient
        and (l.left_new is null or v.opened_on = l.today
          or v.last_received_at >= t - interval '24 hours') is true as clear
    from u left join unnest(p_lanes) l on l.account_id = u.account_id
    cross join lateral (select coalesce(u.send_at > t, false) as later,
      window_open(u.heard, null, greatest(u.send_at, t)) as is_open) w
    cross join lateral (select coalesce(u.on_window, l.on_window_closed) as on_window) k
    cross join lateral (select k.on_window = 'hold' and not w.later and not w.is_open as held) h
    left join lateral (select o.* from conversation o where (l.recipient_wait is not null or l.left_new is not null)
      and o.id = u.conversation_id limit 1) v on true),
  s as materialized (
    select r.*, (r.head and r.clear and row_number() over (partition by r.account_id, r.head and r.clear order by
      r.priority, r.ordinality) <= least(r.slots, r.left_today)) is true as go from r),
  a as materialized (
    select s.*, sum(1 + go::int) over (order by ordinality)::int as last_event from s where outcome = 'accepted'),
  told as materialized (
    select append_message_events(array_agg(row(a.workspace_id, e.type, e.data, a.id, a.account_id, e.number)
      ::message_fact order by a.ordinality, e.number), t) as ids
    from a cross join lateral (values (1, case when later then 'message.scheduled' else 'message.queued' end,
      '{}'::jsonb), (2, 'message.sending', '{"attempt": 1}')) e(number, type, data) where e.number <= 1 + a.go::int),
  stored as (
    insert into message (id, seq, workspace_id, account_id, conversation_id, contact_id, direction, address, type,
      content, context, status, priority, send_at, expires_at, on_unknown, on_window_closed, category, warnings,
      batch_id, campaign_id, reference, metadata, created_by, event_count, events, created_at, charge_day, charge_card,
      charge_amount, charge_surcharge, charge_category, charge_country)
    select id, seq, workspace_id, account_id, coalesce(conversation_id, raise_serialization_failure()),
      coalesce(contact_id, raise_serialization_failure()), 'outbound', address, type, content, context,
      case when go then 'sending' when later then 'scheduled' else 'queued' end, priority, send_at, expires_at,
      on_unknown, on_window, category, warned, batch_id, campaign_id, reference, metadata, created_by, 1 + go::int,
      told.ids[last_event - go::int:last_event], t, charge_day, charge_card, charge_amount, charge_surcharge,
      charge_category, charge_country from a, told),
  opened as (
    insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at,
      expires_at, on_unknown, fence, runner, started_at, lease_until, needs_window, kind, campaign_id, wait_reason)
    select id, seq, workspace_id, account_id, conversation_id, priority, case when go then 'sending'
      when later then 'scheduled' when held then 'held' else 'queued' end, head,
      case when later then send_at when held then 'infinity' else t end, -- @mutant scheduled-at
      expires_at, on_unknown, go::int, case when go then p_runner end, case when go then t end, case when go
      then t + p_lease end, window_rule = 'hold', kind, campaign_id, case when held then 'window_closed' end from a),
  counted as (
    update lane l set queued = l.queued + x.n - x.go, in_flight = l.in_flight + x.go,
      claimed_at = case when x.go > 0 then t else l.claimed_at end,
      sent = case when l.day = x.today then l.sent else 0 end + x.go,
      conversations_opened = case when l.day = x.today then l.conversations_opened else 0 end, day = x.today
    from (select account_id, today, count(*) filter (where not later)::int as n, count(*) filter (where go)::int as go
      from a group by 1, 2) x
    cross join lateral (select o.ctid as place from lane o where o.account_id = x.account_id limit 1) p
    where l.ctid = p.place)
  select array_agg(row(s.contact_id, s.conversation_id, s.idle, s.outranks, s.heard, s.opt_out, s.outcome, s.go)
    ::accept_target order by s.ordinality) into stored_targets from s;
  perform note_sent(p_requests, stored_targets, t);
  return stored_targets;
end $$;
