-- Deletes contacts that an import created and nobody used: nobody wrote, changed them, merged them, opted them out or
-- put them into a list.
-- One that the ledger of opt-outs names stays as a deleted one. Returns those that are gone.
-- plan: kept indexed
create function undo_created(p_contacts uuid[], p_written timestamptz[], t timestamptz) returns setof uuid
language plpgsql volatile as $$
declare ids uuid[]; named uuid[];
begin
  perform 1 from contact where id = any (p_contacts) order by id for update;
  ids := array(select c.id from unnest(p_contacts, p_written) u(id, at) join contact c on c.id = u.id
    where c.deleted_at is null and c.updated_at = u.at
      and not exists (select 1 from conversation v where v.contact_id = c.id)
      and not exists (select 1 from opt_out o where o.contact_id = c.id)
      and not exists (select 1 from segment_member m where m.contact_id = c.id)
      and not exists (select 1 from contact_merge m where c.id in (m.contact_id, m.other_id))
      and not exists (select 1 from contact o where o.merged_into = c.id));
  named := array(select distinct l.contact_id from opt_out_ledger l where l.contact_id = any (ids));
  insert into former_address (workspace_id, hash, contact_id)
    select x.workspace_id, address_hash(x.workspace_id, x.value), x.contact_id from contact_address x
    where x.contact_id = any (named) on conflict do nothing;
  delete from contact_address where contact_id = any (ids);
  delete from contact_label where contact_id = any (ids);
  update contact set name = null, reference = null, language = null, fields = null, field_sources = null,
    deleted_at = t, updated_at = t where id = any (named);
  delete from contact where id = any (ids) and id <> all (named);
  return query select unnest(ids);
end $$;
