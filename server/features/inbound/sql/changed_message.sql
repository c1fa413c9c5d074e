-- The message that an edit or a deletion is about, of the person or of the account. p_by: the addresses of who made the
-- change, if it may only be of a message of theirs. Null if it is not there.
-- plan: inherited
create function changed_message(p_account uuid, p_channel_message_id text, p_by text[])
returns uuid language plpgsql stable as $$
begin
  return coalesce(
    (select id from message where account_id = p_account and received_id = p_channel_message_id
      and direction = 'inbound' and (p_by is null or address = any (p_by)) limit 1),
    (select message_id from attempt where p_by is null and account_id = p_account
      and channel_message_id = p_channel_message_id order by number desc limit 1));
end $$;
