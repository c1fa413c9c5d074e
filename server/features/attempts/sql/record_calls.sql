-- Records the outcomes of calls: in attempts, open rows and messages, and in the lanes, whose rate and day count them.
-- The caller has locked the lanes. Updates rows by their ctid: the lock keeps them there, and no plan can scan the
-- table.
-- plan: kept indexed nested
create function record_calls(p_calls ended_call[], t timestamptz) returns void language plpgsql volatile as $$
begin
  with hit as materialized (
    select h.*, m.event_count + 1 as number, count(m.event_count) over (order by h.ordinality)::int as n, m.created_at,
      greatest(m.created_at, w.ready_at, l.held_until) as due_at
    from unnest(p_calls) with ordinality h
    left join lateral (select o.event_count, o.created_at from message o where o.ctid = h.message_place
      and not h.has_evidence limit 1) m on true
    left join lateral (select o.ready_at from open_message o where o.ctid = h.place limit 1) w on true
    left join lateral (select o.held_until from lane o where o.account_id = h.account_id limit 1) l on true),
  told as materialized (
    select append_message_events(array_agg(row(workspace_id, case when status <> 'queued' then 'message.' || status
      when class = 'released' then 'message.queued' else 'message.retry_scheduled' end,
      case when status = 'sent' and code is not null then jsonb_build_object('message_status', code)
        when status in ('sent', 'unknown') then '{}' else jsonb_strip_nulls(jsonb_build_object(
          'class', case when class <> 'rejected' then class end, 'code', code, 'title', title,
          'due_at', case when status = 'queued' and waits_itself(class)
            then to_char(ready_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end)) end,
      id, account_id, number)::message_fact order by n), t) as ids from hit where number is not null),
  ended as (delete from open_message m using hit h where m.ctid = h.place and h.next = 'ended'),
  kept as (
    update open_message m set state = h.next, head = m.head and h.next <> 'held', ready_at = h.ready_at,
      resolve_by = h.resolve_by, runner = null, lease_until = null,
      failed_attempts = m.failed_attempts + (h.class in ('not_sent', 'unavailable'))::int,
      usage_day = case when h.called and h.in_flight then h.day when not h.is_refunded then m.usage_day end,
      wait_reason = case when h.class in ('not_sent', 'unavailable') then 'retry' when h.class like '%\_restricted'
        then 'restricted' when waits_itself(h.class) then h.class end
    from hit h where m.ctid = h.place and h.next <> 'ended'),
  attempted as (
    insert into attempt as a (token, message_id, account_id, number, runner, status, class, code, title,
      channel_message_id,
      started_at, ended_at, sent_at, failed_at)
    select token, id, account_id, fence, coalesce(runner, ''), attempt_status(class), class, code, title,
      channel_message_id,
      started_at, ended_at, case when class = 'accepted' then t end, case when class = 'rejected' then t end from hit
    -- A receipt came before, or it was given up as unknown.
    on conflict (token) do update set class = excluded.class, ended_at = excluded.ended_at,
      status = better_status(a.status, excluded.status),
      channel_message_id = coalesce(a.channel_message_id, excluded.channel_message_id),
      sent_at = least(a.sent_at, excluded.sent_at), failed_at = least(a.failed_at, excluded.failed_at),
      -- A failure reported by a receipt keeps its code and title.
      code = case when a.failed_at is null then coalesce(excluded.code, a.code) else a.code end,
      title = case when a.failed_at is null then coalesce(excluded.title, a.title) else a.title end),
  -- A call that reached a limit of the account is no measure of the queue: the lane is held since it.
  timed as (
    insert into latency_delta (workspace_id, stage, hour, account_id, bucket, n)
    select h.workspace_id, x.stage, counted_hour(h.created_at), h.account_id, counted_bucket(x.took), count(*)
    from hit h cross join lateral (values ('queue', h.started_at - h.due_at),
      ('call', h.ended_at - h.started_at)) x(stage, took)
    where h.class in ('accepted', 'rejected') and h.number is not null and (x.stage = 'call' or x.took >= interval '0')
    group by 1, 2, 3, 4, 5),
  shown as (
    update message m set status = h.status, event_count = h.number, events = m.events || told.ids[h.n],
      channel_message_id = coalesce(h.channel_message_id, m.channel_message_id),
      -- What is usual: receipts need not look at the attempt.
      keeps_evidence = case when h.class = 'accepted' and h.fence = 1 and h.in_flight
        and h.channel_message_id is not null then true end, -- @mutant keeps-first
      sent_at = case when h.status = 'sent' then greatest(m.created_at, t) else m.sent_at end,
      failed_at = case when h.status = 'failed' then t end,
      error_code = case when h.status = 'failed' then h.code end, error_title = case when h.status = 'failed'
        then h.title end
    from hit h, told where m.ctid = h.message_place and h.number is not null)
  update conversation v set recipient_full_at = greatest(v.recipient_full_at,
      h.ended_at) + h.recipient_seconds * interval '1 second'
    from hit h where v.id = any (array(select conversation_id from hit where recipient_seconds is not null))
      and v.id = h.conversation_id and h.recipient_seconds is not null and h.called and h.in_flight; -- @mutant recipient-bucket
end $$;
