-- Opts the known contacts of a range of rows out before the rows are run: their lanes are locked for a moment only.
-- Returns false where this process should not work on the import.
-- plan: inherited
create function opt_out_known(p_now timestamptz, p_import uuid, p_runner uuid, p_after int, p_until int) returns boolean
language plpgsql volatile as $$
declare i contact_import;
begin
  select * into i from contact_import where id = p_import and state = 'running' and runner = p_runner for key share;
  if i.id is null then return false; end if;
  if i.settings ->> 'if_known' <> 'skip' then perform opt_out_rows(p_now, i, p_after, p_until, '{known}'); end if;
  return true;
end $$;
