-- The accounts with these routes and a message that may be sent now: for the sweeper, which wakes their lanes. Each is
-- looked up in the index of what is ready for itself, so an account with nothing in its queue costs nothing.
-- plan: inherited indexed nested
create function ready_lanes(p_routes text[], p_now timestamptz) returns setof uuid language sql stable as $$
  with recursive queued (account_id) as (
    (select o.account_id from open_message o where o.head and o.state = 'queued' order by o.account_id limit 1)
    union all
    select (select o.account_id from open_message o where o.head and o.state = 'queued' and o.account_id > q.account_id
      order by o.account_id limit 1)
    from queued q where q.account_id is not null)
  select l.account_id from (select clock(p_now) as now) c, queued q
  cross join lateral (select o.* from lane o where o.account_id = q.account_id limit 1) l
  cross join lateral (select a.id from account a
    where a.id = l.account_id and a.deleted_at is null and a.route = any (p_routes) limit 1) a
  where l.held_until <= c.now
    and (select true from (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
      select 1 from open_message o where o.account_id = l.account_id and o.priority = p.priority and o.head
        and o.state = 'queued' and o.ready_at <= c.now order by o.ready_at, o.seq limit 1) o
      where l.quiet_until <= c.now or p.priority = 0 limit 1) $$;
