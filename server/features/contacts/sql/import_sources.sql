-- Where the values of these fields came from: an import.
create function import_sources(p_fields jsonb, p_import uuid, t timestamptz) returns jsonb language sql stable as $$
  select coalesce(jsonb_object_agg(key, jsonb_build_object('kind', 'import', 'id', p_import,
    'at', to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))), '{}')
  from jsonb_object_keys(p_fields) key $$;
