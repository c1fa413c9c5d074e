-- Ends the request to merge two contacts. Requests that name the lost one become requests for the kept one; without a
-- merge there is neither.
-- plan: inherited
create function close_merge(p_contact uuid, p_other uuid, kept uuid, lost uuid, t timestamptz) returns void
language plpgsql volatile as $$
begin
  perform request_merge(t, workspace_id, kept, case contact_id when lost then other_id else contact_id end)
    from contact_merge where lost in (contact_id, other_id) and kept not in (contact_id, other_id);
  delete from contact_merge where contact_id = least(p_contact, p_other) and other_id = greatest(p_contact, p_other)
    or lost in (contact_id, other_id);
end $$;
