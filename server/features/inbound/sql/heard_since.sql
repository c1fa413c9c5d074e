-- Whether receipts of an account arrived since the outcome of a message became unknown, as far as known: the time of
-- the last receipt is kept to a second. An unknown outcome holds its conversation for two minutes, until ready_at. On
-- WhatsApp Web a call may be repeated without receipts, once a session is open: it has the same id.
create function heard_since(a account, m open_message) returns boolean language sql stable as $$
  select a.channel = 'web' and a.route <> 'web' or a.last_receipt_at > m.ready_at - interval '2 minutes 1 second' $$;
