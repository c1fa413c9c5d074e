-- The number of the attempt that a token is of.
create function number_of(p_token uuid) returns int language sql immutable parallel safe
as $$ select ('x' || right(p_token::text, 4))::bit(16)::int $$;
