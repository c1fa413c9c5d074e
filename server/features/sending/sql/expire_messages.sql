-- Ends what was not sent in its time, at most 500. Gives the accounts concerned with how many messages it was.
create function expire_messages(p_now timestamptz) returns table (account_id uuid, done bigint) language sql volatile
set enable_seqscan = off set enable_bitmapscan = off as $$
  select e.account_id, count(*) from end_open(p_now, array(select o.id from open_message o
    where o.expires_at <= clock(p_now) and o.state in ('scheduled', 'queued') order by o.expires_at limit 500),
      'expired', '{}') e
  group by 1 $$;
