-- Marks what people wrote before an answer on the phone of the business as read. It was read there, so the channel gets
-- no receipt. Each answer has its conversation, its group and its time. The caller has locked the conversations.
create function read_on_phone(p_conversations uuid[], p_groups text[], p_at timestamptz[], t timestamptz)
returns void language sql volatile as $$
  with answered as materialized (
    select u.v, u.g, max(u.at) as at from unnest(p_conversations, p_groups, p_at) u(v, g, at) group by 1, 2),
  read as (
    update message m set status = 'read', read_at = t, event_count = m.event_count + 1
    from answered a where m.conversation_id = a.v and m.direction = 'inbound' and m.listed_status = 'received'
      and m.group_id is not distinct from a.g and m.sent_at <= a.at
    returning m.id, m.workspace_id, m.account_id, m.conversation_id, m.event_count),
  counted as (
    update conversation v set marked_unread = false, unread_count = (select count(*) from message m
      where m.conversation_id = v.id and m.direction = 'inbound' and m.listed_status = 'received') - r.n
    from (select conversation_id, count(*)::int as n from read group by 1) r where v.id = r.conversation_id
    returning v.id, v.workspace_id, v.account_id, v.contact_id, v.unread_count),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, at)
    select workspace_id, 'message.read', account_id, id, event_count, t from read order by id)
  insert into event (workspace_id, type, account_id, data, at)
    select workspace_id, 'conversation.read', account_id, jsonb_build_object('conversation_id', id,
      'contact_id', contact_id, 'unread_count', unread_count), t from counted $$;
