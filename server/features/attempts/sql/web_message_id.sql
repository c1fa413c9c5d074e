-- The id that a message has on WhatsApp Web, the same for each of its attempts: the adapter of the channel computes it
-- in the same way. So a receipt finds a message whose call had no outcome. p_id: of the message, or a token of it.
create function web_message_id(p_id uuid) returns text language sql immutable parallel safe as $$
  select '3EB0' || upper(left(encode(sha256(uuid_send(token_of(p_id, 0))), 'hex'), 18)) $$;
