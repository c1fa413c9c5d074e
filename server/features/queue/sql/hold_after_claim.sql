-- Computes until when a lane is held after a claim began p_begun calls, and why; null without a hold, or if the lane
-- was held before. On a full day the hold ends when a message with a slot of the day may be sent, or the next day.
-- There is no hold while such a message only waits for a slot. p_waiting: how many messages are still queued.
-- p_left_today, p_rate_left: what remains of both limits. p_random is from 0 to 1.
create function hold_after_claim(p_account uuid, p_today date, p_held_until timestamptz, p_jitter_ms int,
  p_left_today int, p_tomorrow timestamptz,
  p_rate_left int, p_span interval, p_window_at timestamptz[], p_window_n int[], p_waiting int, p_begun int,
  p_random double precision, t timestamptz) returns table (until timestamptz, reason text) language sql stable as $$
  select case when p_held_until is not null then null
      when p_jitter_ms > 0 and p_begun > 0 then t + p_random * p_jitter_ms * interval '1 millisecond'
      when p_waiting <= 0 then null
      when p_left_today <= 0 and placed.ready_at <= t then null
      when p_left_today <= 0 then least(p_tomorrow, placed.ready_at)
      when p_rate_left <= 0 then next_slot_at(p_window_at, p_window_n, p_span, t, p_rate_left) end,
    case when not (p_jitter_ms > 0 and p_begun > 0) and p_left_today <= 0 then 'daily_limit' else 'rate_limit' end
  from (select 1) one
  left join lateral (select o.ready_at from open_message o
    where p_left_today <= 0 and o.account_id = p_account and o.head and o.state = 'queued' and o.usage_day is not null
      and o.usage_day = p_today order by o.ready_at limit 1) placed on true $$;
