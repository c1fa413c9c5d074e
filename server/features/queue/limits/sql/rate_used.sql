-- How many calls of the stretch that ends at t have ended, by the window of a lane. A clock that was set back leaves
-- ends in the future; they count too.
create function rate_used(p_at timestamptz[], p_n int[], p_span interval, t timestamptz) returns int
language sql immutable parallel safe
as $$ select coalesce(sum(w.n), 0)::int from unnest(p_at, p_n) w(at, n) where w.at > t - p_span $$;
