-- Takes messages of an account, where its channel is one of p_channels, for sending, within all its budgets, and writes
-- their attempts, at most one for each of p_tokens, by which whoever does not hear the answer can give it back. p_random is from 0 to 1. A call whose turn by the rate comes within p_ahead is
-- claimed already, and must not begin before starts_in_ms have passed since this was answered. Gives a row a message; a
-- row without one that says how many candidates were put off, where any were, so that others may come now; then, always
-- last, a row without a message that says whether due messages were left (more), and until when the lane has to wait where
-- it is time that it waits for (wait_until).
create function claim_messages(p_account uuid, p_tokens uuid[], p_channels text[], p_runner text, p_lease interval,
  p_ahead interval, p_random double precision, p_now timestamptz, p_lock_ms int default 0)
returns table (message_id uuid, token uuid, phone_number_id text, channel text, address text, type text,
  content jsonb, tries int, number int, retry_attempts int, retry_delay_ms int, expires_in_ms int, starts_in_ms double precision, wait_until timestamptz, more boolean, places int, put_off int)
language plpgsql volatile
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  t timestamptz; l lane; a account; d account_day; today date; span interval; grain double precision; quiet timestamptz;
  room int; free int; soon int; starts timestamptz[]; left_today int; left_new int; next_day timestamptz; taken boolean;
  -- The conversations whose message is called again and nothing is known of it yet. The message itself may be settled
  -- already: by a receipt of the call before.
  silent uuid[] := '{}';
  -- When the next place is worth a claim: not as soon as it is in sight, but shortly before it is free.
  opening timestamptz; near interval := p_ahead * 0.4;
