-- About how many messages of the workspace have words that fit a query, as the planner guesses from its statistics.
-- Counting would read them all. PostgreSQL explains in volatile functions only.
-- plan: inherited
create function texts_estimate(p_query tsquery) returns float8
language plpgsql volatile strict security definer set search_path = recado, public, pg_temp as $$
declare
  plan jsonb;
begin
  execute format('explain (format json) select from message_text where words @@ %L::tsquery',
    p_query && quote_literal('w:' || own_workspace())::tsquery) into plan;
  return plan -> 0 -> 'Plan' ->> 'Plan Rows';
end $$;
revoke execute on function texts_estimate from public;
grant execute on function texts_estimate to recado_api;
