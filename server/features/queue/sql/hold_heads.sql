-- Holds heads on the page of a claim that may not leave: the window of their conversation is closed, or
-- the channel does not send their kind for now. A closed window holds all messages of the conversation that need it.
-- The others of these conversations move up, and the next claim checks them. Returns the number of each account. The
-- caller has locked the lanes.
-- plan: kept indexed nested
create function hold_heads(p_lanes lane_limits[], t timestamptz) returns table (account_id uuid, done int)
language plpgsql volatile as $$
#variable_conflict use_column
declare accounts uuid[]; conversations uuid[];
begin
  -- The pages of candidates, without what has expired. A longer one where many heads may be restricted.
  with page as materialized (
    select c.*, l.held_kinds from unnest(p_lanes) l, (values (0::smallint), (1::smallint), (2::smallint)) p(priority),
      lateral (select o.ctid as place, o.kind, o.conversation_id, o.needs_window from open_message o
        where o.account_id = l.account_id and o.priority = p.priority and o.head and o.state = 'queued'
          and o.ready_at <= t and (o.expires_at is null or o.expires_at > t)
        order by o.ready_at, o.seq limit case when l.recipient_wait is null and l.left_new is null
          and l.held_kinds is null then l.slots else 400 end) c
    where l.slots > 0
    union all
    select c.*, l.held_kinds from unnest(p_lanes) l, lateral (
      select o.ctid as place, o.kind, o.conversation_id, o.needs_window from open_message o
      where o.account_id = l.account_id and o.head and o.state = 'queued' and o.usage_day is not null
        and o.ready_at <= t and (o.expires_at is null or o.expires_at > t) order by o.ready_at limit 400) c
    where l.slots > 0 and l.left_today <= 0),
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
    select distinct p.place, p.held_kinds[p.kind], 'restricted' from page p
    where p.held_kinds[p.kind] > t -- @mutant restricted-holds
      and (select true from shut s where s.conversation_id = p.conversation_id limit 1) is null),
  later as (
    update open_message m set state = 'held', head = false, ready_at = f.until, wait_reason = f.reason
    from found f where m.ctid = f.place returning m.account_id, m.conversation_id)
  select array_agg(account_id), array_agg(distinct conversation_id) into accounts, conversations from later;
  if accounts is null then return; end if;
  perform advance(conversations, t);
  return query select x, count(*)::int from unnest(accounts) x group by 1;
end $$;
