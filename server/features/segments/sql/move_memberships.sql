-- Puts a contact into the lists of another one of the same person, which leaves them. The caller locked both.
create function move_memberships(kept uuid, lost uuid) returns void
language sql volatile as $$
  insert into segment_member (segment_id, contact_id, workspace_id)
    select segment_id, kept, workspace_id from segment_member where contact_id = lost order by 1 on conflict do nothing;
  delete from segment_member where contact_id = lost $$;
