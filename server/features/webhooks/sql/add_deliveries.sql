-- Queues events for endpoints, in the order of the arrays. An endpoint or an event that is gone is left out, and one
-- whose message is gone. Returns the number of deliveries. The first waiting delivery of a key is its head.
-- plan: inherited
create function add_deliveries(p_now timestamptz, p_endpoint uuid[], p_event bigint[], p_key uuid[], p_replay uuid)
returns bigint language plpgsql volatile as $$
declare t timestamptz; n bigint;
begin
  perform 1 from delivery_lane where endpoint_id = any (p_endpoint) order by endpoint_id for update;
  t := clock(p_now);
  with wanted as materialized (
    select u.n, u.key, l.endpoint_id, e.id, e.type, e.at, e.account_id, e.workspace_id,
      row_number() over (partition by l.endpoint_id, u.key order by u.n) = 1 as first
    from unnest(p_endpoint, p_event, p_key) with ordinality u(endpoint, event, key, n)
    join delivery_lane l on l.endpoint_id = u.endpoint
    cross join lateral (select o.* from event_of(u.event) o limit 1) e
    where e.workspace_id = l.workspace_id
      and (e.message_id is null or exists (select 1 from message m where m.id = e.message_id))),
  made as (
    insert into open_delivery (workspace_id, endpoint_id, event_id, event_type, event_at, account_id, order_key,
      replay_id, head, due_at, created_at)
    select w.workspace_id, w.endpoint_id, w.id, w.type, w.at, w.account_id, w.key, p_replay,
      w.first and not exists (select 1 from open_delivery d
        where d.endpoint_id = w.endpoint_id and d.order_key = w.key), t, t
    from wanted w order by w.n returning 1)
  select count(*) into n from made;
  return n;
end $$;
