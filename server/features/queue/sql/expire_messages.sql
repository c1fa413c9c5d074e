-- Expires messages that were not sent in time, at most 500. Returns the accounts with the number of messages.
-- plan: inherited indexed
create function expire_messages(p_now timestamptz) returns table (account_id uuid, done bigint) language sql volatile
as $$
  select e.account_id, count(*) from end_open(p_now, array(select o.id from open_message o
    where o.expires_at <= clock(p_now) and o.state in ('scheduled', 'queued', 'held') order by o.expires_at limit 500),
      'expired', '{}') e
  group by 1 $$;
