-- An import as the source of a value.
create function import_source(p_import uuid, t timestamptz) returns jsonb language sql stable as $$
  select jsonb_build_object('kind', 'import', 'id', p_import,
    'at', to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) $$;
