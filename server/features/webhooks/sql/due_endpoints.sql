-- For the sweeper: active endpoints with a due delivery that no living process posts to.
create function due_endpoints(p_now timestamptz) returns table (endpoint_id uuid) language sql stable as $$
  select l.endpoint_id from clock(p_now) t, delivery_lane l join endpoint e on e.id = l.endpoint_id
  where e.status = 'active' and l.held_until <= t
    and exists (select 1 from open_delivery d where d.endpoint_id = l.endpoint_id and d.head and d.due_at <= t)
    and (l.runner is null or l.lease_until <= t or not exists (select 1 from worker w
      where w.id = l.runner and w.seen_at > clock_timestamp() - interval '10 seconds')) $$;
