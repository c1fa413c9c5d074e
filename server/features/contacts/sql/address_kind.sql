-- What an address of a message is: a phone number in E.164, or the channel's id of a person who hides it.
create function address_kind(p_address text) returns text language sql immutable parallel safe as $$
  select case when starts_with(p_address, '+') then 'phone' else 'bsuid' end $$;
