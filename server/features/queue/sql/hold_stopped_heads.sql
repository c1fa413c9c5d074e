-- Holds heads on the page of a claim whose campaign is stopped: they came back to the queue after it was. The messages
-- behind them move up, and the next claim checks them. Returns the number of each account. The caller has locked the
-- lanes.
-- plan: kept indexed nested
create function hold_stopped_heads(p_lanes lane_limits[], p_accounts uuid[], p_max int[], t timestamptz)
returns table (account_id uuid, done int) language plpgsql volatile as $$
#variable_conflict use_column
declare accounts uuid[]; conversations uuid[];
begin
  with found as materialized (
    select distinct p.place from ready_heads(p_lanes, p_accounts, p_max, t) p
      cross join lateral (select o.campaign_id from open_message o where o.id = p.id limit 1) o
      cross join lateral (select k.state from campaign k where k.id = o.campaign_id limit 1) k
    where k.state in ('paused', 'held', 'cancelled')), -- @mutant campaign-stopped
  later as (
    update open_message m set state = 'held', head = false, ready_at = 'infinity', wait_reason = 'campaign_paused'
    from found f where m.ctid = f.place returning m.account_id, m.conversation_id)
  select array_agg(account_id), array_agg(distinct conversation_id) into accounts, conversations from later;
  if accounts is null then return; end if;
  perform advance(conversations, t);
  return query select x, count(*)::int from unnest(accounts) x group by 1;
end $$;
