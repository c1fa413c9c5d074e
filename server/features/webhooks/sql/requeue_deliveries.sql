-- Queues these deliveries of an endpoint again, due now, with all attempts before them. One that waits is due now.
-- Returns how many there were.
-- plan: inherited
create function requeue_deliveries(p_now timestamptz, p_endpoint uuid, p_seq bigint[]) returns bigint
language plpgsql volatile as $$
declare t timestamptz; keys uuid[]; n bigint;
begin
  perform 1 from delivery_lane l where l.endpoint_id = p_endpoint for update;
  t := clock(p_now);
  with ended as (
    delete from ended_delivery d where d.endpoint_id = p_endpoint and d.seq = any (p_seq) returning d.*),
  succeeded as (
    insert into delivery_attempt (endpoint_id, delivery_seq, number, workspace_id, event_id, started_at, duration_ms,
      http_status, excerpt)
    select e.endpoint_id, e.seq, e.attempts, e.workspace_id, e.event_id, e.started_at, e.duration_ms, e.http_status,
      e.excerpt
    from ended e where e.status = 'succeeded'),
  again as (
    insert into open_delivery (seq, workspace_id, endpoint_id, event_id, event_at, event_type, account_id, order_key,
      replay_id, head, attempts, due_at, created_at, http_status, error) overriding system value
    select e.seq, e.workspace_id, e.endpoint_id, e.event_id, e.event_at, e.event_type, e.account_id, e.order_key,
      e.replay_id, false, e.attempts, t, e.created_at, e.http_status, e.error
    from ended e returning order_key),
  waiting as (
    update open_delivery d set round = 0, woken = false, due_at = t
    where d.endpoint_id = p_endpoint and d.seq = any (p_seq) returning d.order_key)
  select array_agg(distinct x.order_key), count(*) into keys, n
    from (select a.order_key from again a union all select w.order_key from waiting w) x;
  perform advance_deliveries(p_endpoint, keys);
  update delivery_lane l set held_until = '-infinity' where l.endpoint_id = p_endpoint and l.held_until > t;
  return n;
end $$;
