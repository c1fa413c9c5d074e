-- Holds heads on the page of a claim whose campaign is stopped, and ends those of a cancelled one: they came back to
-- the queue after it was. The messages behind them move up, and the next claim checks them. Returns the number of each
-- account. The caller has locked the lanes.
-- plan: kept indexed nested
create function hold_stopped_heads(p_lanes lane_limits[], p_accounts uuid[], p_max int[], t timestamptz)
returns table (account_id uuid, done int) language plpgsql volatile as $$
#variable_conflict use_column
declare later uuid[]; over uuid[]; accounts uuid[]; ended uuid[]; conversations uuid[];
begin
  select array_agg(distinct p.id) filter (where k.state <> 'cancelled'),
      array_agg(distinct p.id) filter (where k.state = 'cancelled') into later, over
    from ready_heads(p_lanes, p_accounts, p_max, t) p
      cross join lateral (select o.campaign_id from open_message o where o.id = p.id limit 1) o
      cross join lateral (select k.state from campaign k where k.id = o.campaign_id limit 1) k
    where k.state in ('paused', 'held', 'cancelled'); -- @mutant campaign-stopped
  if later is not null then
    with held as (
      update open_message m set state = 'held', head = false, ready_at = 'infinity', wait_reason = 'campaign_paused'
      where m.id = any (later) returning m.account_id, m.conversation_id)
    select array_agg(account_id), array_agg(distinct conversation_id) into accounts, conversations from held;
    perform advance(conversations, t);
  end if;
  if over is not null then
    ended := array(
      select account_id from end_open(t, over, 'cancelled', -- @mutant campaign-over
        '{"reason": "campaign_cancelled"}'));
  end if;
  return query select x, count(*)::int from unnest(accounts || ended) x group by 1;
end $$;
