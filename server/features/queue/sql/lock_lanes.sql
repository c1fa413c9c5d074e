-- Locks the lanes of accounts, in order, and says what each may begin. Every writer of the queue locks first, and once
-- in its transaction; the statements after it see all that earlier writers have committed.
-- plan: kept indexed nested
create function lock_lanes(p_accounts uuid[], p_now timestamptz) returns setof lane_limits language plpgsql volatile
as $$
declare t timestamptz;
begin
  perform 1 from lane where account_id = any (p_accounts) order by account_id for update; -- @mutant lane-lock
  t := clock(p_now);
  return query
  with a as materialized (
    select a.*, l.held_until, l.held_kinds, l.refused, l.window_at, l.window_n, l.window_total, l.in_flight, l.queued,
      l.day = a.today as is_today, l.sent, l.conversations_opened
    from (select distinct u from unnest(p_accounts) u) x(id)
    cross join lateral (select o as r, o.id, o.workspace_id, o.channel, o.route, o.phone, o.phone_number_id,
      o.status, o.status_reason, o.deleted_at, o.time_zone, o.rate_messages,
      o.rate_seconds * interval '1 second' as span, o.concurrency, o.per_day,
      o.warm_up_start, case when o.new_paused_until > t then 0 else o.new_per_day end as new_per_day,
      o.recipient_burst, o.recipient_seconds, o.jitter_ms, o.quiet_from, o.max_queued,
      o.on_limit, o.on_window_closed, (t at time zone o.time_zone)::date as today from account o
      where o.id = x.id limit 1) a
    cross join lateral (select o.* from lane o where o.account_id = x.id limit 1) l),
  used as materialized (
    select a.*, case when a.is_today then a.sent else 0 end as sent_today,
      case when a.is_today then a.conversations_opened else 0 end as opened_today,
      case when a.warm_up_start is null then a.per_day else day_limit(a.r, a.today) end as limit_today,
      -- Counted exactly only where it matters.
      a.rate_messages - a.in_flight - case when a.rate_messages - a.window_total >= a.concurrency then a.window_total -- @mutant rate-in-flight
        else rate_used(a.window_at, a.window_n, a.span, t) end as rate_left
    from a)
  select u.id, u.workspace_id, u.channel, u.route, u.phone, u.phone_number_id, u.status, u.status_reason,
    u.deleted_at is not null,
    t, u.today, (u.today + 1)::timestamp at time zone u.time_zone,
    case when u.held_until > t then 0
      -- With jitter a separate gap follows each message.
      else greatest(0, least(u.concurrency - u.in_flight, u.rate_left, case when u.jitter_ms > 0 then 1 end,
        -- After refusals of five people for errors of the channel, one call at a time shows if they are over.
        case when u.refused >= 5 then 1 - u.in_flight end)) end::int,
    case when u.held_until > t then u.held_until end, u.concurrency,
    u.rate_left::int, u.span, u.window_at, u.window_n,
    coalesce(u.limit_today - u.sent_today, 2147483647), u.new_per_day - u.opened_today,
    case when u.quiet_from is not null then quiet_end(u.r, t) end,
    (u.recipient_burst - 1) * u.recipient_seconds * interval '1 second',
    u.jitter_ms,
    -- By its order, so that the plan takes the index: not by exists.
    case when u.queued > 0 then (select p.priority from (values (0::smallint), (1::smallint),
      (2::smallint)) p(priority),
      lateral (select 1 from open_message o
        where o.account_id = u.id and o.priority = p.priority and o.head and o.state = 'queued' and o.ready_at <= t
        order by o.ready_at, o.seq limit 1) o limit 1) end,
    case when t < any (u.held_kinds) then u.held_kinds end, u.queued, u.max_queued, u.on_limit = 'reject',
    u.on_window_closed
  from used u;
end $$;
