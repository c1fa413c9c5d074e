-- The contacts with these values of the workspace's own fields, up to p_most. As with find_contacts, row-level security
-- would keep PostgreSQL from the index.
create function contacts_with_fields(p_fields jsonb, p_most int) returns setof uuid
language sql stable security definer set search_path = recado, public, pg_temp as $$
  select c.id from contact c where c.fields @> p_fields and c.workspace_id = (select own_workspace())
    and c.deleted_at is null limit p_most $$;
revoke execute on function contacts_with_fields from public;
grant execute on function contacts_with_fields to recado_api, recado_engine;
