-- Resolves unknown messages after their grace period, at most 500: hold, retry or fail, by the message or else its
-- account. Holds instead of retrying a message without attempts left, an expired one, and one of a deleted account or
-- to a deleted contact. A grace period counts only while receipts arrive. A receipt that was posted in time and is not
-- read yet delays it, for a day at most. Returns the accounts.
-- plan: inherited indexed
create function resolve_unknown(p_now timestamptz) returns table (account_id uuid,
  done bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare t timestamptz := clock(p_now); due uuid[]; unread unread_lane[]; choices text[]; used int[]; accounts uuid[];
begin
  -- By its order, so that the plan takes the index.
  if (select o.resolve_by from open_message o where o.state = 'unknown' and o.resolve_by is not null
      order by o.resolve_by limit 1) > t is not false -- @mutant resolve-asked
    then return; end if;
  unread := unread_lanes();
  due := array(select o.id from open_message o join account a on a.id = o.account_id
    where o.state = 'unknown' and o.resolve_by <= t -- @mutant resolve-due
      and heard_since(a, o) and not is_unread(unread, o, t)
    order by o.resolve_by limit 500);
  if due = '{}' then return; end if;
  perform 1 from lane l where l.account_id = any (array(select o.account_id from open_message o where o.id = any (due)))
    order by l.account_id for update;
  t := clock(p_now);
  with open as (
    select o.id, o.account_id, coalesce(o.on_unknown, a.on_unknown) as choice, a.retry_attempts, -- @mutant on-unknown
      case when a.deleted_at is not null then 'account_deleted' when c.deleted_at is not null then 'contact_deleted'
        when o.expires_at <= t then 'expired'
        when is_barred(m.id, m.contact_id, m.category) then 'opted_out' end as obstacle,
      (select count(*)::int from attempt k where k.token > o.id and k.token <= token_of(o.id, 65535)
        and k.class in ('not_sent', 'unavailable', 'unknown')) as calls
    from unnest(due) u(id) join open_message o on o.id = u.id join message m on m.id = o.id
    join account a on a.id = o.account_id join contact c on c.id = m.contact_id
    where o.state = 'unknown' and o.resolve_by <= t -- @mutant resolve-still-due
      and heard_since(a, o) and not is_unread(unread, o, t)),
  chosen as (
    select o.id, o.account_id, o.calls, case when o.choice <> 'retry' then o.choice
      when o.calls >= o.retry_attempts then 'attempts_used_up' when o.obstacle is not null then o.obstacle
        else 'retry' end as choice
    from open o),
  held as (
    update open_message m set resolve_by = null from chosen c where m.id = c.id and c.choice not in ('retry', 'fail')
    returning m.id, c.choice, c.calls),
  shown as (
    update message m set event_count = m.event_count + 1 from held h where m.id = h.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, h.choice, h.calls),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.held', account_id, id, event_count,
      jsonb_strip_nulls(jsonb_build_object('on_unknown', 'hold',
      'reason', nullif(choice, 'hold'), 'attempts', case when choice = 'attempts_used_up' then calls end)), t
        from shown)
  select array_agg(id), array_agg(choice), array_agg(account_id) into due, choices, accounts from chosen;
  perform fail_unknown(t, array_agg(u.id), 'No receipt told within the grace period whether WhatsApp took the message.',
    '{"on_unknown": "fail"}') from unnest(due, choices) u(id, choice) where u.choice = 'fail' having count(*) > 0;
  perform requeue_messages(t, array_agg(u.id), '{"on_unknown": "retry"}') from unnest(due, choices) u(id, choice)
    where u.choice = 'retry' having count(*) > 0;
  return query select x, count(*) from unnest(accounts) x group by 1;
end $$;
