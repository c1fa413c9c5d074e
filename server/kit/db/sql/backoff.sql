-- The wait p_step, doubled after each failure, at most p_most; in the unit of both. kit/backoff.ts says the same.
create function backoff(p_step double precision, p_most double precision, p_failures int) returns double precision
language sql immutable parallel safe as $$ select least(p_most, p_step * 2 ^ least(p_failures, 40)) $$;
