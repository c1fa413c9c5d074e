-- The token of the p_n-th attempt of a message: the id of the message, whose last two bytes are zero, with that number.
-- Number 0 gives the id of the message that a token is of.
create function token_of(p_id uuid, p_n int) returns uuid language sql immutable parallel safe
as $$ select (left(p_id::text, 32) || lpad(to_hex(p_n), 4, '0'))::uuid $$;
