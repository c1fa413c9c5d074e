-- Opts the contacts of rows of an import out, as the rows say, and cancels what waits for them. The caller has locked
-- the lanes.
-- plan: inherited
create function opt_out_rows(p_now timestamptz, p_import uuid, p_after int, p_until int, t timestamptz) returns void
language plpgsql volatile as $$
declare kind text; i contact_import; ids uuid[]; contacts uuid[]; fresh_ones uuid[];
begin
  select * into i from contact_import where id = p_import;
  foreach kind in array '{marketing,all}'::text[] loop
    select array_agg(r.fresh order by r.number), array_agg(r.contact_id order by r.number) into ids, contacts
      from contact_import_row r where r.import_id = p_import and r.number > p_after and r.number <= p_until
        and r.opt_out = kind and r.fate in ('created', 'updated', 'unchanged');
    continue when ids is null;
    fresh_ones := array(select contact_id from opt_out_contacts(ids, contacts, kind, i.name, 'import', null,
      jsonb_build_object('contact_import_id', p_import), i.created_kind, i.created_by, t));
    continue when fresh_ones = '{}';
    perform end_barred(p_now, fresh_ones);
    update contact_import_row r set before = coalesce(r.before, '{}') || jsonb_build_object('opt_out', o.id),
        fate = case when r.fate = 'unchanged' then 'updated' else r.fate end
      from opt_out o where r.import_id = p_import and r.number > p_after and r.number <= p_until and r.fresh = any (ids)
        and o.id = r.fresh and o.source = 'import';
  end loop;
end $$;
