-- Defers ready heads of kinds that the channel does not send for now, at most 400 a priority, and lets the others of
-- their conversations pass. Returns how many of each account. The caller has locked the lanes.
-- plan: kept indexed nested
create function defer_restricted(p_lanes lane_limits[], t timestamptz) returns table (account_id uuid, done int)
language plpgsql volatile as $$
#variable_conflict use_column
declare accounts uuid[]; conversations uuid[];
begin
  with found as materialized (
    select c.place, l.held_kinds[c.kind] as until from unnest(p_lanes) l,
      (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
      select o.ctid as place, o.kind from open_message o
      where o.account_id = l.account_id and o.priority = p.priority and o.head and o.state = 'queued'
        and o.ready_at <= t order by o.ready_at, o.seq limit 400) c
    where l.slots > 0 and l.held_kinds[c.kind] > t),
  later as (
    update open_message m set ready_at = f.until, wait_reason = 'restricted' from found f where m.ctid = f.place
    returning m.account_id, m.conversation_id)
  select array_agg(account_id), array_agg(conversation_id) into accounts, conversations from later;
  if accounts is null then return; end if;
  perform advance(conversations, t);
  return query select x, count(*)::int from unnest(accounts) x group by 1;
end $$;
