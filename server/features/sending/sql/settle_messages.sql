-- Recomputes messages from their attempts: the newest attempt decides, and positive evidence of any attempt beats it.
-- Only positive evidence changes a message that is queued again, cancelled or expired. p_by_hand: a person reports it,
-- not the channel. The caller updates the open rows.
create function settle_messages(p_messages uuid[], t timestamptz, p_by_hand boolean default false) returns void
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  with seen as materialized (
    select m.id, m.status as before, not p_by_hand and (m.status = 'failed' and m.error_code = 'unknown_outcome'
        or m.status = 'unknown' and o.resolve_by is null or m.status in ('cancelled', 'expired')) as late,
      x.status as after, x.code, x.title, x.failed_at, y.*
    from (select distinct id from unnest(p_messages) id) u -- @mutant late-evidence
    cross join lateral (select * from message m where m.id = u.id limit 1) m
    left join lateral (select * from open_message o where o.id = u.id limit 1) o on true
    cross join lateral (
      select a.status, a.code, a.title, a.failed_at from attempt a
      where a.token > m.id and a.token <= token_of(m.id, 65535) and (a.status in ('sent', 'delivered', 'read', 'played')
        or a.status = 'failed' and m.status not in ('scheduled', 'queued', 'cancelled', 'expired')
          and a.number = greatest(o.fence, (select max(k.number) from attempt k where k.token > m.id
            and k.token <= token_of(m.id, 65535))))
      order by evidence_rank(a.status) desc, a.number desc limit 1) x -- @mutant evidence-rank
    cross join lateral (
      -- The time of the successful call, if an earlier call failed.
      select coalesce(min(least(a.sent_at, a.delivered_at, a.read_at, a.played_at)) filter (where a.status <> 'failed'),
          min(a.sent_at)) as sent_at,
        min(least(a.delivered_at, a.read_at, a.played_at)) as delivered_at,
        min(least(a.read_at, a.played_at)) as read_at, min(a.played_at) as played_at,
        (array_agg(a.channel_message_id
          order by a.number desc) filter (where a.channel_message_id is not null))[1] as channel_message_id
      from attempt a where a.token > m.id and a.token <= token_of(m.id, 65535)) y),
  moved as (
    -- The channel's times have whole seconds, so they may lie before what they follow.
    update message m set status = s.after,
      sent_at = case when s.sent_at is not null then greatest(m.created_at, s.sent_at) end,
      delivered_at = case when s.delivered_at is not null then greatest(m.created_at, s.delivered_at) end,
      read_at = case when s.read_at is not null then greatest(m.created_at, s.read_at) end,
      played_at = case when s.played_at is not null then greatest(m.created_at, s.played_at) end,
      failed_at = case when s.after = 'failed' then s.failed_at end,
      error_code = case when s.after = 'failed' then s.code end, error_title = case when s.after = 'failed'
        then s.title end,
      channel_message_id = coalesce(s.channel_message_id, m.channel_message_id),
      event_count = m.event_count + (s.before <> s.after)::int + (s.late and s.before <> s.after)::int
    from seen s where m.id = any (p_messages) and m.id = s.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, s.before, s.after, s.late, m.error_code, m.error_title)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
  select workspace_id, 'message.' || after, account_id, id, event_count - late::int,
    case when after = 'failed' then jsonb_build_object('code', error_code, 'title', error_title) else '{}' end, t
  from moved where before <> after
  union all
  select workspace_id, 'message.reconciled', account_id, id, event_count, jsonb_build_object('from', before, 'to',
    after), t
  from moved where before <> after and late;
end $$;
