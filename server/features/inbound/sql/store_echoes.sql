-- Stores the outbound ones of these messages, which the business wrote on its own phone, or somebody else for it: they
-- are sent, and there is nothing to call for. What people wrote before an answer on the phone was read there.
-- plan: inherited
create function store_echoes(p_messages received[], t timestamptz)
returns table (message_id uuid, n bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare ids uuid[]; accounts uuid[]; names text[]; sent timestamptz[]; places bigint[];
begin
  if not exists (select 1 from unnest(p_messages) m where m.outbound) then return; end if;
  with stored as (
    insert into message (id, seq, imported, workspace_id, account_id, conversation_id, contact_id, direction, source,
      address, type, content, context, status, channel_message_id, event_count, created_at, sent_at, reported_at,
      edited_at, revoked_at)
    select m.id, case when m.imported then imported_place(m) else nextval('message_seq') end,
      m.imported, m.workspace_id, m.account_id, m.conversation_id, m.contact_id, 'outbound',
      coalesce(m.source, 'phone'), m.address, m.type, m.content, m.context, 'sent', m.channel_message_id, 1,
      case when m.imported then least(t, m.at) else t end,
      case when m.imported then least(t, m.at) else greatest(t, m.at) end,
      -- Nobody is told if no receipt comes: the channel may send none.
      '-infinity', case m.change when 'edited' then m.at end, case m.change when 'revoked' then m.at end
    from unnest(p_messages) m where m.outbound and not exists (select 1 from attempt a
      where a.account_id = m.account_id and a.channel_message_id = m.channel_message_id)
      -- An echo of our own message may come before its call has an outcome.
      and called_token(m.account_id, m.channel_message_id) is null
    order by m.n
    on conflict (account_id, received_id) where direction = 'outbound' and source is not null
      do nothing
    returning id, imported, source, workspace_id, account_id, conversation_id, channel_message_id, type, sent_at),
  counted as (
    update conversation v set sent_count = v.sent_count + s.n,
      (state, state_since, state_by, state_reason, episode_id, waiting_since, answered_at, answered_by,
        assignee_kind, assignee_id, assigned_at, assigned_by, assign_reason) =
        (select w.* from work_answered(v, s.answer, null, t) w)
    from (select conversation_id, count(*)::int as n, (array_agg(id order by id)
        filter (where source = 'phone' and not imported and type <> 'reaction'))[1] as answer
      from stored group by 1) s where v.id = s.conversation_id),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, case when imported then 'message.imported'
        when source = 'standby' then 'message.standby' else 'message.sent' end,
      account_id, id, 1, jsonb_build_object('source', source), t from stored)
  select array_agg(s.id), array_agg(s.account_id), array_agg(s.channel_message_id), array_agg(s.sent_at), array_agg(m.n)
    into ids, accounts, names, sent, places from stored s join unnest(p_messages) m on m.id = s.id;
  if ids is not null then
    perform record_echoes(ids, accounts, names, sent, t);
    perform read_on_phone(array_agg(m.conversation_id), array_agg(m.group_id), array_agg(m.at), t)
      from unnest(p_messages) m where m.id = any (ids) and coalesce(m.source, 'phone') = 'phone' and not m.imported
      having count(*) > 0;
  end if;
  return query select * from unnest(ids, places);
end $$;
