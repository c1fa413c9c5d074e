-- Defers the request to merge two contacts.
create function defer_merge(p_contact uuid, p_other uuid, p_due timestamptz) returns void
language sql volatile as $$
  update contact_merge set due_at = p_due
    where contact_id = least(p_contact, p_other) and other_id = greatest(p_contact, p_other) $$;
