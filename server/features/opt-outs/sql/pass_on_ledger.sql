-- The one way to change the ledger, whose rows no role of ours may update. Of merged contacts the rows pass to the
-- contact that is kept. Of erased ones (p_to is null) hashes of their addresses take the place of the contact, and the
-- reasons go. A request handler reaches its own workspace only.
create function pass_on_ledger(p_workspace uuid, p_contacts uuid[], p_to uuid) returns void
language sql volatile security definer set search_path = recado, public, pg_temp as $$
  update opt_out_ledger l set contact_id = p_to,
    hashes = case when p_to is null then array(
      select address_hash(p_workspace, x.value) from contact_address x where x.contact_id = any (p_contacts)
      union select f.hash from former_address f where f.contact_id = any (p_contacts)) else l.hashes end,
    reason = case when p_to is not null then l.reason end
  where l.workspace_id = p_workspace and l.contact_id = any (p_contacts)
    and (current_setting('role') = 'recado_engine' or p_workspace = (select own_workspace())) $$;
revoke execute on function pass_on_ledger from public;
grant execute on function pass_on_ledger to recado_api, recado_engine;
