-- Gives contacts that are there what rows of an import say: all values, or those that they lack (p_fill). Labels are
-- added. Of several rows of one contact the last counts. Returns what became of each, and what it was before. Planned
-- as create_imported is.
-- plan: kept
create function update_imported(p_workspace uuid, p_import uuid, p_fill boolean, p_rows imported_contact[],
  t timestamptz) returns table (number int, contact uuid, fate text, before jsonb) language plpgsql volatile as $$
#variable_conflict use_column
declare ids uuid[];
begin
  -- One for each row; null where the contact is gone.
  ids := array(select coalesce((select x.contact_id from contact_address x where x.workspace_id = p_workspace
    and x.kind = 'phone' and x.value = u.phone), u.contact) from unnest(p_rows) u);
  perform 1 from contact where id = any (ids) order by id for no key update;
  return query execute $q$
    with known as materialized (
      select distinct on (c.id) u.number, u.labels, c.id, c.field_sources, v.old, coalesce(c.fields, '{}') as fields,
        case when $3 then v.given || jsonb_strip_nulls(v.old) else v.old || v.given end as new,
        case when $3 then coalesce(u.fields, '{}') || coalesce(c.fields, '{}')
          else coalesce(c.fields, '{}') || coalesce(u.fields, '{}') end as new_fields
      from rows from (unnest($4), unnest($6))
        u(number, fresh, contact, phone, name, reference, language, fields, labels, id)
      join contact c on c.id = u.id and c.workspace_id = $1 and c.deleted_at is null
      cross join lateral (select
        jsonb_build_object('name', c.name, 'reference', c.reference, 'language', c.language) as old, jsonb_strip_nulls(
        jsonb_build_object('name', u.name, 'reference', u.reference, 'language', u.language)) as given) v
      order by c.id, u.number desc),
    labelled as (
      insert into contact_label (label_id, contact_id, workspace_id)
      select l, k.id, $1 from known k cross join unnest(k.labels) l order by 1, 2
      on conflict do nothing returning label_id, contact_id),
    change as materialized (
      select k.id, replaced_values(k.old, k.new) as vals, replaced_values(k.fields, k.new_fields) as fields, l.labels
      from known k left join (select contact_id, jsonb_agg(label_id) as labels from labelled group by 1) l
        on l.contact_id = k.id),
    changed as (
      update contact c set name = coalesce(k.new ->> 'name', c.name), updated_at = $5,
        reference = coalesce(k.new ->> 'reference', c.reference), language = coalesce(k.new ->> 'language', c.language),
        fields = nullif(k.new_fields, '{}'),
        field_sources = nullif(coalesce(c.field_sources, '{}') || import_sources(x.fields, $2), '{}')
      from known k join change x on x.id = k.id
      where c.id = k.id and coalesce(x.vals, x.fields, x.labels) is not null returning c.id)
    select k.number, k.id, case when d.id is null then 'unchanged' else 'updated' end,
      case when d.id is not null then coalesce(x.vals, '{}') || case when x.labels is null then '{}'
          else jsonb_build_object('labels', x.labels) end
        || case when x.fields is null then '{}'
          else jsonb_build_object('fields', x.fields, 'sources', k.field_sources) end end
    from known k join change x on x.id = k.id left join changed d on d.id = k.id
  $q$ using p_workspace, import_source(p_import, t), p_fill, p_rows, t, ids;
end $$;
