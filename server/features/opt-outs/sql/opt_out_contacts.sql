-- Opts contacts out of a category, where they are not yet, and writes the ledger. Each word and each
-- button is written each time. Returns the contacts that are newly opted out. The caller has locked the lanes.
-- plan: inherited
create function opt_out_contacts(p_ids uuid[], p_contacts uuid[], p_category text, p_reason text, p_source text,
  p_account uuid, p_proof jsonb, p_actor_kind text, p_created_by uuid, p_at timestamptz)
returns table (contact_id uuid) language plpgsql volatile as $$
#variable_conflict use_column
begin
  return query with made as (
    insert into opt_out (id, workspace_id, contact_id, category, reason, source, created_by, created_at)
    select distinct on (c.id) u.id, c.workspace_id, c.id, p_category, p_reason, p_source, p_created_by, p_at
    from unnest(p_ids, p_contacts) u(id, c) join contact c on c.id = u.c
    order by c.id on conflict do nothing returning contact_id),
  noted as (
    insert into opt_out_ledger (workspace_id, contact_id, kind, category, source, account_id, proof, actor_kind,
      created_by, reason, at)
    select c.workspace_id, c.id, 'out', p_category, p_source, p_account, coalesce(p_proof, '{}'), p_actor_kind,
      p_created_by, p_reason, p_at
    from contact c where c.id = any (p_contacts)
      and (p_source in ('word', 'button') or c.id in (select contact_id from made)) order by c.id)
  select contact_id from made;
end $$;
