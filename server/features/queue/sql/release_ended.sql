-- Ends the hold of a lane whose number the channel had ended. A pause stays. The caller has locked the lane.
create function release_ended(p_account uuid, t timestamptz) returns void language sql volatile as $$
  update lane set held_until = t, held_reason = null, consecutive_failures = 0
    where account_id = p_account and held_until = 'infinity' and held_reason = 'account_error' $$;
