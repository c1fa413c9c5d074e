-- The contacts whose name has p_part somewhere, as the pattern p_name says too, and does not fit the regular expression
-- p_except; null: any. As with find_contacts, row-level security would keep PostgreSQL from the index.
create function contacts_named(p_part text, p_name text, p_except text, p_most int) returns setof uuid
language sql stable security definer set search_path = recado, public, pg_temp as $$
  select c.id from contact c where c.workspace_id = (select own_workspace()) and c.deleted_at is null
    and name_parts(c.name) @@ name_query(p_part) and folded(c.name) like folded(p_name)
    and (p_except is null or c.name !~ p_except) limit p_most $$;
revoke execute on function contacts_named from public;
grant execute on function contacts_named to recado_api, recado_engine;
