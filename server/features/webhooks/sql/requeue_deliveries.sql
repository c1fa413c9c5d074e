-- Queues these deliveries of an endpoint again, due now, with all attempts before them. One that waits is due now.
-- Returns how many there were.
-- plan: inherited
create function requeue_deliveries(p_now timestamptz, p_endpoint uuid, p_seq bigint[]) returns bigint
language plpgsql volatile as $$
declare t timestamptz; keys uuid[]; n bigint;
begin
  perform 1 from delivery_lane l where l.endpoint_id = p_endpoint for update;
  t := clock(p_now);
  with again as (
    update delivery d set status = 'waiting', round = 0, woken = false, due_at = t, ended_at = null
    where d.endpoint_id = p_endpoint and d.seq = any (p_seq) returning d.order_key)
  select array_agg(distinct order_key), count(*) into keys, n from again;
  perform advance_deliveries(p_endpoint, keys);
  update delivery_lane l set held_until = '-infinity' where l.endpoint_id = p_endpoint and l.held_until > t;
  return n;
end $$;
