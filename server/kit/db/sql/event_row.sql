-- The row of the log that an event is in.
create function event_row(p_id bigint) returns bigint language sql immutable parallel safe
as $$ select p_id - p_id % 1024 $$;
