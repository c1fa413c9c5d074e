-- Row-level security keeps PostgreSQL from using an index for a substring search, as it could leak rows. This function
-- bypasses it and filters by workspace itself. p_name and p_value are patterns, p_name that of p_text. Names that fit
-- the regular expression p_except are not searched; null: all are.
create function find_contacts(p_text text, p_name text, p_except text, p_value text, p_most int) returns setof uuid
language sql stable security definer set search_path = recado, public, pg_temp as $$
  (select c.id from contact c where c.workspace_id = (select own_workspace()) and c.deleted_at is null
    and name_parts(c.name) @@ name_query(p_text) and folded(c.name) like folded(p_name)
    and (p_except is null or c.name !~ p_except)
    limit p_most)
  union
  (select x.contact_id from contact_address x where x.workspace_id = (select own_workspace()) and x.kind = 'phone'
    and x.value like p_value limit p_most)
  union
  (select c.id from contact c where c.workspace_id = (select own_workspace()) and c.deleted_at is null
    and c.reference = p_text limit p_most)
  union
  (select c.id from contact c where c.workspace_id = (select own_workspace()) and c.deleted_at is null
    and field_texts(c.fields) @@ field_query(p_text) limit p_most) $$;
revoke execute on function find_contacts from public;
grant execute on function find_contacts to recado_api, recado_engine;
