-- The accounts of these channels with a message that may be sent now: for the sweeper, which wakes their lanes.
create function ready_lanes(p_channels text[], p_now timestamptz) returns setof uuid language sql stable
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select l.account_id from (select clock(p_now) as now) c, lane l
  cross join lateral (select a.id from account a
    where a.id = l.account_id and a.deleted_at is null and a.channel = any (p_channels) limit 1) a
  where l.queued > 0 and l.held_until <= c.now
    and (select true from (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
      select 1 from open_message o where o.account_id = l.account_id and o.priority = p.priority and o.head
        and o.state = 'queued' and o.ready_at <= c.now order by o.ready_at, o.seq limit 1) o
      where l.quiet_until <= c.now or p.priority = 0 limit 1) $$;
