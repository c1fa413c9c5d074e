-- Finds the open rows of outcomes, and computes the next state of each. A stale fence finds none. Nor does an outcome
-- of a call that was given up as unknown, unless it proves that the call was not made.
-- plan: kept indexed nested
create function match_outcomes(t timestamptz, p_token uuid[], p_class text[], p_channel_message_id text[],
  p_code text[],
  p_title text[], p_wait_ms int[], p_ago_ms double precision[]) returns setof ended_call language sql stable as $$
  select u.token, u.class, u.channel_message_id, u.code, u.title, u.wait_ms,
    o.place, o.id, o.workspace_id, o.account_id, o.conversation_id, o.fence, o.runner, o.started_at,
    t - u.ago_ms * interval '1 millisecond', o.state = 'sending', o.evidence is not null, is_call(u.class),
    x.next,
    case when x.next = 'held' then 'queued' when x.next <> 'ended' then x.next when u.class = 'accepted' then 'sent'
      when u.class = 'rejected' or y.is_over then 'failed'
      when u.class = 'expired' then 'expired' when o.evidence is null then 'cancelled' end,
    t + case when u.class = 'unknown' then interval '2 minutes' -- @mutant unknown-hold
      when waits_itself(u.class) then u.wait_ms * interval '1 millisecond'
      else interval '0' end,
    case when x.next = 'unknown' then t + a.unknown_window_s * interval '1 second' end,
    y.day, not is_call(u.class) and case o.state when 'sending' then o.usage_day is distinct from y.day
      -- An unknown call already used a slot of its day; an earlier call of that day still has it.
      else o.usage_day = y.day and (select true from attempt k where k.token > o.id and k.token < u.token
        and is_call(k.class)
        and (k.started_at at time zone a.time_zone)::date = y.day limit 1) is null end,
    a.rate_seconds, case when a.recipient_burst is not null then a.recipient_seconds end, m.place
  from (select distinct on (k.token) * from unnest(p_token, p_class, p_channel_message_id, p_code, p_title, p_wait_ms,
    p_ago_ms)
    k(token, class, channel_message_id, code, title, wait_ms, ago_ms)) u
  cross join lateral (select o.ctid as place, o.* from open_message o
    where o.id = token_of(u.token, 0) and o.fence = number_of(u.token) limit 1) o -- @mutant stale-fence
  cross join lateral (select * from account a where a.id = o.account_id limit 1) a
  cross join lateral (select m.ctid as place, m.contact_id, m.category from message m where m.id = o.id limit 1) m
  left join lateral (select c.deleted_at is not null or is_barred(o.id, c.id, m.category) as unwanted from contact c
    where attempt_status(u.class) = 'not_sent' and c.id = m.contact_id limit 1) p on true
  cross join lateral (select (o.started_at at time zone a.time_zone)::date as day,
    u.class in ('not_sent', 'unavailable') and o.failed_attempts + 1 >= a.retry_attempts -- @mutant attempts-used-up
      or o.fence >= 65000 and attempt_status(u.class) = 'not_sent'
      as is_over) y
  cross join lateral (select next_state(u.class, o.evidence, y.is_over,
    a.deleted_at is not null or p.unwanted is true) as next) x -- @mutant unwanted
  where o.state = 'sending' or o.state = 'unknown' and attempt_status(u.class) = 'not_sent' $$;
