-- Claims deliveries of an endpoint for one process: for each key that is due, the head and up to p_chain - 1 followers.
-- p_busy: the keys that this process is posting already. Another living process keeps the lane until its lease ends.
-- The last row has no seq: wait_until (when the next claim is worth it), more (due keys are left), mine (whether this
-- process has the lane), and erasures (see delivery_lane). A claim that finds nothing while the process posts nothing
-- gives the lane up.
-- plan: inherited indexed nested
create function claim_deliveries(p_now timestamptz, p_endpoint uuid, p_runner uuid, p_busy uuid[], p_max int,
  p_chain int, p_lease interval)
returns table (seq bigint, order_key uuid, event_id bigint, attempts int, round int, wait_until timestamptz,
  more boolean, mine boolean, erasures bigint) language plpgsql volatile as $$
declare t timestamptz; l delivery_lane; e endpoint; most int := p_max; chain int := p_chain; step interval; burst int;
  -- Not before this, whatever is due: the rate limit, or Retry-After.
  free_at timestamptz := '-infinity'; next_due timestamptz; keys int := 0; last_key uuid;
begin
  select x.* into l from delivery_lane x where x.endpoint_id = p_endpoint for update;
  select x.* into e from endpoint x where x.id = p_endpoint;
  t := clock(p_now);
  erasures := l.erasures;
  mine := l.runner is null or l.runner = p_runner or l.lease_until <= t or not exists (select 1 from worker w
    where w.id = l.runner and w.seen_at > clock_timestamp() - interval '10 seconds');
  more := false;
  if not mine or e.status is distinct from 'active' then
    update delivery_lane x set runner = null
      where x.endpoint_id = p_endpoint and x.runner = p_runner and cardinality(p_busy) = 0;
    return next;
    return;
  end if;
  if e.rate_messages is not null then
    -- At most rate_messages in any window of rate_seconds: a tenth may come at once, and the rest is spread.
    burst := greatest(1, e.rate_messages / 10);
    step := e.rate_seconds * interval '1 second' / (e.rate_messages - burst + 1);
    -- A former, slower limit does not count.
    l.tat := greatest(least(l.tat, t + burst * step), t);
    free_at := l.tat - (burst - 1) * step;
    most := least(most, greatest(0, floor(extract(epoch from t - free_at) / extract(epoch from step))::int + 1));
    chain := 1;
  end if;
  if l.held_until > t then
    free_at := greatest(free_at, l.held_until);
    most := 0;
  end if;
  if l.consecutive_failures >= 10 then
    most := greatest(0, least(most, 2 - cardinality(p_busy)));
    chain := 1;
  end if;
  for seq, order_key, event_id, attempts, round, next_due in
    select c.* from due_deliveries(t, p_endpoint, p_busy, most, chain) c
  loop
    exit when next_due is not null;
    keys := keys + (order_key is distinct from last_key)::int;
    last_key := order_key;
    return next;
  end loop;
  update delivery_lane x set tat = case when step is null then x.tat else l.tat + keys * step end,
      runner = case when keys > 0 or cardinality(p_busy) > 0 then p_runner end,
      lease_until = case when keys > 0 then t + p_lease else x.lease_until end
    where x.endpoint_id = p_endpoint and (keys > 0 or x.runner is not null);
  seq := null;
  more := coalesce(next_due <= t and keys > 0 and step is null, false);
  -- Where the breaker holds the rest back, the end of a request wakes the lane.
  wait_until := case when next_due > t then next_due when free_at > t then free_at when keys > 0 then t + step end;
  return next;
end $$;
