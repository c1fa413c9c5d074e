-- The kind of a message, as the channel limits it: 1 free-form, 2 a template, 3 a marketing template.
create function message_kind(p_type text, p_category text) returns smallint language sql immutable parallel safe as $$
  select case when p_type <> 'template' then 1 when p_category = 'marketing' then 3 else 2 end::smallint $$;
