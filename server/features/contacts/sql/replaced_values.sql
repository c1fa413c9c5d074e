-- The values of p_before that p_after replaces, by key; null if none. A key that only p_after has had no value.
create function replaced_values(p_before jsonb, p_after jsonb) returns jsonb language sql immutable as $$
  select jsonb_object_agg(key, p_before -> key) from jsonb_each(p_after)
    where value is distinct from p_before -> key $$;
