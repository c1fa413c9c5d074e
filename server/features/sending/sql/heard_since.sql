-- Whether receipts of an account have come since what has become of a message of it is unknown, as far as that can be
-- told: the time of the last one is kept to a second.
create function heard_since(a account, m message) returns boolean language sql stable parallel safe as $$
  select a.last_receipt_at > unknown_since(m) - interval '1 second' $$;
