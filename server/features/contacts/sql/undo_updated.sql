-- Changes contacts back to what they were before an import (p_before), in what still is as p_rows made it.
-- Returns those that changed.
-- plan: kept indexed
create function undo_updated(p_rows imported_contact[], p_before jsonb[], t timestamptz) returns setof uuid
language plpgsql volatile as $$
begin
  perform 1 from contact where id = any (array(select u.contact from unnest(p_rows) u)) order by id for no key update;
  return query with back as materialized (
    select distinct on (c.id) c.id, u.b, u.b ? 'name' and c.name is not distinct from u.name as name,
      u.b ? 'reference' and c.reference is not distinct from u.reference as reference,
      u.b ? 'language' and c.language is not distinct from u.language as language,
      array(select key from jsonb_object_keys(u.b -> 'fields') key
        where c.fields -> key is not distinct from u.fields -> key) as keys
    from unnest(p_rows, p_before) u(number, fresh, contact, phone, name, reference, language, fields, labels, b)
    join contact c on c.id = u.contact and c.deleted_at is null order by c.id, u.number),
  unlabelled as (
    delete from contact_label x using back b, jsonb_array_elements_text(b.b -> 'labels') l
    where x.contact_id = b.id and x.label_id = l::uuid returning x.contact_id),
  changed as (
    update contact c set name = case when b.name then b.b ->> 'name' else c.name end,
      reference = case when b.reference then b.b ->> 'reference' else c.reference end,
      language = case when b.language then b.b ->> 'language' else c.language end,
      fields = living_fields(c.workspace_id, (coalesce(c.fields, '{}') - b.keys)
        || coalesce((select jsonb_object_agg(k, v.value) from unnest(b.keys) k
          cross join lateral (select b.b -> 'fields' -> k as value) v where jsonb_typeof(v.value) <> 'null'), '{}')),
      field_sources = living_fields(c.workspace_id, (coalesce(c.field_sources, '{}') - b.keys)
        || coalesce((select jsonb_object_agg(k, b.b -> 'sources' -> k) from unnest(b.keys) k
          where b.b -> 'sources' ? k), '{}')),
      updated_at = t
    from back b where c.id = b.id and (b.name or b.reference or b.language or b.keys <> '{}'
      or b.id in (select contact_id from unlabelled)) returning c.id)
  select id from changed;
end $$;
