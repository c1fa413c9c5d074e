-- Stores rows of the file of an import as the check read them: whether their contacts are there, opted out or
-- unreachable. Earlier rows of the same person become duplicates.
-- plan: inherited
create function check_rows(p_import uuid, p_workspace uuid, p_rows jsonb) returns void
language plpgsql volatile as $$
begin
  insert into contact_import_row (import_id, number, workspace_id, fate, code, message, wrong_column, suggestion, cells,
    mended, key, fresh, contact_id, name, phone, reference, language, fields, labels, kept, opt_out, opted_out,
    unreachable, second_phone)
  select p_import, u.number, p_workspace, case when u.code is not null then 'invalid' when c.id is null then 'new'
      else 'known' end, u.code, u.message, u.wrong_column, u.suggestion, u.cells, coalesce(u.mended, false),
    u.key, u.fresh, c.id, u.name, u.phone, u.reference, u.language, u.fields, u.labels, u.kept, u.opt_out,
    exists (select 1 from opt_out o where o.contact_id = c.id) or u.phone is not null and exists (
      select 1 from opt_out_address o where o.workspace_id = p_workspace
      and o.hash = address_hash(p_workspace, u.phone)), coalesce(c.unreachable, false), coalesce(u.second_phone, false)
  from jsonb_to_recordset(p_rows) u(number int, code text, message text, wrong_column int, suggestion jsonb,
    cells text[], mended boolean, key text, fresh uuid, name text, phone text, reference text, language text,
    fields jsonb, labels text[], kept jsonb, opt_out text, second_phone boolean, given uuid)
  left join lateral (
    (select x.contact_id as id, o.unreachable_at is not null as unreachable from contact_address x
      join contact o on o.id = x.contact_id
      where u.code is null and x.workspace_id = p_workspace and x.kind = 'phone' and x.value = u.phone)
    union all (select o.id, false from contact o where u.code is null and u.phone is null
      and o.id = u.given and o.workspace_id = p_workspace and o.deleted_at is null)
    union all (select o.id, false from contact o where u.code is null and u.phone is null
      and o.workspace_id = p_workspace and o.reference = u.reference and o.deleted_at is null order by o.id limit 1)
    limit 1) c on true
  on conflict (import_id, number) do update set (fate, code, message, wrong_column, suggestion, cells, mended, key,
      contact_id, name, phone, reference, language, fields, labels, kept, opt_out, opted_out, unreachable, second_phone)
    = (excluded.fate, excluded.code, excluded.message, excluded.wrong_column, excluded.suggestion, excluded.cells,
      excluded.mended, excluded.key, excluded.contact_id, excluded.name, excluded.phone, excluded.reference,
      excluded.language, excluded.fields, excluded.labels, excluded.kept, excluded.opt_out,
      excluded.opted_out, excluded.unreachable, excluded.second_phone);
  perform mark_repeated(p_import, array(select distinct u.key from jsonb_to_recordset(p_rows) u(key text)
    where u.key is not null));
end $$;
