-- The time of a test that has a clock of its own; in production p_now is null, and time is the database's.
create function clock(p_now timestamptz) returns timestamptz language sql volatile parallel safe
as $$ select coalesce(p_now, clock_timestamp()) $$;
