create function present(p_now timestamptz) returns timestamptz language sql volatile parallel safe
as $$ select coalesce(p_now, clock_timestamp()) $$;
