-- Unknown outcomes whose window is over: held for the operator, sent again, or failed, as the message or else its
-- account says. Held instead of sent again is what has used up the calls that the account allows, what the channel's
-- history lists an id for that may be of it, what has expired meanwhile, and what is of a deleted account or for a deleted contact. A window counts
-- only while receipts come in at all, and nothing is settled over what was posted in time and is not read yet, for a day at most.
create function settle_unknown(p_now timestamptz, p_lock_ms int default 0) returns table (account_id uuid, done bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := present(p_now); found_accounts uuid[]; passed uuid[] := '{}'; held uuid[] := '{}'; accounts uuid[] := '{}'; unread unread_lane[];
begin
  perform wait_for_locks(p_lock_ms);
  unread := unread_lanes();
  while accounts = '{}' loop
    found_accounts := array(select distinct x.account_id from (select m.account_id from message m join account a on a.id = m.account_id
      where m.status = 'unknown' and m.settle_at <= t and heard_since(a, m) and (m.account_id = any (passed)) is false
        and not is_unread(unread, m, t) order by m.settle_at limit 500) x);
    exit when found_accounts = '{}';
    passed := passed || found_accounts;
    -- What is sent again may have its place of the day already. Locked first, as a claim may just be finding the day full; an
    -- account whose lane is locked has its turn with a later sweep.
    found_accounts := array(select key from lane where kind = 'send' and key = any (found_accounts) order by key for update skip locked);
    held := held || found_accounts;
    accounts := free_days(found_accounts);
  end loop;
  if accounts = '{}' then accounts := held; end if;
  if accounts = '{}' then return; end if;
  update lane set held_until = t where kind = 'send' and key = any (accounts) and held_until > t and held_reason = 'daily_limit';
  t := lock_days(accounts, p_now);
  return query
  with open as (
    select m.id, m.conversation_id, m.seq, coalesce(m.on_unknown, a.on_unknown) as choice, (t at time zone a.time_zone)::date as today,
      a.retry_attempts,
      case when m.has_candidate then 'history_candidate' when a.deleted_at is not null then 'account_deleted'
        when (select c.deleted_at from contact c where c.id = m.contact_id) is not null then 'contact_deleted'
        when m.expires_at <= t then 'expired' end as obstacle
    from message m join account a on a.id = m.account_id
    where m.status = 'unknown' and m.settle_at <= t and (m.account_id = any (accounts)) is true and heard_since(a, m) and not is_unread(unread, m, t)
    order by m.settle_at limit 500 for update of m skip locked),
  due as (
    select o.id, o.today, case when u.calls >= o.retry_attempts or o.choice = 'retry' and o.obstacle is not null then 'hold' else o.choice end as choice,
      case when u.calls >= o.retry_attempts then u.calls end as used_up,
      case when u.calls >= o.retry_attempts then 'attempts_used_up' when o.choice = 'retry' then o.obstacle end as reason,
      least(1000, row_number() over (partition by o.conversation_id order by o.seq) - 1) as turn
    from open o left join lateral (select count(*)::int as calls from attempt k
      where k.message_id = o.id and k.class in ('not_sent', 'unknown')) u on o.choice = 'retry'),
  settled as (
    update message m set settle_at = null, turn = d.turn, event_count = m.event_count + 1,
      status = case d.choice when 'retry' then 'queued' when 'fail' then 'failed' else m.status end,
      due_at = case when d.choice = 'retry' then t else m.due_at end,
      stuck_at = case when d.choice = 'retry' then null else m.stuck_at end,
      failed_at = case when d.choice = 'fail' then t end,
      error_code = case when d.choice = 'fail' then 'unknown_outcome' end,
      error_title = case when d.choice = 'fail' then 'No receipt told within the window whether WhatsApp took the message.' end
    from due d where m.id = d.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, m.budget_day, m.error_code, m.error_title, d.choice, d.used_up, d.reason, d.today),
  counted as (
    update account_day y set queued = y.queued + s.n
    from (select account_id, today, count(*)::int as n from settled where choice = 'retry' and budget_day is distinct from today group by 1, 2) s
    where y.account_id = s.account_id and y.day = s.today),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, case choice when 'retry' then 'message.queued' when 'fail' then 'message.failed' else 'message.held' end,
      account_id, id, event_count, jsonb_strip_nulls(jsonb_build_object('on_unknown', choice, 'code', error_code, 'title', error_title,
        'reason', reason, 'attempts', used_up)), t from settled)
  select account_id, count(*) from settled group by 1;
end $$;
