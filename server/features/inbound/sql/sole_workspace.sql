-- The workspace of an installation that only ever had this one: what names no account is its, too. After the removal of
-- another workspace, such an item may be about that one.
create function sole_workspace() returns uuid language sql stable as $$
  select (array_agg(id))[1] from (select id from workspace limit 2) w
    having count(*) = 1 and not exists (select 1 from audit_entry where action = 'workspace.removed') $$;
