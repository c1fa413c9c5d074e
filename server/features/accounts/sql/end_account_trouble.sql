create function end_account_trouble(p_account uuid, t timestamptz) returns void language sql volatile as $$
  with a as (
    update account set status = 'connected', status_reason = null, updated_at = t
    where id = p_account and status = 'needs_attention'
    returning id, workspace_id)
  insert into event (workspace_id, type, account_id, at)
  select workspace_id, 'account.connected', id, t from a $$;
