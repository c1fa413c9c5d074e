-- What an address of a message is: a phone number in E.164, or the channel's id of a person: a LID of WhatsApp Web, or
-- a user id of Meta. Null for an address of nobody, such as that of a group.
create function address_kind(p_address text) returns text language sql immutable parallel safe as $$
  select case when starts_with(p_address, '+') then 'phone' when p_address like '%@lid' then 'lid'
    when position('@' in p_address) = 0 then 'bsuid' end $$;
