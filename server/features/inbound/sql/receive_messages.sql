-- Stores inbound messages. Finds or creates the contact and conversation by the writer's address. p_user_id is the
-- channel's id of the writer beside the number. It leads to the same contact, so a person who later hides or shows the
-- number stays the same contact. Two existing contacts, one for each address, stay two: conversations are not merged.
-- A notice of the channel about the person (type system) is in the conversation, but is not unread and not counted.
-- A stored message stays unchanged, except that the real message replaces a placeholder (type unsupported) and is
-- unread. The caller passes each (account, channel message id, address) once. Returns the id of each stored message,
-- and its index in the arrays.
create function receive_messages(p_now timestamptz, p_workspace uuid[], p_account uuid[], p_kind text[],
  p_address text[],
  p_user_id text[], p_name text[], p_channel_message_id text[], p_type text[], p_content jsonb[], p_context jsonb[],
    p_referral jsonb[],
  p_error_code text[], p_error_title text[], p_at timestamptz[], p_id uuid[], p_contact uuid[], p_conversation uuid[])
returns table (message_id uuid, n bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := clock(p_now);
begin
  -- A deletion of one of these contacts commits first, so no address stays for a deleted contact.
  perform 1 from contact where id = any (array(
      select coalesce(x.contact_id, y.contact_id) from unnest(p_workspace, p_kind, p_address, p_user_id) u(w, k, v, b)
      left join lateral (select contact_id from contact_address where workspace_id = u.w and kind = 'phone'
        and value = u.v limit 1) x on true
      left join lateral (select contact_id from contact_address where workspace_id = u.w and kind = 'bsuid'
        and value = u.b limit 1) y on true
      where u.k = 'phone' and u.b is not null and (x.contact_id is null) <> (y.contact_id is null)))
        order by id for key share;

  -- Numbers first, each of the contact that has the writer's other name, unless that has a number already: they took a
  -- new one, and the old one may be somebody else's by now.
  with address as (
    insert into contact_address (workspace_id, kind, value, contact_id)
    select distinct on (u.w, u.v) u.w, u.k, u.v, coalesce(b.contact_id, u.c)
    from unnest(p_workspace, p_kind, p_address, p_user_id, p_contact) u(w, k, v, b, c)
    left join lateral (select o.contact_id from contact_address o where o.workspace_id = u.w and o.kind = 'bsuid'
      and o.value = u.b
      and not exists (select 1 from contact_address x where x.contact_id = o.contact_id
        and x.kind = 'phone') limit 1) b on true
    where u.k = 'phone' and not exists (select 1 from contact_address x where x.workspace_id = u.w and x.kind = u.k
      and x.value = u.v)
    order by u.w, u.v, b.contact_id, u.c
    on conflict do nothing
    returning workspace_id, contact_id)
  insert into contact (id, workspace_id, created_at, updated_at)
    select contact_id, workspace_id, t, t from address on conflict (id) do nothing;

  with address as (
    insert into contact_address (workspace_id, kind, value, contact_id)
    select distinct on (u.w, u.b) u.w, 'bsuid', u.b, coalesce(x.contact_id, u.c)
    from unnest(p_workspace, p_kind, p_address, p_user_id, p_contact) u(w, k, v, b, c)
    left join lateral (select contact_id from contact_address where workspace_id = u.w and kind = 'phone'
      and u.k = 'phone' and value = u.v limit 1) x on true
    where u.b is not null and not exists (select 1 from contact_address y where y.workspace_id = u.w
      and y.kind = 'bsuid' and y.value = u.b)
    order by u.w, u.b, x.contact_id, u.c
    on conflict do nothing
    returning workspace_id, contact_id)
  insert into contact (id, workspace_id, created_at, updated_at)
    select contact_id, workspace_id, t, t from address on conflict (id) do nothing;

  update contact c set name = u.name, updated_at = t
    from (select distinct on (x.contact_id) x.contact_id, u.name
      from unnest(p_workspace, p_kind, p_address, p_name) with ordinality u(w, k, v, name, n)
      join contact_address x on x.workspace_id = u.w and x.kind = u.k and x.value = u.v
      where u.name is not null order by x.contact_id, u.n desc) u
    where c.id = u.contact_id and c.name is null;

  -- Who writes can be reached.
  if (select true from contact where unreachable_at is not null limit 1) then
    update contact c set unreachable_at = null from unnest(p_workspace, p_kind, p_address) u(w, k, v)
      join contact_address x on x.workspace_id = u.w and x.kind = u.k and x.value = u.v
      where c.id = x.contact_id and c.unreachable_at is not null;
  end if;

  insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, created_at)
    select distinct on (u.a, x.contact_id) u.cv, u.w, u.a, x.contact_id, t, t
    from unnest(p_workspace, p_account, p_kind, p_address, p_conversation) u(w, a, k, v, cv)
    join contact_address x on x.workspace_id = u.w and x.kind = u.k and x.value = u.v
    order by u.a, x.contact_id, u.cv
    on conflict (account_id, contact_id) do update set last_message_at = greatest(conversation.last_message_at,
      excluded.last_message_at);

  return query
  with found as materialized (
    select u.*, case when v.id is null then raise_serialization_failure() else v.id end as conversation,
      x.contact_id as contact
    from unnest(p_workspace, p_account, p_kind, p_address, p_channel_message_id, p_type, p_content, p_context,
      p_referral,
        p_error_code, p_error_title, p_at, p_id)
      with ordinality u(w, a, k, v, cm, type, content, context, referral, code, title, at, m, n)
    left join contact_address x on x.workspace_id = u.w and x.kind = u.k and x.value = u.v
    left join conversation v on v.account_id = u.a and v.contact_id = x.contact_id),
  -- Placeholders that somebody has read; the conversations are locked, so that nobody reads one at this moment.
  seen as materialized (
    select m.id from found f join message m on m.account_id = f.a and m.channel_message_id = f.cm and m.address = f.v
      and m.direction = 'inbound' and m.type = 'unsupported' and m.status = 'read'),
  stored as (
    insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
      context, referral,
      error_code, error_title, status, channel_message_id, event_count, created_at, sent_at)
    select u.m, u.w, u.a, u.conversation, u.contact, 'inbound', u.v, u.type, u.content, u.context, u.referral, u.code,
      u.title, case u.type when 'system' then 'read' else 'received' end, u.cm, 1, t, u.at
    from found u
    order by u.n
    on conflict (account_id, channel_message_id, address) where direction = 'inbound'
      do update set type = excluded.type, content = excluded.content, context = excluded.context,
        referral = excluded.referral,
        error_code = excluded.error_code, error_title = excluded.error_title, status = 'received', read_at = null,
        event_count = message.event_count + 1
      where message.type = 'unsupported' and excluded.type not in ('unsupported', 'system')
    returning id, workspace_id, account_id, conversation_id, channel_message_id, address, event_count, sent_at,
      (xmax = 0) as fresh,
      (xmax = 0) and type <> 'system' as written,
      -- What a person writes in a group opens no conversation between us.
      (xmax = 0) and type <> 'system' and content->>'type' is distinct from 'group' as direct),
  counted as (
    update conversation v set unread_count = v.unread_count + s.unread, received_count = v.received_count + s.n,
      -- A webhook may come late: what counts is when the person wrote.
      last_received_at = greatest(v.last_received_at, s.at)
    from (select conversation_id, count(*) filter (where written)::int as n, max(least(t,
      sent_at)) filter (where direct) as at,
        count(*) filter (where written or id in (select id from seen))::int as unread
      from stored group by 1) s where v.id = s.conversation_id and s.unread > 0),
  -- Who has written to us is no new conversation any more; the caller has locked the lanes of accounts that count them.
  freed as (
    update open_message m set ready_at = t, wait_reason = null
    from (select distinct conversation_id from stored where direct) s
    where m.conversation_id = s.conversation_id and m.head and m.state = 'queued'
      and m.wait_reason = 'new_conversation_limit'),
  today as (
    insert into daily_received (account_id, day, received)
    select s.account_id, (t at time zone a.time_zone)::date, s.n
    from (select account_id, count(*)::int as n from stored where written group by 1) s
      join account a on a.id = s.account_id order by 1
    on conflict (account_id, day) do update set received = daily_received.received + excluded.received),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.received', account_id, id, event_count,
      case when fresh then '{}' else '{"replaced": "unsupported"}' end::jsonb, t from stored)
  select s.id, f.n from stored s
    join found f on f.a = s.account_id and f.cm = s.channel_message_id and f.v = s.address order by f.n;
  if (select true from open_message o where o.account_id = any (p_account) and o.needs_window limit 1) then
    perform open_windows(array(select m.conversation_id from message m where m.id = any (p_id)), t);
  end if;
end $$;
