-- The next state of an open message after the outcome of its call: ended, unknown, queued again, or held, where only
-- this message or its kind waits and lets others of its conversation pass. p_evidence: the
-- status of an earlier receipt; p_is_over: it has no further attempt.
create function next_state(p_class text, p_evidence text, p_is_over boolean, p_is_unwanted boolean) returns text
language sql immutable parallel safe as $$
  select case when p_class in ('accepted', 'rejected', 'expired') or p_evidence is not null or p_is_over then 'ended'
    when p_class = 'unknown' then 'unknown' when p_is_unwanted then 'ended'
    when p_class = 'deferred' or p_class like '%\_restricted' then 'held' else 'queued' end $$;
