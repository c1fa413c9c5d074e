-- Whether the channel has named a contact by a user id.
create function has_user_id(p_contact uuid) returns boolean language sql stable as $$
  select exists (select 1 from contact_address where contact_id = p_contact and kind = 'bsuid') $$;
