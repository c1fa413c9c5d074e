-- Holds the lanes of accounts with failures (throttled, account_error, flagged), longer each time, and of numbers that
-- the channel has ended. Each element of the arrays is one report of the channel; reports of parallel calls count as
-- one failure. The caller has locked the lanes.
create function hold_lanes(t timestamptz, p_account uuid[], p_class text[], p_wait_ms int[]) returns void
language sql volatile as $$
  update lane l set consecutive_failures = l.consecutive_failures + (not in_trouble(l, t))::int,
      -- A flag takes the place of a pause, so that no outcome of a call under way ends it.
      held_reason = case when l.held_until = 'infinity' and x.class <> 'flagged' then l.held_reason
        when x.class = 'ended' then 'account_error' else x.class end,
      held_until = case when x.class in ('flagged', 'ended') then 'infinity' -- @mutant flagged-holds
        else greatest(case when in_trouble(l, t) then l.held_until end, t + greatest(x.wait, interval '1 second' *
          case x.class when 'account_error' then backoff(60, 900, x.failures) else backoff(1, 300, x.failures) end))
        end
    from (select u.account, (array_agg(u.class order by array_position('{flagged,ended,account_error,throttled}',
      u.class)))[1] as class,
        max(u.wait_ms) * interval '1 millisecond' as wait,
        greatest(0, min(o.consecutive_failures) - bool_or(in_trouble(o, t))::int) as failures
      from unnest(p_account, p_class, p_wait_ms) u(account, class, wait_ms)
      join lane o on o.account_id = u.account group by 1) x
    where l.account_id = x.account $$;
