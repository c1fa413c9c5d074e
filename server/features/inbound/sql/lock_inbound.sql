-- Locks in one order, first of all, the lanes that payloads may change: of accounts with a report, of contacts whose
-- message may end a deferral or open a window, of receipts that may settle a call, and of whole workspaces.
-- plan: kept indexed
create function lock_inbound(p_signal_account uuid[], p_message_account uuid[], p_receipt_account uuid[],
  p_token uuid[], p_workspace uuid[])
returns void language plpgsql volatile as $$
begin
  perform 1 from lane l where l.account_id = any (p_signal_account
      || array(select a.id from account a where a.id = any (p_message_account) and a.new_per_day is not null)
      || array(select o.account_id from unnest(p_message_account) u(a) cross join lateral (
        select x.account_id from open_message x where x.account_id = u.a and x.needs_window limit 1) o)
      || array(select a from unnest(p_receipt_account, p_token) u(a, k) where k is null)
      || array(select o.account_id from unnest(p_token) k
        cross join lateral (select x.account_id from open_message x where x.id = token_of(k, 0) limit 1) o)
      || array(select a.id from account a where a.workspace_id = any (p_workspace)))
    order by l.account_id for update;
end $$;
