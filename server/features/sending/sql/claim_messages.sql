-- Claims messages of several accounts, at most p_max of each, within all limits, where the account has one of these
-- routes. Reads heads only, so a conversation has at most one candidate, and none during a call. p_random is from 0 to
-- 1. Returns one row per message. Then one row per account with deferred heads (deferred: how many), so there may be
-- more. Then one row per account with its concurrency, whether ready messages remain (more), and until when the lane
-- waits for a time.
-- plan: kept indexed nested
create function claim_messages(p_accounts uuid[], p_max int[], p_routes text[], p_runner text, p_lease interval,
  p_random double precision, p_now timestamptz)
returns table (account_id uuid, message_id uuid, token uuid, phone_number_id text, channel text, address text,
  type text, content jsonb, context jsonb, failed_attempts int, number int, retry_attempts int, retry_delay_ms int,
  expires_in_ms int, more boolean, wait_until timestamptz, concurrency int, deferred int)
language plpgsql volatile as $$
#variable_conflict use_column
declare lanes lane_limits[]; t timestamptz; held uuid[]; counts int[];
begin
  lanes := array(select l from lock_lanes(p_accounts, p_now) l where not l.is_deleted and l.route = any (p_routes));
  t := coalesce(lanes[1].now, clock(p_now));
  select array_agg(d.account_id), array_agg(d.done) into held, counts
    from clear_heads(lanes, p_accounts, p_max, t) d;
  if held is not null then
    return query select u.a, null::uuid, null::uuid, null, null, null, null, null::jsonb, null::jsonb, null::int,
      null::int, null::int, null::int, null::int, true, null::timestamptz, null::int, u.n
      from unnest(held, counts) u(a, n);
    -- The next claim checks the heads that took their places.
    lanes := array(select l from unnest(lanes) l where l.account_id <> all (coalesce(held, '{}')));
  end if;
  return query with found as materialized (select * from candidates(lanes, p_accounts, p_max, t)),
  go as (
    update open_message m set state = 'sending', fence = m.fence + 1, wait_reason = null, runner = p_runner,
      started_at = t, lease_until = t + p_lease
    from found c where m.ctid = c.place and c.deferred_until is null and c.rank <= c.slots and c.used <= c.left_today
    returning m.id, m.account_id, m.conversation_id, m.fence, m.failed_attempts, m.expires_at, c.today, c.fresh,
      c.opens),
  -- Who writes an open message holds its lane, so its row stays at its place.
  b as materialized (
    select g.*, m.*, row_number() over ()::int as n from go g cross join lateral (
      select o.ctid as place, o.workspace_id, o.event_count + 1 as number from message o where o.id = g.id limit 1) m),
  told as materialized (
    select append_message_events(array_agg(row(workspace_id, 'message.sending', jsonb_build_object('attempt', fence),
      id, account_id, b.number)::message_fact order by n), t) as ids from b),
  shown as (
    update message m set status = 'sending', event_count = b.number, events = m.events || told.ids[b.n]
    from b, told where m.ctid = b.place returning b.*, m.address, m.type, m.content, m.context),
  later as (
    update open_message m set ready_at = c.deferred_until, wait_reason = c.reason
    from found c where m.ctid = c.place and c.deferred_until is not null returning m.account_id),
  pair as (
    update conversation v set opened_on = g.today from go g
    where v.id = any (array(select conversation_id from go where opens)) and v.id = g.conversation_id and g.opens),
  used as (
    update lane l set queued = l.queued - x.n, in_flight = l.in_flight + x.n,
      claimed_at = case when x.n > 0 then t else l.claimed_at end,
      sent = case when l.day = x.today then l.sent else 0 end + x.fresh,
      conversations_opened = case when l.day = x.today then l.conversations_opened else 0 end + x.opened, day = x.today, -- @mutant opened-counted
      quiet_until = coalesce(x.quiet_until, '-infinity'),
      held_until = case when h.until > t then h.until else l.held_until end,
      held_reason = case when h.until > t then h.reason else l.held_reason end
    from (select ln.*, coalesce(y.n, 0) as n, coalesce(y.fresh, 0) as fresh, coalesce(y.opened, 0) as opened
      from unnest(lanes) ln
      left join (select account_id, count(*)::int as n, count(*) filter (where fresh)::int as fresh,
        count(*) filter (where opens)::int as opened from go group by 1) y on y.account_id = ln.account_id) x
    cross join lateral hold_after_claim(x.account_id, x.today, x.held_until, x.jitter_ms, x.left_today - x.fresh,
      x.tomorrow, x.rate_left - x.n, x.span, x.window_at, x.window_n, x.queued - x.n, x.n, p_random, t) h
    cross join lateral (select o.ctid as place from lane o where o.account_id = x.account_id limit 1) p
    where l.ctid = p.place
      and (x.n > 0 or h.until > t or l.quiet_until is distinct from coalesce(x.quiet_until, '-infinity')))
  select s.account_id, s.id, token_of(s.id, s.fence), a.phone_number_id, a.channel, s.address, s.type, s.content,
      s.context, s.failed_attempts, s.fence, a.retry_attempts, a.retry_delay_ms,
      (extract(epoch from least(s.expires_at, t + interval '1 day') - t) * 1000)::int, true, null::timestamptz,
        null::int, 0
    from shown s cross join lateral (select o.* from account o where o.id = s.account_id limit 1) a
  union all
  select l.account_id, null, null, null, null, null, null, null, null, null, null, null, null, null, true, null,
    null::int, count(*)::int from later l group by 1;
  return query select s.account_id, null::uuid, null::uuid, null, null, null, null, null::jsonb, null::jsonb, null::int,
    null::int, null::int, null::int, null::int, s.more, s.wait_until, s.concurrency, 0 from lane_summaries(lanes, t) s;
end $$;
