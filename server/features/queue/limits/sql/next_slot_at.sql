-- When the rate has a slot again, by the window of a lane. p_left: slots that are left now, none or less than none.
-- Null where only calls under way hold them.
create function next_slot_at(p_at timestamptz[], p_n int[], p_span interval, t timestamptz,
  p_left int) returns timestamptz
language sql immutable parallel safe as $$
  select min(w.at) + p_span
    from (select w.at, sum(w.n) over (order by w.at) as n from unnest(p_at, p_n) w(at, n) where w.at > t - p_span) w
    where p_left + w.n > 0 $$;