begin
  -- Most looks come of new messages while the rate holds their lane: they cost no lock. Whoever lifts a hold wakes the lane.
  select nullif(o.held_until, 'infinity'), a.concurrency into wait_until, places from lane o, account a where o.kind = 'send' and o.key = p_account
    and o.held_until > present(p_now) and a.id = p_account and a.deleted_at is null and a.channel = any (p_channels);
  if found then more := true; return next; return; end if;
  perform wait_for_locks(p_lock_ms);
  -- In a statement of its own: the statements below then see all that earlier claims have committed.
  select * into l from lane where kind = 'send' and key = p_account for update;
  t := present(p_now);
  select * into a from account where id = p_account and deleted_at is null and channel = any (p_channels);
  if l.key is null or a.id is null then return; end if;
  more := true; places := a.concurrency;
  if l.held_until > t then
    wait_until := nullif(l.held_until, 'infinity');
    return next; return;
  end if;

  room := least(cardinality(p_tokens), a.concurrency - (select count(*) from
    (select 1 from message where account_id = p_account and lease_until is not null order by lease_until) x)::int);
  if room <= 0 then return next; return; end if;

  -- Whoever had to wait for the row of the day begins to count from now, and in the day that it is now.
  loop
    today := (t at time zone a.time_zone)::date;
    perform open_day(p_account, today);
    select * into d from account_day where account_id = p_account and day = today for update;
    t := present(p_now);
    exit when today = (t at time zone a.time_zone)::date;
  end loop;

  -- The rate as so many places in every stretch. A call has its place from the claim until a stretch after its end, so
  -- at the channel too, wherever in between it arrives, no place is used twice in a stretch. The ends are rounded up to
  -- a hundredth of the stretch: at most 102 of them, and never too early. A call that nobody ends is over with its lease.
  span := a.rate_seconds * interval '1 second';
  grain := a.rate_seconds / 100.0;
  with call as materialized (
    select k.token, coalesce(k.ended_at, case when k.started_at + p_lease <= t then k.started_at + p_lease end) as ended_at,
      k.class in ('handed_back', 'expired', 'media') is true as never_made
    from attempt k where k.token = any (l.calls))
  select array(select c.token from call c where c.ended_at is null), coalesce(array_agg(w.at order by w.at), '{}'), coalesce(array_agg(w.n order by w.at), '{}')
    into l.calls, l.window_at, l.window_n
    from (select e.at, sum(e.n)::int as n
      from (select least(x.at, t + grain * interval '1 second') as at, x.n from unnest(l.window_at, l.window_n) x(at, n)
        union all
        select to_timestamp(ceil(extract(epoch from c.ended_at) / grain) * grain), 1 from call c where c.ended_at is not null and not c.never_made) e
      where e.at > t - span group by 1) w;
  select a.rate_messages - cardinality(l.calls) - coalesce(sum(x.n), 0), coalesce(sum(x.n) filter (where x.at + span <= t + p_ahead), 0)
    into free, soon from unnest(l.window_at, l.window_n) x(at, n);
  if free <= 0 then
    -- So one claim fills all places that are in sight.
    opening := next_end(l.window_at, l.window_n, free) + span - near;
    if opening is null or opening > t then
      wait_until := opening;
      if opening is not null then
        update lane set held_until = opening, held_reason = 'pace', lease_until = '-infinity',
          calls = l.calls, window_at = l.window_at, window_n = l.window_n where kind = 'send' and key = p_account;
      end if;
      return next; return;
    end if;
  end if;
  if cardinality(l.calls) > 0 then
    silent := array(select m.conversation_id from attempt k join message m on m.id = k.message_id
      where k.token = any (l.calls) and k.status = 'sending' and k.number > 1);
  end if;
  room := least(room, free + soon);
  -- With jitter each message has a gap of its own behind it.
  if a.jitter_ms > 0 then room := 1; end if;
  -- When the places beyond the free ones become free, one for each message.
  if room > free then
    starts := array(select x.at + span from unnest(l.window_at, l.window_n) x(at, n), generate_series(1, least(x.n, room - least(0, free)))
      order by 1 offset greatest(0, -free) limit room - greatest(0, free));
  end if;

  left_today := coalesce(day_limit(a, today) - d.sent, 2147483647);
  left_new := coalesce(a.new_per_day - d.opened, 2147483647);
  quiet := quiet_end(a, t);
  next_day := (today + 1)::timestamp at time zone a.time_zone;
  -- Not by exists, which forgets the order that leads to the index.
  if (select due_at from message where account_id = p_account and status = 'queued' and wait_reason is not null order by due_at limit 1) <= t then
    perform end_put_off(p_account, left_new, next_day, t);
  end if;
  if exists (select 1 from message where account_id = p_account and status = 'scheduled' and due_at <= t order by due_at limit 1) then
    perform queue_due(p_account, t);
  end if;

  return query
  -- What stands behind one that is being sent or unknown is passed over here, so that 400 of it do not fill the page.
  with page as materialized (
    select c.* from (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
      select f.conversation_id from (
        select m.seq, m.turn, m.conversation_id from message m
        where m.account_id = p_account and m.status = 'queued' and m.wait_reason is null and m.priority = p.priority and m.due_at <= t
          and (m.expires_at is null or m.expires_at > t)
        order by m.turn, m.seq limit 2000) f
      where (select o.id from message o where o.conversation_id = f.conversation_id
        and o.status in ('sending', 'unknown') and (o.status = 'sending' or o.due_at > t) limit 1) is null
      order by f.turn, f.seq limit 400) c
    where quiet is null or p.priority = 0),
  -- Of each conversation on the page the first in line, which may itself stand far behind the page: what becomes due later,
  -- or is queued again, has a turn of its own, and 400 of it would else keep those before them for ever.
  head as materialized (
    select f.id, f.seq, f.priority, f.turn, p.conversation_id, f.budget_day is distinct from today as fresh, v.recipient_tat,
      v.opened_on is distinct from today and (v.last_received_at is null or v.last_received_at < t - interval '24 hours') as opens
    from (select distinct conversation_id from page) p
      -- By its order, so that no plan can take another index than the one of the line; and both as values, which no plan
      -- turns into a join with all that is open.
      cross join lateral (select o.id, o.seq, o.priority, o.turn, o.budget_day, o.wait_reason, o.due_at from message o
        where o.conversation_id = p.conversation_id and o.status = 'queued' and (o.expires_at is null or o.expires_at > t)
        order by o.priority, o.seq limit 1) f
      cross join lateral (select o.* from conversation o where o.id = p.conversation_id limit 1) v
    where p.conversation_id <> all (silent) and f.wait_reason is null and f.due_at <= t),
  spare as materialized (
    select h.*, a.recipient_burst is not null and h.recipient_tat > t + (a.recipient_burst - 1) * a.recipient_seconds * interval '1 second' as spared
    from head h),
  counted as materialized (
    select s.*, sum(s.fresh::int) over w as counted, sum(s.opens::int) over w as opened
    from spare s where not s.spared window w as (order by s.priority, s.turn, s.seq)),
  chosen as materialized (
    select c.* from counted c where (not c.fresh or c.counted <= left_today) and (not c.opens or c.opened <= left_new)
    order by c.priority, c.turn, c.seq limit room),
  -- Locked, so that whoever writes to us just now sees what has to be freed; who does so is left alone.
  unknown_person as materialized (
    select v.id from conversation v where v.id = any (array(select conversation_id from counted where opens and opened > left_new))
      and (v.last_received_at is null or v.last_received_at < t - interval '24 hours') for no key update skip locked),
  -- What only its own recipient or the budget of new conversations holds back waits by itself.
  put_off as materialized (
    select s.id, s.recipient_tat - (a.recipient_burst - 1) * a.recipient_seconds * interval '1 second' as due_at, 'recipient_budget' as reason
      from spare s where s.spared
    union all
    select c.id, next_day, 'new_conversations' from counted c join unknown_person u on u.id = c.conversation_id
      where c.opens and c.opened > left_new),
  -- By the ids as an array, here and below, so that no plan begins at the messages and looks each up in the list.
  later as (
    update message m set due_at = x.due_at, wait_reason = x.reason
    from put_off x where m.id = any (array(select id from put_off)) and m.id = x.id
    returning m.id),
  go as (
    update message m set status = 'sending', fence = m.fence + 1, lease_until = t + p_lease, wait_reason = null,
      budget_day = today, event_count = m.event_count + 1
    -- Cancelled meanwhile or not; written so that no plan looks for it in an index of what is queued.
    from chosen c where m.id = any (array(select id from chosen)) and m.id = c.id and m.status || '' = 'queued'
    returning m.id, m.workspace_id, m.conversation_id, m.address, m.type, m.content, m.tries, m.expires_at, m.fence, m.event_count, c.fresh,
      c.opens, c.priority, c.turn, c.seq),
  pair as (
    update conversation v set recipient_tat = greatest(v.recipient_tat, t) + coalesce(a.recipient_seconds, 0) * interval '1 second',
      opened_on = case when g.opens then today else v.opened_on end
    from go g where v.id = any (array(select conversation_id from go)) and v.id = g.conversation_id and (a.recipient_burst is not null or g.opens)),
  call as (
    insert into attempt (token, message_id, account_id, number, fence, runner, status, started_at)
    select p_tokens[row_number() over (order by go.seq)], go.id, p_account,
      1 + (select count(*) from attempt o where o.message_id = go.id), go.fence, p_runner, 'sending', t from go
    returning token, message_id, number),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select go.workspace_id, 'message.sending', p_account, go.id, go.event_count, jsonb_build_object('attempt', call.number), t
    from go join call on call.message_id = go.id),
  tally as (select count(*)::int as n, count(*) filter (where fresh)::int as fresh, count(*) filter (where opens)::int as opened from go),
  day as (
    update account_day e set queued = greatest(0, e.queued - y.fresh), sent = e.sent + y.fresh, opened = e.opened + y.opened
    from tally y where e.account_id = p_account and e.day = today and y.n > 0),
  pace as (
    update lane set fence = lane.fence + 1, runner = p_runner, claimed_at = t,
      lease_until = case when y.until > t or not y.more then '-infinity' else t + interval '2 seconds' end,
      held_until = case when y.until > t then y.until else lane.held_until end,
      held_reason = case when y.until > t then 'pace' else lane.held_reason end,
      calls = l.calls || array(select token from call), window_at = l.window_at, window_n = l.window_n
    -- Where the last place was taken: until when the next one is worth a claim. Where nothing more is due, nobody comes back.
    from (select *, (select count(*) from page) > y.n as more, case
      when a.jitter_ms > 0 then coalesce(starts[1], t) + p_random * a.jitter_ms * interval '1 millisecond'
      when y.n >= free then next_end(l.window_at, l.window_n, free - y.n) + span - near end as until from tally y) y
    where kind = 'send' and key = p_account and y.n > 0)
  select x.id, x.token, a.phone_number_id, a.channel, x.address, x.type, x.content, x.tries, x.number, a.retry_attempts,
    a.retry_delay_ms, case when x.expires_at is not null then (extract(epoch from least(x.expires_at, t + interval '1 day') - t) * 1000)::int end,
    greatest(0, 1000 * extract(epoch from starts[x.place - greatest(0, free)] - present(p_now)))::float8,
    null::timestamptz, true, a.concurrency, x.put_off
  from (
    select go.id, call.token, go.address, go.type, go.content, go.tries, call.number, go.expires_at,
      row_number() over (order by go.priority, go.turn, go.seq) as place, 0 as put_off
    from go join call on call.message_id = go.id
    union all
    select null, null, null, null, null, null, null, null, null, count(*)::int from later having count(*) > 0) x
  order by x.place;
  -- The fence tells of a message that was taken, which the rows above do not tell this function.
  select o.fence <> l.fence, case when o.held_until > t then o.held_until end into taken, opening
    from lane o where o.kind = 'send' and o.key = p_account;

  -- A priority at a time and in their order, so that no plan looks for what is queued in an index for readers.
  more := exists (select 1 from (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
    select m.id from message m where m.account_id = p_account and m.status = 'queued' and m.wait_reason is null and m.priority = p.priority
      and m.due_at <= t order by m.turn, m.seq limit 1) c
    where quiet is null or p.priority = 0);
  if more and not taken then put_off := put_off_behind(p_account, quiet is not null, t); end if;
  if taken then
    wait_until := opening;
  elsif more and left_today <= 0 then
    -- What has its place of the day may leave all the same: when its own put-off ends, or when whoever stands before it
    -- in its conversation is through, for which the lane looks again and again.
    wait_until := least(next_day,
      -- Not for long: who is put off behind it may be free before.
      (select least(m.due_at, t + interval '1 minute') from message m where m.account_id = p_account and m.status = 'queued'
        and m.wait_reason is not null and m.due_at < next_day and m.budget_day = today order by m.due_at limit 1),
      -- Longer where one stands before it that has no place, and may be cancelled. What has just come back may be due only
      -- now, by the clock of whoever brought it.
      (select min(case when (select o.id from message o where o.conversation_id = c.conversation_id and o.status = 'queued'
          and (o.priority, o.seq) < (p.priority, c.seq) and o.budget_day is distinct from today limit 1) is not null then t + interval '1 minute'
          when c.due_at > t then c.due_at else t + interval '5 seconds' end)
        from (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
          select m.conversation_id, m.seq, m.budget_day, m.due_at from message m where m.account_id = p_account and m.status = 'queued'
            and m.wait_reason is null and m.priority = p.priority order by m.turn, m.seq limit 400) c
        where c.budget_day = today and (quiet is null or p.priority = 0)));
    update lane set held_until = wait_until, held_reason = 'daily_limit', lease_until = '-infinity' where kind = 'send' and key = p_account;
  elsif quiet is not null then
    wait_until := quiet;
    update lane set quiet_until = quiet, lease_until = '-infinity' where kind = 'send' and key = p_account;
  elsif l.lease_until > t then
    update lane set lease_until = '-infinity' where kind = 'send' and key = p_account;
  end if;
  return next;
end $$;
