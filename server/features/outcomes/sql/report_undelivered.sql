-- The watchdog: reports once each message that WhatsApp accepted and never delivered. It works account by account,
-- because each has its own time. It reads no message that is not late, and no account without undelivered messages.
create function report_undelivered(p_now timestamptz) returns bigint language sql volatile as $$
  with recursive t as materialized (select clock(p_now) as now),
  waiting (account_id) as (
    (select m.account_id from message m where m.status = 'sent' and m.reported_at is null order by m.account_id limit 1)
    union all
    select (select m.account_id from message m where m.status = 'sent' and m.reported_at is null
      and m.account_id > w.account_id order by m.account_id limit 1)
    from waiting w where w.account_id is not null),
  found as materialized (
    select x.id from t, waiting w join account a on a.id = w.account_id, lateral (
      -- WhatsApp never tells that a reaction was delivered.
      select o.id from message o where o.account_id = a.id and o.status = 'sent' and o.reported_at is null
        and o.type <> 'reaction' and o.sent_at < t.now - a.undelivered_after_s * interval '1 second'
      order by o.sent_at limit 500) x limit 500),
  late as (
    update message m set reported_at = t.now, event_count = m.event_count + 1
    from t, (select o.id from message o where o.id = any (array(select id from found))
      and o.status = 'sent' for update skip locked) x
    where m.id = x.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, m.sent_at),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.undelivered', account_id, id, event_count, jsonb_build_object('reason',
      'no_delivery_receipt',
      'sent_at', to_char(sent_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), t.now from late, t)
  select count(*) from late $$;
