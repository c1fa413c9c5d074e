-- Creates and changes the contacts of the next p_most rows of an import, without events of theirs. Returns how many
-- rows are done now; -1 where none is left, and null where this process should not work on it.
-- plan: inherited
create function run_import(p_now timestamptz, p_import uuid, p_runner uuid, p_most int) returns int
language plpgsql volatile as $$
declare i contact_import; t timestamptz; given imported_contact[]; made int[]; last int; opts_out boolean;
  skips boolean;
begin
  select * into i from contact_import where id = p_import and state = 'running' and runner = p_runner for update;
  if i.id is null then return null; end if;
  perform set_config('recado.quiet', 'on', true);
  given := next_rows(i, p_most);
  if given = '{}' then return -1; end if;
  last := given[cardinality(given)].number;
  opts_out := exists (select 1 from contact_import_row where import_id = p_import and number > i.place
    and number <= last and opt_out is not null);
  if opts_out then
    perform 1 from lane where account_id in (select id from account where workspace_id = i.workspace_id)
      order by account_id for update;
  end if;
  t := clock(p_now);
  skips := i.settings ->> 'if_known' = 'skip';
  made := array(select create_imported(i.workspace_id, p_import, given, t));
  update contact_import_row r set fate = coalesce(x.fate, case when skips then 'skipped' else 'duplicate' end),
      contact_id = coalesce(x.contact, r.contact_id), before = x.before, written_at = t,
      code = case when x.fate is null then case when skips then 'already_known' else 'later_row' end end,
      message = case when x.fate is null then case when skips then 'The contact is there already, so it stays as it is.'
        else 'A later row names the same contact, and the last row counts.' end end
    from unnest(given) g left join (
      select u.number, u.fresh as contact, 'created' as fate, null::jsonb as before from unnest(given) u
        where u.number = any (made)
      union all select * from update_imported(i.workspace_id, p_import, i.settings ->> 'if_known' = 'fill_empty',
        array(select u from unnest(given) u where u.number <> all (made) and not skips), t)) x on x.number = g.number
    where r.import_id = p_import and r.number = g.number;
  if opts_out then perform opt_out_rows(p_now, p_import, i.place, last, t); end if;
  update contact_import set place = last, done = done + cardinality(given), lease_until = t + interval '5 seconds'
    where id = p_import returning done into last;
  return last;
end $$;
