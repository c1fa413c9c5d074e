-- Records the outcomes of calls in their lanes: the rate counts a call from its end, and a call that was never made
-- frees its slots of the rate and of the day. The caller has locked the lanes.
-- plan: kept indexed nested
create function record_lanes(p_calls ended_call[], t timestamptz) returns void language plpgsql volatile as $$
begin
  update lane l set in_flight = l.in_flight - x.ended, queued = l.queued + x.back,
    sent = l.sent - case when l.day = x.day then x.unsent else 0 end, -- @mutant day-refunded
    window_at = case when x.calls > 0 then w.p_at else l.window_at end, window_n = case when x.calls > 0 then w.p_n
      else l.window_n end,
    window_total = case when x.calls > 0 then w.p_total else l.window_total end,
    -- A refusal for the message's own sake shows that the channel works. A person counts once.
    refused = case when x.answered then 0 else l.refused + cardinality(n.ones) end,
    refused_by = case when x.answered then '{}' when cardinality(n.ones) = 0 then l.refused_by
      else (case when l.refused > 0 then l.refused_by[1:19] else '{}' end || n.ones)[1:20] end,
    consecutive_failures = case when x.accepted and not in_trouble(l, t) then 0 else l.consecutive_failures end,
    -- What was never made gives its slot back, for the next claim to find.
    -- A message queued again keeps its slot of the day, however full that is.
    held_until = case when l.held_until <= t then l.held_until
      when x.calls < x.ended and l.held_reason in ('rate_limit', 'daily_limit') then t
      when l.held_reason = 'daily_limit' then least(l.held_until, x.back_at) else l.held_until end
  from (select account_id, min(rate_seconds) as seconds, max(day) as day, max(ended_at) filter (where called) as at,
      count(*) filter (where in_flight)::int as ended, count(*) filter (where in_flight and called)::int as calls,
      count(*) filter (where next in ('queued', 'held'))::int as back,
      min(ready_at) filter (where next = 'queued') as back_at,
        count(*) filter (where is_refunded)::int as unsent,
      bool_or(class in ('accepted', 'rejected')) as answered,
      array_agg(distinct conversation_id) filter (where class = 'unavailable') as refused,
      bool_or(class = 'accepted') as accepted from unnest(p_calls) group by 1) x
  cross join lateral (select o.ctid as place, o.* from lane o where o.account_id = x.account_id limit 1) c
  cross join lateral (select array(select u from unnest(x.refused) u
    where c.refused = 0 or u <> all (c.refused_by)) as ones) n
  cross join lateral add_to_window(c.window_at, c.window_n, c.window_total, x.seconds, coalesce(x.at, t), x.calls,
    t) w
  where l.ctid = c.place;
end $$;
