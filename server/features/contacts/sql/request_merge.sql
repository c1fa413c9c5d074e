-- Requests that a sweep merges two contacts. Does nothing for one and the same.
create function request_merge(t timestamptz, p_workspace uuid, p_contact uuid, p_other uuid) returns void
language sql volatile as $$
  insert into contact_merge (contact_id, other_id, workspace_id, requested_at, due_at)
    select least(p_contact, p_other), greatest(p_contact, p_other), p_workspace, t, t where p_contact <> p_other
    on conflict do nothing $$;
