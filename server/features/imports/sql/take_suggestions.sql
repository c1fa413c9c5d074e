-- Gives the next p_most rows of an import the numbers that are certainly meant, as if a person had mended each.
-- Returns how many rows that were.
-- plan: inherited
create function take_suggestions(p_import uuid, p_most int) returns int language plpgsql volatile as $$
declare given jsonb; workspace uuid;
begin
  select jsonb_agg(jsonb_build_object('number', r.number, 'fresh', r.fresh, 'mended', true,
      'cells', to_jsonb(r.cells[:r.wrong_column - 1] || (r.suggestion ->> 'phone') || r.cells[r.wrong_column + 1:]),
      'key', r.suggestion ->> 'phone', 'phone', r.suggestion ->> 'phone', 'second_phone', r.second_phone,
      'name', r.name, 'reference', r.reference, 'language', r.language, 'fields', r.fields,
      'labels', to_jsonb(r.labels), 'kept', r.kept, 'opt_out', r.opt_out) order by r.number), min(r.workspace_id::text)
    into given, workspace
    from (select * from contact_import_row where import_id = p_import and fate = 'invalid' and suggestion is not null
      and not suggestion ?| '{readings,more}' order by number limit p_most) r;
  if given is null then return 0; end if;
  perform check_rows(p_import, workspace, given);
  return jsonb_array_length(given);
end $$;
