-- The messages and notes of the workspace whose words fit a query. As with find_contacts, row-level security would keep
-- PostgreSQL from the index: the caller joins what it may read.
create function texts_with(p_query tsquery) returns setof uuid
language sql stable security definer set search_path = recado, public, pg_temp rows 200 as $$
  with asked as (select p_query && quote_literal('w:' || own_workspace())::tsquery as words)
  select message_id from message_text where words @@ (select words from asked)
  union all select note_id from note_text where words @@ (select words from asked) $$;
revoke execute on function texts_with from public;
grant execute on function texts_with to recado_api;
