-- Returns what holds the whole queue of an account at a moment, and until when: the hold of its lane, or a full day.
-- Null without a hold. A rate limit that no claim has found yet is not included.
create function lane_hold(a account, l lane, t timestamptz) returns table (reason text,
  until timestamptz) language sql stable as $$
  select case when l.held_until > t then coalesce(l.held_reason, 'rate_limit') when x.is_full then 'daily_limit' end,
    -- A message with a slot of a full day may leave before the next one.
    case when l.held_until > t and l.held_reason is distinct from 'daily_limit' then l.held_until
      when l.held_until > t or x.is_full then x.tomorrow end
  from (select l.day = y.today and l.sent >= day_limit(a, y.today) and l.queued > 0 as is_full,
      (y.today + 1)::timestamp at time zone a.time_zone as tomorrow
    from (select (t at time zone a.time_zone)::date as today) y) x $$;
