-- Whether a lane is held for a reason other than its own limits. The next claim counts those limits again.
create function in_trouble(p_lane lane, t timestamptz) returns boolean language sql immutable parallel safe as $$
  select p_lane.held_until > t and coalesce(p_lane.held_reason not in ('rate_limit', 'daily_limit'), true) $$;
