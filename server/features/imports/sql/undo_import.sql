-- Undoes the next p_most rows of an import: ends its opt-outs, deletes the contacts that it created and nobody used,
-- and changes others back. Returns how many rows are done now; -1 where none is left, and null where this process
-- should not work on it.
-- plan: inherited
create function undo_import(p_now timestamptz, p_import uuid, p_runner uuid, p_most int) returns int
language plpgsql volatile as $$
declare i contact_import; t timestamptz; ids uuid[]; back uuid[]; numbers int[];
begin
  select * into i from contact_import where id = p_import and state = 'undoing' and runner = p_runner for update;
  if i.id is null then return null; end if;
  t := clock(p_now);
  perform set_config('recado.quiet', 'on', true);
  numbers := array(select number from contact_import_row where import_id = p_import and number > i.place
    and fate in ('created', 'updated') order by number limit p_most);
  if numbers = '{}' then return -1; end if;
  ids := array(select o.id from contact_import_row r join opt_out o on o.id = (r.before ->> 'opt_out')::uuid
    where r.import_id = p_import and r.number = any (numbers) and o.source = 'import' order by o.id for update of o);
  if ids <> '{}' then
    perform opt_in_contacts(ids, i.name, 'import', null, jsonb_build_object('contact_import_id', p_import),
      i.created_kind, i.created_by, t);
  end if;
  back := array(select undo_created(array_agg(contact_id order by number), array_agg(written_at order by number), t)
    from contact_import_row where import_id = p_import and number = any (numbers) and fate = 'created');
  back := back || array(select undo_updated(array_agg((number, fresh, contact_id, phone, name, reference, language,
      fields, null)::imported_contact order by number), array_agg(coalesce(before, '{}') order by number), t)
    from contact_import_row where import_id = p_import and number = any (numbers) and fate = 'updated');
  update contact_import set place = numbers[cardinality(numbers)], done = done + cardinality(numbers),
      lease_until = t + interval '10 seconds', counts = jsonb_set(counts, '{restored}',
        to_jsonb(coalesce((counts ->> 'restored')::int, 0) + cardinality(back)))
    where id = p_import returning done into i.done;
  return i.done;
end $$;
