-- Counts, kept by triggers.
-- Each statement that changes messages says in its own transaction what it changed in the counts. The rows are added and
-- never updated, so nobody waits for anybody; the sweep folds them into message_count, outbound_count and message_gauge.
-- Folded and unfolded rows are exact together, at any moment. The statements read nothing but what was changed, so
-- their plans may be kept. Deleted messages stay counted in messages and accepted, which are history.
create function counted_quarter(p_at timestamptz) returns timestamptz language sql immutable parallel safe as
  $$ select date_bin('15 minutes', p_at, 'epoch') $$;

create function counted_code(p_status text, p_code text) returns text language sql immutable parallel safe as
  $$ select case when p_status = 'failed' then coalesce(p_code, '') else '' end $$;

create function counted_priority(p_status text, p_priority smallint) returns smallint language sql immutable parallel safe as
  $$ select case when p_status in ('scheduled', 'queued', 'sending', 'unknown') then p_priority else 1::smallint end $$;

create function counted_template(p_type text, p_content jsonb) returns text language sql immutable parallel safe as
  $$ select case when p_type = 'template' then p_content ->> 'name' end $$;

-- The calling code of the number of an outbound message. No code is the beginning of another.
create function counted_calling_code(p_direction text, p_address text) returns text language sql immutable parallel safe
as $$ select case when p_direction = 'outbound' then substring(p_address from
  '^\+([17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]'
    '|(?:2[1-689]|3[578]|42|5[09]|6[7-9]|8[035789]|9[679])\d)') end $$;

create function counted_hour(p_at timestamptz) returns timestamptz language sql immutable parallel safe as
  $$ select date_bin('1 hour', p_at, 'epoch') $$;

-- The bucket of a histogram: the n-th is about 1.15^n ms, the last one 59 days and more.
create function counted_bucket(p_took interval) returns smallint language sql immutable parallel safe as
  $$ select least(160, ln(greatest(1, extract(epoch from p_took)::float * 1000)) / ln(1.15::float))::int::smallint $$;

-- The stretch of seq in which lists find a message that has no listed_status.
create function counted_span(p_listed text, p_seq bigint) returns bigint language sql immutable parallel safe as
  $$ select case when p_listed is null then p_seq >> 9 end $$;

create function count_added() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  insert into message_delta (workspace_id, quarter, account_id, direction, type, status, priority, code,
      template, category, calling_code, campaign_id, created_by, span, messages, accepted, present)
    select workspace_id, counted_quarter(created_at), account_id, direction, type, status,
      counted_priority(status, priority), counted_code(status, error_code), counted_template(type, content), category,
      counted_calling_code(direction, address), campaign_id, created_by, counted_span(listed_status, seq),
      count(*) filter (where not imported), count(sent_at) filter (where not imported), count(*)
    from added group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14;
  if exists (select 1 from added where campaign_id is not null) then
    insert into campaign_delta (campaign_id, of, value, code, n)
      select campaign_id, 'message', status, '', count(*) from added where campaign_id is not null group by 1, 3;
  end if;
  return null;
end $$;

create function count_changed() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if not exists (select 1 from added) then return null; end if;
  insert into message_delta (workspace_id, quarter, account_id, direction, type, status, priority, code,
      template, category, calling_code, campaign_id, created_by, span, messages, accepted, present)
    select workspace_id, counted_quarter(created_at), account_id, direction, type, status,
      counted_priority(status, priority), counted_code(status, error_code), counted_template(type, content), category,
      counted_calling_code(direction, address), campaign_id, created_by, counted_span(listed_status, seq),
      coalesce(sum(n) filter (where not imported), 0),
      coalesce(sum(n) filter (where sent_at is not null and not imported), 0), sum(n)
    from (select 1 as n, workspace_id, created_at, account_id, direction, type, status, priority, error_code, content,
          category, address, campaign_id, created_by, listed_status, seq, sent_at, imported from added
      union all select -1, workspace_id, created_at, account_id, direction, type, status, priority, error_code, content,
          category, address, campaign_id, created_by, listed_status, seq, sent_at, imported from removed) x
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
    having sum(n) <> 0 or coalesce(sum(n) filter (where sent_at is not null), 0) <> 0;
  if exists (select 1 from added where campaign_id is not null) then
    insert into campaign_delta (campaign_id, of, value, code, n)
      select campaign_id, 'message', status, coalesce(error_code, ''), sum(n)
      from (select 1 as n, campaign_id, status, error_code from added
        union all select -1, campaign_id, status, error_code from removed) x
      where campaign_id is not null group by 1, 3, 4 having sum(n) <> 0;
  end if;
  return null;
