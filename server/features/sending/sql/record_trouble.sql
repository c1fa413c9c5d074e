-- Applies outcomes to their accounts: a failure of a whole account holds its lane, and an accepted message ends the
-- hold. The caller has locked the lanes.
create function record_trouble(t timestamptz, p_calls ended_call[]) returns void language plpgsql volatile as $$
begin
  perform hold_lanes(t, array_agg(u.account_id), array_agg(u.class), array_agg(u.wait_ms)) from unnest(p_calls) u
    where u.class in ('throttled', 'account_error', 'flagged') having count(*) > 0;
  perform set_account_trouble(x.account_id, x.title, t) from (
    select u.account_id, (array_agg(u.title order by array_position('{flagged,account_error}', u.class),
      u.title))[1] as title
    from unnest(p_calls) u where u.class in ('account_error', 'flagged') group by 1 order by 1) x;
  perform end_account_trouble(x.account_id, t) from (
    select distinct u.account_id from unnest(p_calls) u join lane l on l.account_id = u.account_id
    where u.class = 'accepted' and (l.held_until <= t or l.held_reason not in ('account_error', 'flagged',
      'paused'))) x;
end $$;
