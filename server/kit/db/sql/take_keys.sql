-- Takes the idempotency keys of a batch, for 24 hours each. A key that another message has stays with it.
-- plan: kept indexed
create function take_keys(p_workspace uuid[], p_key text[], p_hash bytea[], p_id uuid[], t timestamptz) returns void
language plpgsql volatile as $$
begin
  -- Looked up one by one, by the key: no kept plan may go through the others.
  delete from idempotency i where i.created_at < t - interval '24 hours' and i.ctid = any (array(
    select o.place from unnest(p_workspace, p_key) u(w, k) cross join lateral (
      select o.ctid as place from idempotency o where o.workspace_id = u.w and o.operation = 'messages.create'
        and o.key = u.k
        and o.created_at < t - interval '24 hours' limit 1) o));
  insert into idempotency (workspace_id, operation, key, hash, resource_id, created_at)
    select w, 'messages.create', k, h, m, t from unnest(p_workspace, p_key, p_hash, p_id) u(w, k, h, m)
    where k is not null order by w, k on conflict do nothing;
end $$;