end $$;

-- How long it took from the channel to the phone. Times may change later, with another receipt.
create function count_network() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if not exists (select 1 from added where delivered_at is not null) then return null; end if;
  insert into latency_delta (workspace_id, stage, hour, account_id, bucket, n)
    select workspace_id, 'network', counted_hour(created_at), account_id, counted_bucket(delivered_at - sent_at), sum(n)
    from (select 1 as n, workspace_id, created_at, account_id, delivered_at, sent_at, direction, imported from added
      union all select -1, workspace_id, created_at, account_id, delivered_at, sent_at, direction, imported from removed) x
    where direction = 'outbound' and not imported and delivered_at is not null and sent_at is not null
    group by 1, 3, 4, 5 having sum(n) <> 0;
  return null;
end $$;

create function count_deleted() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  insert into message_delta (workspace_id, quarter, account_id, direction, type, status, priority, code,
      template, category, calling_code, campaign_id, created_by, span, messages, accepted, present)
    select workspace_id, counted_quarter(created_at), account_id, direction, type, status,
      counted_priority(status, priority), counted_code(status, error_code), counted_template(type, content), category,
      counted_calling_code(direction, address), campaign_id, created_by, counted_span(listed_status, seq),
      0, 0, -count(*)
    from removed group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14;
  return null;
end $$;

create trigger message_added after insert on message referencing new table as added
  for each statement execute function count_added();
create trigger message_changed after update on message referencing old table as removed new table as added
  for each statement execute function count_changed();
create trigger message_arrived after update on message referencing old table as removed new table as added
  for each statement execute function count_network();
create trigger message_deleted after delete on message referencing old table as removed
  for each statement execute function count_deleted();

-- The same of contacts and conversations, for the totals of their lists.
create function count_conversations() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if tg_op = 'INSERT' then
    if not exists (select 1 from added) then return null; end if;
    insert into list_delta (workspace_id, account_id, list, entries)
      select c.workspace_id, c.account_id, l.list, count(*) from added c, (values ('conversations'), ('unread')) l(list)
      where l.list = 'conversations' or c.unread group by 1, 2, 3;
  else
    insert into list_delta (workspace_id, account_id, list, entries)
      select c.workspace_id, c.account_id, l.list, -count(*) from removed c, (values ('conversations'), ('unread')) l(list)
      where l.list = 'conversations' or c.unread group by 1, 2, 3;
  end if;
  return null;
end $$;

create function count_conversation_unread() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  insert into list_delta (workspace_id, account_id, list, entries)
    values (new.workspace_id, new.account_id, 'unread', case when new.unread then 1 else -1 end);
  return null;
end $$;

create function count_contacts() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if tg_op = 'INSERT' then
    if not exists (select 1 from added) then return null; end if;
    insert into list_delta (workspace_id, list, entries)
      select workspace_id, 'contacts', count(*) from added where deleted_at is null group by 1;
  else
    insert into list_delta (workspace_id, list, entries)
      select workspace_id, 'contacts', -count(*) from removed where deleted_at is null group by 1;
  end if;
  return null;
end $$;

-- Deleting a contact leaves its row.
create function count_contact_deleted() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  insert into list_delta (workspace_id, list, entries)
    values (new.workspace_id, 'contacts', case when new.deleted_at is null then 1 else -1 end);
  return null;
end $$;

create trigger conversation_added after insert on conversation referencing new table as added
  for each statement execute function count_conversations();
create trigger conversation_removed after delete on conversation referencing old table as removed
  for each statement execute function count_conversations();
create trigger conversation_unread after update of unread_count, marked_unread on conversation
  for each row when (old.unread <> new.unread) execute function count_conversation_unread();
create trigger contact_added after insert on contact referencing new table as added
  for each statement execute function count_contacts();
create trigger contact_removed after delete on contact referencing old table as removed
  for each statement execute function count_contacts();
