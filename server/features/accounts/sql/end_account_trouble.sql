-- Ends the trouble of an account, as far as it is no warning: that one only a person ends.
create function end_account_trouble(p_account uuid, t timestamptz) returns void language sql volatile as $$
  update account set status_reason = warning, updated_at = t
    where id = p_account and status = 'needs_attention' and warning is not null
      and status_reason is distinct from warning;
  with a as (
    update account set status = 'connected', status_reason = null, updated_at = t
    where id = p_account and status = 'needs_attention' and warning is null
    returning id, workspace_id)
  insert into event (workspace_id, type, account_id, at)
  select workspace_id, 'account.connected', id, t from a $$;
