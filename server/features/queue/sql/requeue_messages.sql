-- Puts failed or unknown messages back into the queue as if they were new. p_data: the data of the event. The caller
-- has locked the lanes. Returns the accounts.
-- plan: kept indexed nested
create function requeue_messages(t timestamptz, p_ids uuid[], p_data jsonb) returns table (account_id uuid, done bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare accounts uuid[]; conversations uuid[];
begin
  with shown as (
    update message m set status = 'queued', error_code = null, error_title = null, failed_at = null, reported_at = null,
      event_count = m.event_count + (p_data is not null)::int
    from (select id from message where id = any (p_ids) and status in ('failed', 'unknown')
      and (select o.state from open_message o where o.id = message.id limit 1) is distinct from 'sending'
        order by id for update) x
    where m.id = any (p_ids) and m.id = x.id
    returning m.id, m.seq, m.workspace_id, m.account_id, m.conversation_id, m.priority, m.expires_at, m.on_unknown,
      m.event_count, coalesce(m.on_window_closed, (select a.on_window_closed from account a
        where a.id = m.account_id)) = 'hold' as needs_window, message_kind(m.type, m.category) as kind, m.campaign_id),
  opened as (
    insert into open_message as o (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at,
      expires_at, on_unknown, needs_window, kind, campaign_id, fence)
    select id, seq, workspace_id, account_id, conversation_id, priority, 'queued', false, t, expires_at, on_unknown,
      needs_window, kind, campaign_id,
      coalesce((select max(a.number) from attempt a where a.token > s.id and a.token <= token_of(s.id, 65535)), 0)
        from shown s
    on conflict (id) do update set state = 'queued', head = false, ready_at = t, wait_reason = null, resolve_by = null,
      stuck_at = null,
      -- What its setting sends again is no new message.
      failed_attempts = case when p_data ? 'on_unknown' then o.failed_attempts else 0 end,
      usage_day = case when p_data ? 'on_unknown' then o.usage_day end),
  counted as (
    update lane l set queued = l.queued + x.n from (select account_id, count(*)::int as n from shown group by 1) x
    where l.account_id = x.account_id),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.queued', account_id, id, event_count, p_data, t from shown
      where p_data is not null)
  select array_agg(account_id), array_agg(distinct conversation_id) into accounts, conversations from shown;
  if conversations is not null then perform advance(conversations, t); end if;
  return query select x, count(*) from unnest(accounts) x group by 1;
end $$;