create trigger contact_deleted after update of deleted_at on contact
  for each row when ((old.deleted_at is null) <> (new.deleted_at is null)) execute function count_contact_deleted();

-- The counts of campaigns.
create function count_recipients() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if tg_op = 'INSERT' then
    insert into campaign_delta (campaign_id, of, value, code, n)
      select campaign_id, 'recipient', state, coalesce(reason, ''), count(*) from added group by 1, 3, 4;
  else
    insert into campaign_delta (campaign_id, of, value, code, n)
      with x as (select 1 as n, added.* from added union all select -1, removed.* from removed)
      select campaign_id, 'recipient', state, coalesce(reason, ''), sum(n) from x group by 1, 3, 4 having sum(n) <> 0
      union all
      select campaign_id, 'reply', reply_kind, '', sum(n) from x where reply_kind is not null
        group by 1, 3 having sum(n) <> 0
      union all
      select campaign_id, 'opted_out', '', '', sum(n) from x where opted_out_at is not null
        group by 1 having sum(n) <> 0;
  end if;
  return null;
end $$;
create trigger campaign_recipient_added after insert on campaign_recipient referencing new table as added
  for each statement execute function count_recipients();
create trigger campaign_recipient_changed after update on campaign_recipient
  referencing old table as removed new table as added for each statement execute function count_recipients();

-- An inbound message is the reply to a campaign: surely, where it quotes a message of it or is of its button; likely,
-- where it is the first one of the person in the time of the newest campaign that they got from this account.
create function keep_reply() returns trigger language plpgsql as $$
begin
  update campaign_recipient r set reply_kind = x.kind, reply_message_id = new.id, replied_at = new.created_at
    from (
      select y.campaign_id, y.contact_id, case when y.is_sure then 'sure' else 'likely' end as kind
      from (select o.campaign_id, o.contact_id, o.replied_at, o.accepted_at, k.settings,
          (select m.channel_message_id from message m where m.id = o.message_id limit 1) = new.context ->> 'id' as is_sure,
          row_number() over (order by o.accepted_at desc, o.campaign_id) as place
        from campaign_recipient o join campaign k on k.id = o.campaign_id
        where o.contact_id = new.contact_id and o.account_id = new.account_id and o.state = 'accepted'
          and not exists (select 1 from opt_out_ledger l where l.proof ->> 'message_id' = new.id::text
            and l.proof ? 'message_id' and l.kind = 'out')) y
      where y.replied_at is null and (y.is_sure or y.place = 1
        and new.created_at < y.accepted_at + (y.settings ->> 'reply_hours')::int * interval '1 hour')
      order by y.is_sure is true desc limit 1) x
    where r.campaign_id = x.campaign_id and r.contact_id = x.contact_id;
  return null;
end $$;
create trigger message_replied after insert on message for each row
  when (new.direction = 'inbound' and not new.imported) execute function keep_reply();

-- An opt-out of the person belongs to the newest campaign that they got in its time, and is no reply to it.
create function keep_campaign_opt_out() returns trigger language plpgsql as $$
begin
  update campaign_recipient r set opted_out_at = new.at,
      reply_kind = case when r.reply_message_id::text = new.proof ->> 'message_id' then null else r.reply_kind end,
      replied_at = case when r.reply_message_id::text = new.proof ->> 'message_id' then null else r.replied_at end,
      reply_message_id = case when r.reply_message_id::text = new.proof ->> 'message_id' then null
        else r.reply_message_id end
    from (select o.campaign_id, o.contact_id from campaign_recipient o join campaign k on k.id = o.campaign_id
      where o.contact_id = new.contact_id and o.state = 'accepted'
        and new.at < o.accepted_at + (k.settings ->> 'reply_hours')::int * interval '1 hour'
      order by o.accepted_at desc, o.campaign_id limit 1) x
    where r.campaign_id = x.campaign_id and r.contact_id = x.contact_id and r.opted_out_at is null;
  return null;
end $$;
create trigger opt_out_of_campaign after insert on opt_out_ledger for each row
  when (new.kind = 'out' and new.source in ('word', 'button', 'whatsapp', 'rejection', 'page')
    and new.contact_id is not null) execute function keep_campaign_opt_out();
