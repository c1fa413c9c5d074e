-- Makes the contacts of rows of an import, as far as no contact has their numbers. Returns the rows that made one. The
-- statement is planned for its rows each time, while triggers and functions of indexes keep their plans.
-- plan: kept
create function create_imported(p_workspace uuid, p_import uuid, p_rows imported_contact[], t timestamptz)
returns setof int language plpgsql volatile as $$
begin
  return query execute $q$
    with address as (
      insert into contact_address (workspace_id, kind, value, contact_id)
      select $1, 'phone', u.phone, u.fresh from unnest($3) u where u.phone is not null order by u.phone
      on conflict do nothing returning contact_id),
    made as (
      insert into contact (id, workspace_id, name, reference, language, fields, field_sources, created_at, updated_at,
        import_id)
      select u.fresh, $1, u.name, u.reference, u.language, u.fields, nullif(import_sources(u.fields, $5), '{}'),
        $4, $4, $2
      from unnest($3) u left join address a on a.contact_id = u.fresh
      where a.contact_id is not null or u.phone is null and u.contact is null
      returning id),
    labelled as (
      insert into contact_label (label_id, contact_id, workspace_id)
      select l, m.id, $1 from unnest($3) u join made m on m.id = u.fresh cross join unnest(u.labels) l
      order by 1, 2 on conflict do nothing)
    select u.number from unnest($3) u join made m on m.id = u.fresh
  $q$ using p_workspace, p_import, p_rows, t, import_source(p_import, t);
end $$;
