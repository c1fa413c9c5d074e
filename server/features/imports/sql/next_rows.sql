-- The rows of a range that an import has to run, as its contacts take them: without fields and labels that are gone.
-- They are locked.
-- plan: inherited
create function next_rows(p_import contact_import, p_after int, p_until int) returns imported_contact[]
language plpgsql volatile as $$
declare gone text[];
begin
  -- They stay until the rows are done.
  perform 1 from contact_field where workspace_id = p_import.workspace_id and deleted_at is null order by key for share;
  perform 1 from label where id in (select value::uuid from jsonb_each_text(p_import.label_ids)) order by id for share;
  gone := array(select substr(c ->> 'target', 8) from jsonb_array_elements(p_import.columns) c
    where c ->> 'target' like 'fields.%' except
    select key from contact_field where workspace_id = p_import.workspace_id and deleted_at is null);
  return array(select (r.number, r.fresh, case when r.phone is null then coalesce((select c.id from contact c
        where c.id = r.contact_id and r.key like 'contact %' and c.workspace_id = p_import.workspace_id
        and c.deleted_at is null), (select c.id from contact c where c.workspace_id = p_import.workspace_id
        and c.reference = r.reference and c.deleted_at is null order by c.id limit 1)) end,
    r.phone, r.name, r.reference, r.language, nullif(r.fields - gone, '{}'), array(select l.id from unnest(r.labels) x
      join label l on l.id = (p_import.label_ids ->> x)::uuid and l.deleted_at is null))::imported_contact
    from (select * from contact_import_row where import_id = p_import.id and number > p_after and number <= p_until
      and fate in ('new', 'known') order by number for no key update) r order by r.number);
end $$;
