-- Holds ready heads that may not leave: the window of their conversation is closed, or the channel does not send their
-- kind for now. A closed window holds all messages of the conversation that need it; of a kind at most 400 heads a
-- priority are held. The others of these conversations move up. Returns the number of each account. The caller has
-- locked the lanes.
-- plan: kept indexed nested
create function hold_heads(p_lanes lane_limits[], t timestamptz) returns table (account_id uuid, done int)
language plpgsql volatile as $$
#variable_conflict use_column
declare accounts uuid[]; conversations uuid[];
begin
  with shut as materialized (
    select distinct o.conversation_id from unnest(p_lanes) l cross join lateral (
      select h.conversation_id from open_message h where h.account_id = l.account_id and h.needs_window and h.head
        and h.state = 'queued' and h.ready_at <= t) o
    cross join lateral (select window_open(v.last_received_at, v.last_called_at, t) as is_open from conversation v
      where v.id = o.conversation_id limit 1) v
    where not v.is_open), -- @mutant window-holds
  waiting as (
    select o.place, 'infinity'::timestamptz as until, 'window_closed' as reason from shut s cross join lateral (
      select x.ctid as place, x.needs_window from open_message x where x.conversation_id = s.conversation_id and x.head
        and x.state = 'queued'
      union all select x.ctid, x.needs_window from open_message x where x.conversation_id = s.conversation_id
        and not x.head and x.state = 'queued') o
    where o.needs_window),
  restricted as (
    select c.place, l.held_kinds[c.kind] as until, 'restricted' as reason from unnest(p_lanes) l,
      (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
      select o.ctid as place, o.kind, o.conversation_id from open_message o
      where o.account_id = l.account_id and o.priority = p.priority and o.head and o.state = 'queued'
        and o.ready_at <= t order by o.ready_at, o.seq limit 400) c
    where l.slots > 0 and l.held_kinds[c.kind] > t -- @mutant restricted-holds
      and (select true from shut s where s.conversation_id = c.conversation_id limit 1) is null),
  later as (
    update open_message m set state = 'held', head = false, ready_at = f.until, wait_reason = f.reason
    from (select * from waiting union all select * from restricted) f where m.ctid = f.place
    returning m.account_id, m.conversation_id)
  select array_agg(account_id), array_agg(distinct conversation_id) into accounts, conversations from later;
  if accounts is null then return; end if;
  perform advance(conversations, t);
  return query select x, count(*)::int from unnest(accounts) x group by 1;
end $$;
