-- The page of a claim: the heads of each account that are due, at most p_max and its slots of each priority, in the
-- order of sending, with the limits of their lane. With at_limit: heads that have their place of a full day already.
create function ready_heads(p_lanes lane_limits[], p_accounts uuid[], p_max int[], t timestamptz)
returns table (account_id uuid, slots int, today date, tomorrow timestamptz, left_today int, left_new int,
  recipient_wait interval, quiet_until timestamptz, held_until timestamptz, at_limit boolean, priority smallint,
  place tid, id uuid, seq bigint, ready_at timestamptz, conversation_id uuid, usage_day date, needs_window boolean,
  kind smallint)
language sql stable as $$
  select l.account_id, least(l.slots, u.most), l.today, l.tomorrow, l.left_today, l.left_new, l.recipient_wait,
    l.quiet_until, l.held_kinds[c.kind], false, p.priority, c.place, c.id, c.seq, c.ready_at, c.conversation_id,
    c.usage_day, c.needs_window, c.kind
  from unnest(p_lanes) l join unnest(p_accounts, p_max) u(a, most) on u.a = l.account_id,
    (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
    select o.ctid as place, o.id, o.seq, o.ready_at, o.conversation_id, o.usage_day, o.kind, o.needs_window
    from open_message o
    where o.account_id = l.account_id and o.priority = p.priority and o.head and o.state = 'queued' and o.ready_at <= t
      and (o.expires_at is null or o.expires_at > t) -- @mutant claim-expiry
    -- A longer page where heads may be deferred or held, so that a claim gets through many of them.
    order by o.ready_at, o.seq limit case when l.recipient_wait is null and l.left_new is null
      and l.held_kinds is null then least(l.slots, u.most) else 400 end) c
  where l.slots > 0
  union all
  select l.account_id, least(l.slots, u.most), l.today, l.tomorrow, 0, l.left_new, l.recipient_wait, l.quiet_until,
    l.held_kinds[c.kind], true, c.priority, c.place, c.id, c.seq, c.ready_at, c.conversation_id, c.usage_day,
    c.needs_window, c.kind
  from unnest(p_lanes) l join unnest(p_accounts, p_max) u(a, most) on u.a = l.account_id, lateral (
    select o.ctid as place, o.id, o.seq, o.ready_at, o.conversation_id, o.usage_day, o.priority, o.kind,
      o.needs_window
    from open_message o
    where o.account_id = l.account_id and o.head and o.state = 'queued' and o.usage_day is not null and o.ready_at <= t
      and (o.expires_at is null or o.expires_at > t)
    order by o.ready_at limit 400) c
  where l.slots > 0 and l.left_today <= 0 $$;
