-- Of each of these lanes, once a claim is made: whether messages that are ready were left, and until when it waits.
-- plan: kept indexed nested
create function lane_summaries(p_lanes lane_limits[], t timestamptz)
returns table (account_id uuid, more boolean, wait_until timestamptz, concurrency int) language sql stable as $$
  select l.account_id, o.queued > 0 and (select true from (values (0::smallint), (1::smallint),
    (2::smallint)) p(priority),
      lateral (select 1 from open_message m where m.account_id = l.account_id and m.priority = p.priority and m.head
        and m.state = 'queued' and m.ready_at <= t order by m.ready_at, m.seq limit 1) f
      where l.quiet_until is null or p.priority = 0 limit 1) is true,
    case when o.held_until > t then nullif(o.held_until, 'infinity') when o.queued > 0 then l.quiet_until end,
      l.concurrency
  from unnest(p_lanes) l
  cross join lateral (select x.held_until, x.queued from lane x where x.account_id = l.account_id limit 1) o $$;
