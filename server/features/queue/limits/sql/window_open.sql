-- Whether the 24-hour window of a conversation is open: the person wrote, or called, not longer ago.
create function window_open(p_received timestamptz, p_called timestamptz, p_at timestamptz) returns boolean
language sql immutable parallel safe as $$
  select coalesce(greatest(p_received, p_called) >= p_at - interval '24 hours', false) $$;
