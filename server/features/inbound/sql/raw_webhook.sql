-- What a raw webhook says, for a request handler that sees the whole workspace which alone it is about. The handler's
-- role cannot read these columns: a webhook that is not processed yet may be about other workspaces too.
create function raw_webhook(p_id bigint) returns table (headers jsonb, body bytea)
language sql stable security definer set search_path = recado, public as $$
  select p.headers, p.body from inbound_payload p
    where p.id = p_id and p.workspace_id = (select own_workspace()) and (select every_account()) $$;
revoke execute on function raw_webhook from public;
grant execute on function raw_webhook to recado_api, recado_engine;
