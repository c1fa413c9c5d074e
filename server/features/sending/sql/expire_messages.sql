-- Messages whose time has passed before they were sent.
create function expire_messages(p_now timestamptz, p_lock_ms int default 0) returns table (account_id uuid, done bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare t timestamptz := present(p_now); found_accounts uuid[]; held uuid[] := '{}'; accounts uuid[] := '{}'; conversations uuid[];
begin
  perform wait_for_locks(p_lock_ms);
  -- However much the accounts have that somebody holds, the others are looked for behind it.
  while accounts = '{}' loop
    found_accounts := array(select distinct x.account_id from (select o.account_id from message o where o.status in ('scheduled', 'queued')
      and o.expires_at <= t and (o.account_id = any (held)) is false order by o.expires_at limit 500) x);
    exit when found_accounts = '{}';
    held := held || found_accounts;
    accounts := free_days(found_accounts);
  end loop;
  -- Where somebody holds each, they are waited for, as they may be held again and again.
  if accounts = '{}' then accounts := held; end if;
  if accounts = '{}' then return; end if;
  t := lock_days(accounts, p_now);
  with gone as (
    update message m set status = 'expired', wait_reason = null, event_count = m.event_count + 1
    from (select o.id, o.status, o.wait_reason from message o where o.status in ('scheduled', 'queued') and o.expires_at <= t
      and (o.account_id = any (accounts)) is true order by o.expires_at limit 500 for update skip locked) x
    where m.id = x.id
    returning m.id, m.workspace_id, m.account_id, m.conversation_id, m.event_count, m.budget_day, x.status as before, x.wait_reason as waited),
  counted as (
    update account_day d set queued = greatest(0, d.queued - g.n)
    from (select o.account_id, (t at time zone a.time_zone)::date as day, count(*)::int as n from gone o join account a on a.id = o.account_id
      where o.before = 'queued' and o.budget_day is distinct from (t at time zone a.time_zone)::date group by 1, 2) g
    where d.account_id = g.account_id and d.day = g.day),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, at)
    select workspace_id, 'message.expired', account_id, id, event_count, t from gone)
  select array_agg(g.account_id), array_agg(distinct g.conversation_id) filter (where g.waited is not null)
    into accounts, conversations from gone g;
  perform free_followers(conversations, t) where conversations is not null;
  return query select x, count(*) from unnest(accounts) x group by 1;
end $$;
