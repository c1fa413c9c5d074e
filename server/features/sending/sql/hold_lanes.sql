-- Holds the lanes of accounts that ran into trouble (throttled, account, danger), longer each time: one element of each
-- array a word of the channel, of which those that came side by side are one strike. The caller has locked the lanes.
create function hold_lanes(t timestamptz, p_account uuid[], p_class text[], p_wait_ms int[]) returns void language sql volatile as $$
  update lane l set strikes = l.strikes + (not in_trouble(l, t))::int,
      -- Danger takes the place of a pause, so that no word of a call under way ends it.
      held_reason = case when l.held_until = 'infinity' and x.class <> 'danger' then l.held_reason else x.class end,
      held_until = case when x.class = 'danger' then 'infinity' else greatest(case when in_trouble(l, t) then l.held_until end, t + greatest(x.wait, interval '1 second' *
        case x.class when 'account' then least(900, 60 * 2 ^ least(x.strikes, 8)) else least(300, 2 ^ least(x.strikes, 9)) end)) end
    from (select u.account, (array_agg(u.class order by array_position('{danger,account,throttled}', u.class)))[1] as class, max(u.wait_ms) * interval '1 millisecond' as wait,
        greatest(0, min(o.strikes) - bool_or(in_trouble(o, t))::int) as strikes
      from unnest(p_account, p_class, p_wait_ms) u(account, class, wait_ms)
      join lane o on o.kind = 'send' and o.key = u.account group by 1) x
    where l.kind = 'send' and l.key = x.account $$;
