-- Holds heads on the page of a claim that may not leave: the window of their conversation is closed, or
-- the channel does not send their kind for now. A closed window holds all messages of the conversation that need it.
-- The others of these conversations move up, and the next claim checks them. Returns the number of each account. The
-- caller has locked the lanes.
-- plan: kept indexed nested
create function hold_heads(p_lanes lane_limits[], p_accounts uuid[], p_max int[], t timestamptz)
returns table (account_id uuid, done int)
language plpgsql volatile as $$
#variable_conflict use_column
declare accounts uuid[]; conversations uuid[];
begin
  with page as materialized (select p.* from ready_heads(p_lanes, p_accounts, p_max, t) p),
  shut as materialized (
    select distinct p.conversation_id from page p cross join lateral (
      select window_open(o.last_received_at, o.last_called_at, t) as is_open from conversation o
      where o.id = p.conversation_id limit 1) v
    where p.needs_window and not v.is_open), -- @mutant window-holds
  found as (
    select o.place, 'infinity'::timestamptz as until, 'window_closed' as reason from shut s cross join lateral (
      select x.ctid as place, x.needs_window from open_message x where x.conversation_id = s.conversation_id and x.head
        and x.state = 'queued'
      union all select x.ctid, x.needs_window from open_message x where x.conversation_id = s.conversation_id
        and not x.head and x.state = 'queued') o
    where o.needs_window
    union all
    select distinct p.place, p.held_until, 'restricted' from page p
    where p.held_until > t -- @mutant restricted-holds
      and (select true from shut s where s.conversation_id = p.conversation_id limit 1) is null),
  later as (
    update open_message m set state = 'held', head = false, ready_at = f.until, wait_reason = f.reason
    from found f where m.ctid = f.place returning m.account_id, m.conversation_id)
  select array_agg(account_id), array_agg(distinct conversation_id) into accounts, conversations from later;
  if accounts is null then return; end if;
  perform advance(conversations, t);
  return query select x, count(*)::int from unnest(accounts) x group by 1;
end $$;
