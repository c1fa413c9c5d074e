-- Ends the trouble of an account. A warning stays until a person ends it; trouble of the number, until a reading does.
create function end_account_trouble(p_account uuid, t timestamptz) returns void language sql volatile as $$
  update account set status_reason = coalesce(number_trouble, warning), updated_at = t
    where id = p_account and status = 'needs_attention' and coalesce(number_trouble, warning) is not null
      and status_reason is distinct from coalesce(number_trouble, warning);
  with a as (
    update account set status = 'connected', status_reason = null, updated_at = t
    where id = p_account and status = 'needs_attention' and number_trouble is null and warning is null
    returning id, workspace_id)
  insert into event (workspace_id, type, account_id, at)
  select workspace_id, 'account.connected', id, t from a $$;
