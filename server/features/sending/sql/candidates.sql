-- Selects the heads of each account that may be called now, at most p_max, in the order of sending. rank counts them;
-- used counts those that take a place of the day. A head that only its conversation delays has deferred_until instead.
-- plan: kept indexed nested
create function candidates(p_lanes lane_limits[], p_accounts uuid[], p_max int[], t timestamptz)
returns table (place tid, id uuid, conversation_id uuid, slots int, left_today int, today date, fresh boolean,
  opens boolean,
  rank bigint, used bigint, deferred_until timestamptz, reason text) language sql stable as $$
  with page as materialized (
    select l.account_id as a, l.today, l.tomorrow, l.left_today, l.left_new, l.recipient_wait, least(l.slots,
      u.most) as slots,
      p.priority, c.*
    from unnest(p_lanes) l join unnest(p_accounts, p_max) u(a, most) on u.a = l.account_id,
      (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
      select o.ctid as place, o.id, o.seq, o.ready_at, o.conversation_id, o.usage_day, o.kind
      from open_message o
      where o.account_id = l.account_id and o.priority = p.priority and o.head and o.state = 'queued'
        and o.ready_at <= t
        and (o.expires_at is null or o.expires_at > t) -- @mutant claim-expiry
      -- A longer page where heads may be deferred, so that a claim gets through many of them.
      order by o.ready_at, o.seq
      limit case when l.recipient_wait is null and l.left_new is null then least(l.slots, u.most) else 400 end) c
    where l.slots > 0 and l.left_today > 0 and (l.quiet_until is null or p.priority = 0) -- @mutant quiet-hours
      and (l.held_kinds is null or l.held_kinds[c.kind] <= t)
    union all
    -- On a full day what has its place of it already.
    select l.account_id, l.today, l.tomorrow, 0, l.left_new, l.recipient_wait, least(l.slots, u.most), c.priority,
      c.place, c.id, c.seq, c.ready_at, c.conversation_id, c.usage_day, c.kind
    from unnest(p_lanes) l join unnest(p_accounts, p_max) u(a, most) on u.a = l.account_id, lateral (
      select o.ctid as place, o.id, o.seq, o.ready_at, o.conversation_id, o.usage_day, o.priority, o.kind
      from open_message o
      where o.account_id = l.account_id and o.head and o.state = 'queued' and o.usage_day is not null
        and o.ready_at <= t
        and (o.expires_at is null or o.expires_at > t)
      order by o.ready_at limit 400) c
    where l.slots > 0 and l.left_today <= 0 and c.usage_day = l.today and (l.quiet_until is null or c.priority = 0)
      and (l.held_kinds is null or l.held_kinds[c.kind] <= t)),
  judged as materialized (
    select p.*, p.usage_day is distinct from p.today as fresh, v.id is not null and p.left_new is not null
        and v.opened_on is distinct from p.today
        and (v.last_received_at is null or v.last_received_at < t - interval '24 hours') as opens,
      case when v.recipient_full_at > t + p.recipient_wait then v.recipient_full_at - p.recipient_wait
        end as recipient_at
    from page p left join lateral (select o.* from conversation o
      where (p.recipient_wait is not null or p.left_new is not null)
        and o.id = p.conversation_id limit 1) v on true),
  counted as materialized (
    select j.*, j.recipient_at is null and j.opens
      and sum((j.recipient_at is null and j.opens)::int) over (partition by j.a
        order by j.priority, j.ready_at, j.seq)
        > j.left_new as is_too_new
    from judged j)
  select c.place, c.id, c.conversation_id, c.slots, c.left_today, c.today, c.fresh, c.opens, row_number() over w,
    sum(c.fresh::int) over w, case when c.is_too_new then c.tomorrow else c.recipient_at end,
    case when c.is_too_new then 'new_conversation_limit'
      when c.recipient_at is not null then 'recipient_limit' end
  from counted c
  window w as (partition by c.a, c.is_too_new or c.recipient_at is not null
    order by c.priority, c.ready_at, c.seq) $$;
