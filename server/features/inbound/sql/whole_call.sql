-- What two notices say of one call. The notice of its end decides, and the notice of its beginning decides nothing.
create function whole_call(p_known jsonb, p_told jsonb) returns jsonb language sql immutable parallel safe as $$
  select case when p_told->>'event' = 'terminate'
      or coalesce(p_known->>'event', '') <> 'terminate' and coalesce(p_told->>'event', '') <> 'connect'
    then p_known || p_told else p_told || p_known end $$;
