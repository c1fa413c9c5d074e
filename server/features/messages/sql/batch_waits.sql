-- Whether a message of a batch waits, also of accounts that the caller may not use: a caller who sees a part of the
-- batch must not see it as done too early. The result reveals nothing else.
create function batch_waits(p_batch uuid) returns boolean
language sql stable security definer set search_path = recado, public as $$
  select exists (select 1 from message m where m.batch_id = p_batch and m.workspace_id = own_workspace()
    and m.status in ('scheduled', 'queued', 'sending', 'unknown')) $$;
revoke execute on function batch_waits from public;
grant execute on function batch_waits to recado_api, recado_engine;
