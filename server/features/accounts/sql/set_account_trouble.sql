-- Marks an account as one that needs attention, unless the channel has ended its number.
create function set_account_trouble(p_account uuid, p_reason text,
  t timestamptz) returns void language sql volatile as $$
  with a as (
    update account set status = 'needs_attention', status_reason = p_reason, updated_at = t
    where id = p_account and ended_at is null and (status, status_reason) is distinct from ('needs_attention', p_reason)
    returning id, workspace_id)
  insert into event (workspace_id, type, account_id, data, at)
  select workspace_id, 'account.needs_attention', id, jsonb_build_object('reason', p_reason), t from a $$;
