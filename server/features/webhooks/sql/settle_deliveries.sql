-- Stores attempts of an endpoint, whose lane the caller has locked: those that failed by themselves, and the deliveries
-- that are over in ended_delivery. The keys of these get their next heads. Returns the deliveries that are given up.
-- See record_deliveries for the arguments.
-- plan: kept indexed nested
create function settle_deliveries(t timestamptz, p_endpoint uuid, p_seq bigint[], p_attempt int[],
  p_started timestamptz[], p_duration_ms int[], p_http int[], p_error text[], p_excerpt text[], p_wait_ms bigint[])
returns bigint[] language plpgsql volatile as $$
declare keys uuid[]; given_up bigint[];
begin
  with told as materialized (
    select d.*, u.attempt, u.started, u.ms, u.http as answered, u.error as failure, u.wait,
      -- The person may have been erased while the event about them was posted: the answer may name them.
      case when u.excerpt is not null and is_told(d.event_id) then u.excerpt end as excerpt
    from unnest(p_seq, p_attempt, p_started, p_duration_ms, p_http, p_error, p_excerpt, p_wait_ms)
      u(seq, attempt, started, ms, http, error, excerpt, wait)
    -- Who writes a delivery holds its lane, so its row stays at its place.
    cross join lateral (select x.ctid as place, x.* from open_delivery x
      where x.endpoint_id = p_endpoint and x.seq = u.seq limit 1) d
    where u.error is null or d.attempts = u.attempt - 1),
  failed as (
    insert into delivery_attempt (endpoint_id, delivery_seq, number, workspace_id, event_id, started_at, duration_ms,
      http_status, error, excerpt, next_at)
    select p_endpoint, d.seq, d.attempt, d.workspace_id, d.event_id, d.started, d.ms, d.answered, d.failure, d.excerpt,
      t + d.wait * interval '1 millisecond'
    from told d where d.failure is not null),
  retried as (
    update open_delivery o set attempts = d.attempt, round = o.round + 1, http_status = d.answered, error = d.failure,
      due_at = t + d.wait * interval '1 millisecond'
    from told d where o.ctid = d.place and d.wait is not null),
  gone as (delete from open_delivery o using told d where o.ctid = d.place and d.wait is null),
  ended as (
    insert into ended_delivery (seq, workspace_id, endpoint_id, event_id, event_at, event_type, account_id, order_key,
      replay_id, status, attempts, started_at, duration_ms, excerpt, created_at, ended_at, http_status, error)
    select d.seq, d.workspace_id, p_endpoint, d.event_id, d.event_at, d.event_type, d.account_id, d.order_key,
      d.replay_id, case when d.failure is null then 'succeeded' else 'failed' end, greatest(d.attempts + 1, d.attempt),
      case when d.failure is null then d.started end, case when d.failure is null then d.ms end,
      case when d.failure is null then d.excerpt end, d.created_at, t, d.answered, d.failure
    from told d where d.wait is null
    returning *)
  select array_agg(distinct e.order_key), array_agg(e.seq) filter (where e.status = 'failed') into keys, given_up
    from ended e;
  perform advance_deliveries(p_endpoint, keys);
  return given_up;
end $$;
