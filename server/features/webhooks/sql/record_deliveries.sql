-- Records attempts of one endpoint, in the order in which they ended. p_error: null for a success. p_wait_ms: until the
-- next attempt; null if there is none. p_hold_ms: for how long the endpoint asked for no request at all. A success
-- counts in any case; a failure only if no other process has recorded this attempt. Returns what became of the
-- endpoint.
-- plan: kept indexed nested
create function record_deliveries(p_now timestamptz, p_endpoint uuid, p_seq bigint[], p_attempt int[],
  p_started timestamptz[], p_duration_ms int[], p_http int[], p_error text[], p_excerpt text[], p_wait_ms bigint[],
  p_hold_ms bigint)
returns table (disabled text, recovered boolean) language plpgsql volatile as $$
declare t timestamptz; l delivery_lane; outcomes boolean[]; first_good int; failures int; given_up bigint[];
  is_new boolean;
begin
  select x.* into l from delivery_lane x where x.endpoint_id = p_endpoint for update;
  t := clock(p_now);
  if l.endpoint_id is null then return; end if;
  given_up := settle_deliveries(t, p_endpoint, p_seq, p_attempt, p_started, p_duration_ms, p_http, p_error, p_excerpt,
    p_wait_ms);
  -- An event that is gone was not attempted.
  outcomes := array(select u.error is null from unnest(p_error) with ordinality u(error, n)
    where u.error is distinct from 'event_gone' order by u.n);
  first_good := array_position(outcomes, true);
  failures := l.consecutive_failures + coalesce(first_good - 1, cardinality(outcomes));
  recovered := first_good is not null and failures >= 3;
  if first_good is not null then
    failures := cardinality(outcomes) - (select max(p) from unnest(array_positions(outcomes, true)) p);
    l.failing_since := null;
  end if;
  if failures > 0 then l.failing_since := coalesce(l.failing_since, t); end if;
  disabled := case when 'gone' = any (p_error) then 'gone'
    when l.failing_since <= t - interval '5 days' then 'failing' end;
  update delivery_lane x set consecutive_failures = failures, failing_since = l.failing_since,
      held_until = greatest(x.held_until, t + p_hold_ms * interval '1 millisecond')
    where x.endpoint_id = p_endpoint and (failures, l.failing_since, p_hold_ms) is distinct from
      (x.consecutive_failures, x.failing_since, null::bigint);
  is_new := l.consecutive_failures = 0 or first_good is not null and failures > 0;
  if false = any (outcomes) then perform tell_failures(l, is_new, p_error, given_up, t); end if;
  if first_good is not null and (l.consecutive_failures > 0 or false = any (outcomes)) then
    perform wake_waiting(p_endpoint, recovered, p_seq, p_error, t);
  end if;
  if recovered then
    perform append_event(l.workspace_id, 'endpoint.recovered', null, jsonb_build_object('endpoint_id', p_endpoint,
      'reason', null), t);
  end if;
  if disabled is not null then
    update endpoint e set status = 'disabled', disabled_reason = disabled, changed_at = t
      where e.id = p_endpoint and e.status = 'active';
    if not found then disabled := null; else
      perform append_event(l.workspace_id, 'endpoint.disabled', null, jsonb_build_object('endpoint_id', p_endpoint,
        'reason', disabled), t);
    end if;
  end if;
  return next;
end $$;
