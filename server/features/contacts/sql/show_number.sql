-- Makes a number of a contact the newest of its numbers, which is the one that is shown.
create function show_number(p_contact uuid, p_number text) returns void language sql volatile as $$
  update contact_address set number = default where contact_id = p_contact and kind = 'phone' and value = p_number $$;
