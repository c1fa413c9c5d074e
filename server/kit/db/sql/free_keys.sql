-- Gives back the idempotency keys of what was not accepted: the same key may be accepted later.
-- plan: kept indexed
create function free_keys(p_workspace uuid[], p_key text[], p_id uuid[], p_outcome text[]) returns void
language plpgsql volatile as $$
begin
  delete from idempotency i where i.ctid = any (array(
    select o.place from unnest(p_workspace, p_key, p_id, p_outcome) u(w, k, m, word) cross join lateral (
      select o.ctid as place from idempotency o where o.workspace_id = u.w and o.operation = 'messages.create'
        and o.key = u.k and o.resource_id = u.m limit 1) o
    where u.word not in ('accepted', 'stored', 'replayed', 'mismatch')));
end $$;
