-- Creates and changes the contacts of a range of rows of an import, without events of theirs. A range that is done
-- already changes nothing. Returns how many rows were done; null where this process should not work on the import.
-- plan: inherited
create function run_import(p_now timestamptz, p_import uuid, p_runner uuid, p_after int, p_until int) returns int
language plpgsql volatile as $$
declare i contact_import; t timestamptz; given imported_contact[]; made int[]; skips boolean;
begin
  -- Ranges run side by side. Who ends the import waits for them.
  select * into i from contact_import where id = p_import and state = 'running' and runner = p_runner for key share;
  if i.id is null then return null; end if;
  perform set_config('recado.quiet', 'on', true);
  t := clock(p_now);
  skips := i.settings ->> 'if_known' = 'skip';
  given := next_rows(i, p_after, p_until);
  made := array(select create_imported(i.workspace_id, p_import, given, t));
  update contact_import_row r set fate = case when x.fate = 'unchanged' and r.before ? 'opt_out' then 'updated'
      else coalesce(x.fate, case when skips then 'skipped' else 'duplicate' end) end,
      contact_id = coalesce(x.contact, r.contact_id), before = nullif(coalesce(r.before, '{}')
        || coalesce(x.before, '{}'), '{}'), written_at = t,
      code = case when x.fate is null then case when skips then 'already_known' else 'later_row' end end,
      message = case when x.fate is null then case when skips then 'The contact is there already, so it stays as it is.'
        else 'A later row names the same contact, and the last row counts.' end end
    from unnest(given) g left join (
      select u.number, u.fresh as contact, 'created' as fate, null::jsonb as before from unnest(given) u
        where u.number = any (made)
      union all select * from update_imported(i.workspace_id, p_import, i.settings ->> 'if_known' = 'fill_empty',
        array(select u from unnest(given) u where u.number <> all (made) and not skips), t)) x on x.number = g.number
    where r.import_id = p_import and r.number = g.number;
  perform opt_out_rows(p_now, i, p_after, p_until, '{created,updated,unchanged}');
  return cardinality(given);
end $$;
