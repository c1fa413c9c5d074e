-- The status of an attempt of which our own word comes: it disproves what was given up as unknown, and beats no
-- receipt.
create function better_status(p_known text, p_word text) returns text language sql immutable parallel safe as $$
  select case when p_word = 'not_sent' and p_known in ('sending', 'unknown') then p_word
    when evidence_rank(p_word) > evidence_rank(p_known) then p_word else p_known end $$;
