-- The workspace of an installation that has only one: what names no account is its, too.
create function sole_workspace() returns uuid language sql stable as $$
  select (array_agg(id))[1] from (select id from workspace limit 2) w having count(*) = 1 $$;
