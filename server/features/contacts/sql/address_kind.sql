-- What an address of a message is: a phone number in E.164, or the channel's id of a person: a LID of WhatsApp Web, or
-- a user id of Meta.
create function address_kind(p_address text) returns text language sql immutable parallel safe as $$
  select case when starts_with(p_address, '+') then 'phone' when p_address like '%@lid' then 'lid'
    else 'bsuid' end $$;
