-- Whether anything of a batch waits, may be behind the wall between accounts: whoever sees a part of it is not told
-- that all is done before it is. It says nothing else of what others have.
create function batch_waits(p_batch uuid) returns boolean
language sql stable security definer set search_path = recado, public, pg_temp as $$
  select exists (select 1 from message m where m.batch_id = p_batch and m.workspace_id = own_workspace()
    and m.status in ('scheduled', 'queued', 'sending', 'unknown')) $$;
revoke execute on function batch_waits from public;
grant execute on function batch_waits to recado_api, recado_engine;
