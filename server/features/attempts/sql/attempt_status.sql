-- What an outcome says of its attempt.
create function attempt_status(p_class text) returns text language sql immutable parallel safe as $$
  select case p_class when 'accepted' then 'sent' when 'rejected' then 'failed' when 'unknown' then 'unknown'
    else 'not_sent' end $$;
