-- Opts the contacts of a range of rows of an import out, as the rows say, where they have one of these fates. Those of
-- contacts that were there cancel what waits for them. To repeat it changes nothing.
-- plan: inherited
create function opt_out_rows(p_now timestamptz, i contact_import, p_after int, p_until int, p_fates text[]) returns void
language plpgsql volatile as $$
declare kind text; ids uuid[]; contacts uuid[]; out_ones uuid[];
begin
  -- Nobody writes to a contact that is made here. Others wait in a lane.
  if exists (select 1 from contact_import_row r where r.import_id = i.id and r.number > p_after and r.number <= p_until
    and r.opt_out is not null and r.fate = any (p_fates) and r.fate <> 'created' and not exists (select 1 from opt_out o
      where o.contact_id = r.contact_id and o.category = r.opt_out)) then
    perform 1 from lane where account_id in (select id from account where workspace_id = i.workspace_id)
      order by account_id for update;
  end if;
  foreach kind in array '{marketing,all}'::text[] loop
    select array_agg(r.fresh order by r.number), array_agg(r.contact_id order by r.number) into ids, contacts
      from contact_import_row r join contact c on c.id = r.contact_id and c.deleted_at is null
      where r.import_id = i.id and r.number > p_after and r.number <= p_until and r.opt_out = kind
        and r.fate = any (p_fates);
    continue when ids is null;
    perform set_config('recado.quiet', 'on', true);
    out_ones := array(select contact_id from opt_out_contacts(ids, contacts, kind, i.name, 'import', null,
      jsonb_build_object('contact_import_id', i.id), i.created_kind, i.created_by, clock(p_now)));
    continue when out_ones = '{}';
    perform end_barred(p_now, out_ones);
    update contact_import_row r set before = coalesce(r.before, '{}') || jsonb_build_object('opt_out', o.id),
        fate = case when r.fate = 'unchanged' then 'updated' else r.fate end
      from opt_out o where r.import_id = i.id and r.number > p_after and r.number <= p_until and r.fresh = any (ids)
        and o.id = r.fresh and o.source = 'import';
  end loop;
end $$;
