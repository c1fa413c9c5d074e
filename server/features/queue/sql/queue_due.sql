-- Queues scheduled messages that are due and held messages whose time is over, and makes unknown messages release
-- their conversation after its hold; at most 500 of each. Returns the accounts with the number of messages.
-- plan: kept indexed
create function queue_due(p_now timestamptz) returns table (account_id uuid, done bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare t timestamptz := clock(p_now); due uuid[]; accounts uuid[]; conversations uuid[];
begin
  due := array(select id from open_message where state = 'scheduled' and ready_at <= t order by ready_at limit 500)
    || array(select id from open_message where state = 'held' and ready_at <= t order by ready_at limit 500)
    || array(select id from open_message where head and state = 'unknown' and ready_at <= t
      order by ready_at limit 500);
  if due = '{}' then return; end if;
  perform 1 from lane l where l.account_id = any (array(select o.account_id from open_message o where o.id = any (due)))
    order by l.account_id for update;
  t := clock(p_now);
  with moved as (
    update open_message o set state = case when o.state in ('scheduled', 'held') then 'queued' else o.state end,
      head = false, wait_reason = case when o.state <> 'held' then o.wait_reason end
    from (select x.id, x.state from open_message x where x.id = any (due)) w
    where o.id = any (due) and o.id = w.id and o.ready_at <= t
      and (o.state in ('scheduled', 'held') or o.head and o.state = 'unknown')
    returning o.id, o.account_id, o.conversation_id, w.state as was),
  counted as (
    update lane l set queued = l.queued + x.n
    from (select account_id, count(*)::int as n from moved where was = 'scheduled' group by 1) x
      where l.account_id = x.account_id),
  shown as (
    update message m set status = 'queued', event_count = m.event_count + 1 from moved o
    where m.id = any (array(select id from moved)) and m.id = o.id and o.was = 'scheduled'
    returning m.id, m.workspace_id, m.account_id, m.event_count),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, at)
    select workspace_id, 'message.queued', account_id, id, event_count, t from shown)
  select array_agg(account_id), array_agg(distinct conversation_id) into accounts, conversations from moved;
  if conversations is not null then perform advance(conversations, t); end if;
  return query select x, count(*) from unnest(accounts) x group by 1;
end $$;
