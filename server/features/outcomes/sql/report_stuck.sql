-- The watchdog: reports once each message that is an hour late. Either it is a ready or scheduled head, and for an
-- hour nothing held its lane and no claim took a message of it. Or it is still unknown an hour after its grace period.
-- plan: inherited
create function report_stuck(p_now timestamptz) returns bigint language plpgsql volatile as $$
declare t timestamptz := clock(p_now); since timestamptz; ids uuid[]; dues timestamptz[]; reasons text[]; n bigint;
begin
  since := t - interval '1 hour';
  with idle as materialized (
    select a.id, coalesce(u.reason, 'not_claimed') as reason
    from lane l join account a on a.id = l.account_id cross join lateral (select unserved_reason(a) as reason) u
    -- A session that is not open holds the lane, too.
    where a.deleted_at is null and coalesce(u.reason, 'no_worker') = 'no_worker'
      and greatest(l.held_until, l.quiet_until, l.claimed_at) <= since
      and quiet_end(a, t) is null and quiet_end(a, since) is null),
  found as (
    select c.id, i.reason, c.ready_at as due from idle i, lateral (
      (select m.id, m.ready_at from open_message m
        where m.account_id = i.id and m.head and m.state = 'queued' and m.ready_at <= since and m.stuck_at is null
          and (m.expires_at is null or m.expires_at > t) limit 100)
      union all
      (select m.id, m.ready_at from open_message m
        where m.account_id = i.id and m.state = 'scheduled' and m.ready_at <= since and m.stuck_at is null
          and (m.expires_at is null or m.expires_at > t) order by m.ready_at limit 100)
      union all
      (select m.id, m.ready_at from open_message m
        where m.account_id = i.id and m.state = 'held' and m.ready_at <= since and m.stuck_at is null
          and (m.expires_at is null or m.expires_at > t) order by m.ready_at limit 100)) c
    union all
    (select m.id, case when heard_since(a, m) then 'not_resolved' else 'no_receipts' end, m.resolve_by
      from open_message m join account a on a.id = m.account_id
      where m.state = 'unknown' and m.resolve_by <= since and (m.stuck_at is null or m.stuck_at < m.resolve_by)
      order by m.resolve_by limit 100)
    limit 500)
  select array_agg(id), array_agg(due), array_agg(reason) into ids, dues, reasons from found;
  if ids is null then return 0; end if;
  perform 1 from lane where account_id = any (array(select o.account_id from open_message o where o.id = any (ids)))
    order by account_id for update;
  with stuck as (
    update open_message o set stuck_at = t from unnest(ids, dues, reasons) f(id, due, reason)
    where o.id = f.id and o.state in ('queued', 'held', 'scheduled', 'unknown') returning o.id, f.due, f.reason),
  shown as (
    update message m set event_count = m.event_count + 1 from stuck s where m.id = s.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, s.due, s.reason),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.stuck', account_id, id, event_count, jsonb_build_object('reason', reason,
      'due_at', to_char(due at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), t from shown)
  select count(*) into n from shown;
  return n;
end $$;
