-- The channel has ended the number of an account: it is disconnected until the channel or somebody resumes it.
create function end_number(p_account uuid, p_reason text, t timestamptz) returns void language sql volatile as $$
  with a as (
    update account set status = 'disconnected', status_reason = p_reason, ended_at = t, updated_at = t
    where id = p_account and deleted_at is null and (ended_at is null or status_reason is distinct from p_reason)
    returning id, workspace_id)
  insert into event (workspace_id, type, account_id, data, at)
  select workspace_id, 'account.needs_attention', id, jsonb_build_object('reason', p_reason), t from a $$;
