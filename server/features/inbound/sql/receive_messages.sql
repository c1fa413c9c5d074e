-- Stores the messages of webhooks: those of people with store_received, those that the business wrote on its phone with
-- store_echoes. p_messages is a list of `received`; the caller passes each (account, channel message id, address) once.
-- Finds or creates the contacts and the conversations. Two contacts that turn out to be one person stay two until a
-- sweep merges them. Returns the id of each stored message, and its n.
-- plan: inherited
create function receive_messages(p_now timestamptz, p_messages jsonb)
returns table (message_id uuid, n bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := clock(p_now);
  messages received[] := array(select m from jsonb_populate_recordset(null::received, p_messages) m);
  threads uuid[];
begin
  perform ensure_people(t, array_agg(m.workspace_id), array_agg(case m.kind when 'phone' then m.address end),
      array_agg(m.user_id), array_agg(m.parent_user_id), array_agg(m.name), array_agg(m.contact_id))
    from unnest(messages) m;
  perform add_aliases(t, array_agg(m.workspace_id), array_agg(case m.kind when 'phone' then m.address end),
      array_agg(m.user_id), array_agg(m.parent_user_id), array_agg(m.username))
    from unnest(messages) m;
  with made as (
    insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, created_at)
    select distinct on (m.account_id, x.contact_id) m.conversation_id, m.workspace_id, m.account_id, x.contact_id,
      max(case when m.imported then least(m.at, t) else t end) over (partition by m.account_id, x.contact_id), t
    from unnest(messages) m
    join contact_address x on x.workspace_id = m.workspace_id and x.kind = m.kind and x.value = m.address
    order by m.account_id, x.contact_id, m.conversation_id
    on conflict (account_id, contact_id) do update
      set last_message_at = greatest(conversation.last_message_at, excluded.last_message_at)
    returning id)
  select array_agg(id) into threads from made;
  -- A contact that was deleted or merged meanwhile: the next try finds what there is now.
  messages := array(
    select (m.n, m.workspace_id, m.account_id, m.kind, m.address, m.user_id, m.parent_user_id, m.username, m.name,
      m.channel_message_id, m.type, m.content, m.context, m.referral, m.group_id, m.error_code, m.error_title, m.at,
      m.unread, m.called_at, m.outbound, m.change, m.imported, m.chat, m.source, m.owner_role, m.word, m.id,
      x.contact_id,
      case when v.id = any (threads) then v.id else raise_serialization_failure() end)::received
    from unnest(messages) m
    left join contact_address x on x.workspace_id = m.workspace_id and x.kind = m.kind and x.value = m.address
    left join conversation v on v.account_id = m.account_id and v.contact_id = x.contact_id);
  -- Who writes can be reached.
  if (select true from contact where unreachable_at is not null limit 1) then
    perform mark_reachable(array_agg(m.contact_id), array_agg(t)) from unnest(messages) m
      where not m.outbound and not m.imported;
  end if;
  if (select true from unnest(messages) m where m.source = 'standby' or m.owner_role is not null limit 1)
    or (select true from conversation v where v.id = any (threads) and v.owned_at is not null limit 1) then
    perform note_owners(messages);
  end if;
  -- Before the messages: who hears of one then knows its effect.
  perform hear_words(messages, t);
  return query select * from store_received(messages, t) union all select * from store_echoes(messages, t);
  if (select true from unnest(messages) m join open_message o on o.account_id = m.account_id and o.needs_window
      limit 1) then
    perform open_windows(array_agg(m.conversation_id), t) from unnest(messages) m;
  end if;
end $$;
