-- Ends messages that have not begun (cancelled, expired), or whose outcome a receipt reports (told). p_data: the data
-- of the event. Returns the ended messages.
-- plan: kept indexed
create function end_open(p_now timestamptz, p_ids uuid[], p_word text, p_data jsonb)
returns table (message_id uuid, account_id uuid) language plpgsql volatile as $$
#variable_conflict use_column
declare t timestamptz; gone uuid[]; accounts uuid[]; conversations uuid[]; left_by uuid[];
begin
  perform 1 from lane l where l.account_id = any (array(select o.account_id from open_message o
    where o.id = any (p_ids)))
    order by l.account_id for update;
  t := clock(p_now);
  with out as (
    delete from open_message o where o.id = any (p_ids)
      and o.state in ('scheduled', 'queued', 'held', case when p_word = 'told' then 'unknown' end) -- @mutant end-sending
      and (p_word <> 'expired' or o.expires_at <= t)
    returning o.id, o.account_id, o.conversation_id, o.state, o.head, o.wait_reason),
  counted as (
    update lane l set queued = l.queued - x.n -- @mutant end-counts
    from (select account_id, count(*)::int as n from out where state in ('queued', 'held') group by 1) x
      where l.account_id = x.account_id),
  shown as (
    update message m set status = p_word, event_count = m.event_count + 1 from out -- @mutant end-word
    where m.id = any (array(select id from out)) and m.id = out.id and p_word <> 'told'
    returning m.id, m.workspace_id, m.account_id, m.event_count),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.' || p_word, account_id, id, event_count, p_data, t from shown)
  select array_agg(id), array_agg(account_id), array_agg(distinct conversation_id) filter (where head),
      array_agg(account_id) filter (where head and wait_reason is distinct from 'new_conversation_limit')
    into gone, accounts, conversations, left_by from out;
  if conversations is not null then perform advance(conversations, t); end if; -- @mutant end-advances
  -- Messages that would have opened a conversation leave their places of the day to those deferred for want
  -- of them.
  perform release_deferred(t, x.id, '{new_conversation_limit}', x.n) from (select u.id, count(*)::int as n
    from unnest(left_by) u(id) join account a on a.id = u.id and a.new_per_day is not null group by 1 order by 1) x;
  return query select * from unnest(gone, accounts);
end $$;
