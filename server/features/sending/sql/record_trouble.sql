-- Applies outcomes to their accounts: a failure of a whole account holds its lane, a restriction holds a kind of
-- messages, and an accepted message ends the trouble. Refusals for errors of the channel itself hold the lane too, once
-- five people in a row got one: a few numbers that always get it hold nobody else. The caller has locked the lanes.
-- plan: inherited
create function record_trouble(t timestamptz, p_calls ended_call[]) returns void language plpgsql volatile as $$
begin
  perform hold_lanes(t, array_agg(u.account_id), array_agg(u.class), array_agg(u.wait_ms)) from (
    select c.account_id, c.class, c.wait_ms from unnest(p_calls) c
      where c.class in ('throttled', 'account_error', 'flagged')
    union all
    select l.account_id, 'throttled', 0 from lane l join unnest(p_calls) c on c.account_id = l.account_id
      group by l.account_id having not bool_or(c.class in ('accepted', 'rejected')) and bool_or(c.class = 'unavailable')
        and l.refused + count(distinct c.conversation_id) filter (where c.class = 'unavailable'
          and (l.refused = 0 or c.conversation_id <> all (l.refused_by))) >= 5) u
    having count(*) > 0;
  perform restrict_lanes(array_agg(u.account_id), array_agg(u.class),
    array_agg(t + u.wait_ms * interval '1 millisecond')) from unnest(p_calls) u
    where u.class like '%\_restricted' having count(*) > 0;
  perform set_account_trouble(x.account_id, x.title, t) from (
    select u.account_id, (array_agg(u.title order by array_position('{flagged,account_error}', u.class),
      u.title))[1] as title
    from unnest(p_calls) u where u.class in ('account_error', 'flagged') or u.class like '%\_restricted'
    group by 1 order by 1) x;
  perform end_account_trouble(x.account_id, t) from (
    select distinct u.account_id from unnest(p_calls) u join lane l on l.account_id = u.account_id
    where u.class = 'accepted' and t >= all (l.held_kinds) and (l.held_until <= t
      or l.held_reason not in ('account_error', 'flagged', 'paused'))) x;
end $$;
