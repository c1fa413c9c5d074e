-- Whether a message waits for a time of its own after such an outcome.
create function waits_itself(p_class text) returns boolean language sql immutable parallel safe as $$
  select p_class in ('not_sent', 'unavailable', 'recipient_throttled', 'file_pending', 'deferred')
    or p_class like '%\_restricted' $$;
