-- Whether receipts of an account arrived since the outcome of a message became unknown, as far as known: the time of
-- the last receipt is kept to a second. An unknown outcome holds its conversation for two minutes, until ready_at.
-- Where we choose the ids, a call may be repeated without receipts, once a session is open: it has the same id.
create function heard_since(a account, m open_message) returns boolean language sql stable as $$
  select a.own_ids and (not a.needs_session or a.route <> a.channel)
    or a.last_receipt_at > m.ready_at - interval '2 minutes 1 second' $$;
