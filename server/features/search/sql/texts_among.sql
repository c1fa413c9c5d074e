-- Which of these messages and notes have words that fit a query. As the owner of the texts, as texts_with.
create function texts_among(p_query tsquery, p_ids uuid[]) returns setof uuid
language sql stable security definer set search_path = recado, public, pg_temp rows 200 as $$
  with asked as (select p_query && quote_literal('w:' || own_workspace())::tsquery as words)
  select message_id from message_text where message_id = any (p_ids) and words @@ (select words from asked)
  union all select note_id from note_text where note_id = any (p_ids) and words @@ (select words from asked) $$;
revoke execute on function texts_among from public;
grant execute on function texts_among to recado_api;
