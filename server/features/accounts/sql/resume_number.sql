-- The channel has connected again a number that it had ended. Returns whether it had.
create function resume_number(p_account uuid, t timestamptz) returns boolean language sql volatile as $$
  with a as (
    update account set ended_at = null, updated_at = t, status_reason = coalesce(number_trouble, warning),
      status = case when coalesce(number_trouble, warning) is null then 'connected' else 'needs_attention' end
    where id = p_account and ended_at is not null and deleted_at is null
    returning id, workspace_id),
  fact as (
    insert into event (workspace_id, type, account_id, at) select workspace_id, 'account.connected', id, t from a)
  select exists (select 1 from a) $$;
