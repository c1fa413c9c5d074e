-- Keeps the opt-outs of contacts that are about to lose their addresses: by hashes of the addresses. Call it before.
-- p_erase: their reasons go, and hashes take the place of the contacts in the ledger.
-- plan: inherited
create function keep_opt_outs_of(p_contacts uuid[], p_erase boolean) returns void language plpgsql volatile as $$
begin
  insert into opt_out_address (workspace_id, hash, opt_out_id)
    select o.workspace_id, address_hash(o.workspace_id, x.value), o.id
    from opt_out o join contact_address x on x.contact_id = o.contact_id
    where o.contact_id = any (p_contacts) on conflict do nothing;
  if p_erase then
    update opt_out set reason = null where contact_id = any (p_contacts);
    delete from opt_out_answer where contact_id = any (p_contacts);
    perform pass_on_ledger(c.workspace_id, p_contacts, null) from contact c where c.id = any (p_contacts)
      group by c.workspace_id;
  end if;
end $$;
