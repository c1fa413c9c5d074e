-- Where the values of these fields came from: each from the same source.
create function import_sources(p_fields jsonb, p_source jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(key, p_source), '{}') from jsonb_object_keys(p_fields) key $$;
