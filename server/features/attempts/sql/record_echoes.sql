-- Gives messages that somebody else sent an attempt each, which only holds the channel's id, so that receipts find the
-- message; then applies the receipts that came before.
-- plan: inherited
create function record_echoes(p_message uuid[], p_account uuid[], p_channel_message_id text[], p_sent_at timestamptz[],
  t timestamptz) returns void language plpgsql volatile as $$
begin
  insert into attempt (token, message_id, account_id, number, runner, status, class, channel_message_id, started_at,
    ended_at, sent_at)
    select token_of(u.id, 1), u.id, u.a, 1, 'phone', 'sent', 'echo', u.c, t, t, u.s
    from unnest(p_message, p_account, p_channel_message_id, p_sent_at) u(id, a, c, s);
  perform apply_orphans(array(select token_of(id, 1) from unnest(p_message) id), t);
end $$;
