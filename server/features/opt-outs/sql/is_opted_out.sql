-- Whether an opt-out of the contact bars a message of this category (null: none).
create function is_opted_out(p_contact uuid, p_category text) returns boolean language sql stable as $$
  select coalesce((select true from opt_out o where o.contact_id = p_contact
    and (o.category = 'all' or p_category = 'marketing') limit 1), false) $$;
