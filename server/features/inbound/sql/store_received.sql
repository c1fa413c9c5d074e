-- Stores the inbound ones of these messages, whose conversations are locked. A notice about the person (system), a call
-- and a reaction are in the conversation too; only a call that was missed is unread. A stored message stays unchanged,
-- except that the real message replaces a placeholder (unsupported), and that each notice of a call completes it.
-- plan: inherited
create function store_received(p_messages received[], t timestamptz)
returns table (message_id uuid, n bigint) language plpgsql volatile as $$
#variable_conflict use_column
begin
  return query
  with found as materialized (select * from unnest(p_messages) m where not m.outbound),
  -- Payloads that nobody has to read, at this moment.
  seen as materialized (
    select m.id from found f join message m on m.account_id = f.account_id
      and m.received_id = f.channel_message_id and m.address = f.address
      and m.direction = 'inbound' and m.type in ('unsupported', 'call') and m.status = 'read'),
  stored as (
    insert into message (id, seq, imported, chat, workspace_id, account_id, conversation_id, contact_id, direction,
      source, address, type, content, context, referral, group_id, error_code, error_title, status,
      channel_message_id, event_count, created_at, sent_at, edited_at, revoked_at)
    select m.id, case when m.imported then imported_place(m) else nextval('message_seq') end,
      m.imported, m.chat, m.workspace_id, m.account_id, m.conversation_id, m.contact_id, 'inbound',
      m.source, m.address, m.type, m.content, m.context, m.referral, m.group_id, m.error_code, m.error_title,
      case when m.unread then 'received' else 'read' end, m.channel_message_id, 1,
      case when m.imported then least(t, m.at) else t end, m.at, case m.change when 'edited' then m.at end,
      case m.change when 'revoked' then m.at end
    from found m order by m.n
    on conflict (account_id, received_id, address) where direction = 'inbound'
      do update set type = excluded.type, context = excluded.context, referral = excluded.referral,
        content = case message.type when 'call' then whole_call(message.content, excluded.content)
          else excluded.content end,
        error_code = excluded.error_code, error_title = excluded.error_title,
        status = case when excluded.status = 'received' then 'received' else message.status end,
        read_at = case when excluded.status = 'received' then null else message.read_at end,
        event_count = message.event_count + 1
      where message.type = 'unsupported' and excluded.type not in ('unsupported', 'system', 'reaction', 'call')
        or message.type = 'call' and excluded.type = 'call'
          and whole_call(message.content, excluded.content) <> message.content
    returning id, imported, source, workspace_id, account_id, conversation_id, channel_message_id, address, type,
      status, event_count, sent_at, (xmax = 0) as fresh, (xmax = 0) and type not in ('system', 'call') as written,
      -- What a person writes in a group opens no conversation between us, nor what they wrote before the link.
      (xmax = 0) and type not in ('system', 'call') and group_id is null and not imported as direct),
  counted as (
    update conversation v set unread_count = v.unread_count + s.unread, received_count = v.received_count + s.n,
      -- A webhook may come late: what counts is when the person wrote.
      last_received_at = greatest(v.last_received_at, s.at), last_called_at = greatest(v.last_called_at, s.called_at),
      (state, state_since, state_by, state_reason, snoozed_until, episode_id, waiting_since) =
        (select w.* from work_asked(v, s.asking, s.thanks, t) w)
    from (select s.conversation_id, count(*) filter (where written)::int as n,
        max(least(t, s.sent_at)) filter (where direct) as at,
        bool_and(says_thanks(f.type, f.content)) filter (where asks) as thanks,
        max(least(t, f.called_at)) filter (where f.called_at is not null) as called_at,
        count(*) filter (where s.status = 'received' and (fresh or s.id in (select id from seen)))::int as unread,
        (array_agg(s.id order by f.n) filter (where asks))[1] as asking
      from stored s join found f using (account_id, channel_message_id, address)
      cross join lateral (select direct and s.type <> 'reaction' and s.source is null as asks) q group by 1) s
    where v.id = s.conversation_id),
  -- Who has written to us is no new conversation any more; the caller has locked the lanes of accounts that count them.
  freed as (
    update open_message m set ready_at = t, wait_reason = null
    from (select distinct conversation_id from stored where direct) s
    where m.conversation_id = s.conversation_id and m.head and m.state = 'queued'
      and m.wait_reason = 'new_conversation_limit'),
  today as (
    insert into daily_received (account_id, day, received)
    select s.account_id, (t at time zone a.time_zone)::date, s.n
    from (select account_id, count(*)::int as n from stored where written and not imported group by 1) s
      join account a on a.id = s.account_id order by 1
    on conflict (account_id, day) do update set received = daily_received.received + excluded.received),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, case when imported and fresh then 'message.imported'
      when source = 'standby' then 'message.standby'
      when fresh or type <> 'call' then 'message.received' else 'message.call_updated' end,
      account_id, id, event_count,
      case when fresh or type = 'call' then '{}' else '{"replaced": "unsupported"}' end::jsonb, t from stored)
  select s.id, f.n from stored s join found f on f.account_id = s.account_id
    and f.channel_message_id = s.channel_message_id and f.address = s.address order by f.n;
end $$;
