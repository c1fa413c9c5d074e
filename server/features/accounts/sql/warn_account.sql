-- Keeps a warning of the channel: the account sends, and needs attention until somebody resumes it.
create function warn_account(p_account uuid, p_warning text, t timestamptz) returns void language sql volatile as $$
  select set_account_trouble(id, p_warning, t) from account
    where id = p_account and (status = 'connected' or status_reason = warning);
  update account set warning = p_warning where id = p_account $$;
