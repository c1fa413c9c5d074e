-- Whether a message that waits for this lets the others of its conversation pass: it comes last in their line.
create function lets_pass(p_reason text) returns boolean language sql immutable parallel safe as $$
  select coalesce(p_reason in ('window_closed', 'restricted', 'deferred'), false) $$;
