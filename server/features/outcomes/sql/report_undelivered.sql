-- The watchdog: reports once each message that the channel accepted and never delivered. It looks at each event after
-- which a message is sent once, when that is late: status and times of messages are in no index. Accounts of a
-- workspace with the same patience are looked after together; delivery_watch says up to when. What commits a minute
-- after its time is looked at still. Gives how many events it looked at.
-- plan: inherited
create function report_undelivered(p_now timestamptz) returns bigint language sql volatile as $$
  with t as materialized (select clock(p_now) as now),
  due as materialized (
    select g.*, coalesce(w.looked_until, o.since, '-infinity') as since
    from (select a.workspace_id, a.undelivered_after_s as after_s,
        min(t.now) - a.undelivered_after_s * interval '1 second' as late from account a, t group by 1, 2) g
    left join delivery_watch w on w.workspace_id = g.workspace_id and w.after_s = g.after_s
    -- Where the patience is new, others have looked so far.
    left join (select x.workspace_id, min(x.looked_until) as since from delivery_watch x group by 1) o
      on o.workspace_id = g.workspace_id),
  seen as materialized (
    select d.workspace_id, d.after_s, d.late, e.id, e.at, e.message_id, e.messages, count(*) over w as n,
      max(e.at) over w as last
    from due d cross join lateral (select e.* from event e where e.workspace_id = d.workspace_id and e.at > d.since
        and e.at < d.late and (e.message_id is not null or e.messages is not null)
        and e.type in ('message.sent', 'message.resolved', 'message.reconciled')
      order by e.at fetch first 100 rows with ties) e
    window w as (partition by d.workspace_id, d.after_s)),
  late as (
    update message m set reported_at = t.now, event_count = m.event_count + 1
    from t, (select o.id from message o where o.id = any (array(
        select m.id from seen s cross join lateral unnest(coalesce(s.messages, array[s.message_id])) u(id)
        cross join lateral (select x.* from message x where x.id = u.id limit 1) m
        join account a on a.id = m.account_id and a.undelivered_after_s = s.after_s
        -- WhatsApp never tells that a reaction was delivered.
        where m.status = 'sent' and m.reported_at is null and m.type <> 'reaction' and m.sent_at < s.late))
      and o.status = 'sent' and o.reported_at is null order by o.id for update) x
    where m.id = x.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, m.sent_at),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.undelivered', account_id, id, event_count, jsonb_build_object('reason',
      'no_delivery_receipt',
      'sent_at', to_char(sent_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), t.now from late, t),
  looked as (
    insert into delivery_watch as w (workspace_id, after_s, looked_until)
    select d.workspace_id, d.after_s, greatest(d.since, least(case when s.n >= 100 then s.last else d.late end,
      t.now - interval '1 minute'))
    from t, due d left join (select distinct workspace_id, after_s, n, last from seen) s
      on s.workspace_id = d.workspace_id and s.after_s = d.after_s
    where s.n > 0 or d.since < d.late - interval '10 minutes'
    on conflict (workspace_id, after_s) do update set looked_until = excluded.looked_until
      where w.looked_until <> excluded.looked_until),
  gone as (
    delete from delivery_watch w where not exists (select 1 from account a
      where a.workspace_id = w.workspace_id and a.undelivered_after_s = w.after_s))
  select coalesce(max(n), 0) from seen $$;
