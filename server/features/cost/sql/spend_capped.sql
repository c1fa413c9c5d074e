-- Whether the cap of a workspace or of an account is spent, as the last sweep saw it.
-- plan: kept indexed
create function spend_capped(p_workspace uuid, p_account uuid) returns boolean language sql stable as $$
  select exists (select 1 from cost_setting s where s.workspace_id = p_workspace and s.reached)
    or exists (select 1 from cost_account c where c.account_id = p_account and c.reached) $$;
