-- Values by the keys of fields, without those of fields that are being removed; null if none is left.
create function living_fields(p_workspace uuid, p_values jsonb) returns jsonb language sql stable as $$
  select nullif(p_values - array(select key from contact_field
    where workspace_id = p_workspace and deleted_at is not null), '{}') $$;
