-- Ends opt-outs, and writes the ledger: one row for each category, with the hashes by which an opt-out of a deleted
-- contact was kept. Returns the contacts that it was about.
-- plan: inherited
create function opt_in_contacts(p_ids uuid[], p_reason text, p_source text, p_account uuid, p_proof jsonb,
  p_actor_kind text, p_created_by uuid, p_at timestamptz)
returns table (contact_id uuid) language plpgsql volatile as $$
#variable_conflict use_column
begin
  return query with gone as (
    delete from opt_out where id = any (p_ids) returning id, workspace_id, contact_id, category),
  noted as (
    insert into opt_out_ledger (workspace_id, contact_id, hashes, kind, category, source, account_id, proof, actor_kind,
      created_by, reason, at)
    select workspace_id, contact_id, array(select o.hash from opt_out_address o where o.opt_out_id = gone.id), 'in',
      category, p_source, p_account, coalesce(p_proof, '{}'), p_actor_kind,
      p_created_by, p_reason, p_at
    from gone order by contact_id, category)
  select distinct contact_id from gone;
end $$;
