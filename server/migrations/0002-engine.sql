-- The engine's statements: accept, claim, record, recover, receive. Each locks in one order: inbound_payload, lane,
-- account, account_day, idempotency, contact, conversation, message, attempt. p_now is null in production: time is the database's.

create function present(p_now timestamptz) returns timestamptz language sql volatile parallel safe
as $$ select coalesce(p_now, clock_timestamp()) $$;

-- The rank of evidence about one attempt: the highest decides.
create function evidence_rank(p_status text) returns int language sql immutable parallel safe as $$
  select case p_status when 'sending' then 1 when 'not_sent' then 1 when 'unknown' then 2 when 'sent' then 3
    when 'failed' then 4 when 'delivered' then 5 when 'read' then 6 when 'played' then 7 else 0 end $$;

-- Makes sure that an account has its row for today. A day begins with what is still queued from the days before; the
-- row of the last day is locked first, so that whoever still counts in it is done.
create function open_day(p_account uuid, p_day date) returns void language plpgsql volatile as $$
begin
  if exists (select 1 from account_day where account_id = p_account and day = p_day) then return; end if;
  perform 1 from account_day where account_id = p_account order by day desc limit 1 for update;
  insert into account_day (account_id, day, queued) values (p_account, p_day, uncounted(p_account, p_day))
    on conflict do nothing;
end $$;

-- How many messages of an account are queued that the budget of a day has not counted yet: by the kept counts, as the queue
-- itself may be long, less those that have a place of the day and are queued again.
create function uncounted(p_account uuid, p_day date) returns int language sql stable as $$
  select greatest(0, (select coalesce(sum(c.n), 0) from (
      select messages as n from message_present
        where workspace_id = (select workspace_id from account where id = p_account) and account_id = p_account and direction = 'outbound' and status = 'queued'
      union all
      select present from message_change where account_id = p_account and direction = 'outbound' and status = 'queued') c)
    - (select count(*) from message where account_id = p_account and status = 'queued' and budget_day = p_day))::int $$;

-- Locks the rows of today of these accounts: whoever counts in them is done, and what is read from here on stays so. Gives
-- the time that it is then; whoever had to wait counts in the day that it is by now.
create function lock_days(p_accounts uuid[], p_now timestamptz) returns timestamptz language plpgsql volatile as $$
declare before timestamptz; t timestamptz := present(p_now); locked int;
begin
  loop
    before := t;
    perform open_day(a.id, (t at time zone a.time_zone)::date) from account a
      where a.id = any (p_accounts) and not exists (select 1 from account_day d
        where d.account_id = a.id and d.day = (t at time zone a.time_zone)::date) order by a.id;
    perform 1 from account_day d join account a on a.id = d.account_id
      where a.id = any (p_accounts) and d.day = (t at time zone a.time_zone)::date order by d.account_id for update of d;
    get diagnostics locked = row_count;
    t := present(p_now);
    -- A change of the time zone may have taken a day away that was waited for.
    exit when locked = (select count(*) from account a where a.id = any (p_accounts)
      and (t at time zone a.time_zone)::date = (before at time zone a.time_zone)::date)
      and locked = (select count(*) from account a where a.id = any (p_accounts));
  end loop;
  return t;
end $$;

-- Of these accounts those whose last day nobody holds right now, so that the others have their turn with a later sweep.
create function free_days(p_accounts uuid[]) returns uuid[] language sql volatile as $$
  select array(select d.account_id from account_day d where d.account_id = any (p_accounts)
    and d.day = (select max(o.day) from account_day o where o.account_id = d.account_id) order by 1 for update skip locked) $$;

-- The daily limit of a day: during the warm-up it grows in even steps.
create function day_limit(a account, p_day date) returns int language sql immutable parallel safe as $$
  select case when a.warm_up_start is null or p_day >= a.warm_up_start + a.warm_up_days then a.per_day
    else least(a.per_day, a.warm_up_first + (coalesce(a.per_day, a.warm_up_first::bigint * 10) - a.warm_up_first)
      * greatest(0, p_day - a.warm_up_start) / a.warm_up_days)::int end $$;

-- When the quiet hours that t lies in end; null outside of them.
create function quiet_end(a account, t timestamptz) returns timestamptz language sql stable parallel safe as $$
  select case
    when a.quiet_from is null or a.quiet_from = a.quiet_until then null
    when a.quiet_from < a.quiet_until and l.clock::time >= a.quiet_from and l.clock::time < a.quiet_until
      then (l.clock::date + a.quiet_until) at time zone a.time_zone
    when a.quiet_from > a.quiet_until and l.clock::time >= a.quiet_from
      then (l.clock::date + 1 + a.quiet_until) at time zone a.time_zone
    when a.quiet_from > a.quiet_until and l.clock::time < a.quiet_until
      then (l.clock::date + a.quiet_until) at time zone a.time_zone
    end from (select t at time zone a.time_zone as clock) l $$;

-- Puts scheduled messages that have become due into the queue. Those to one person get a turn each, so that they do not
-- fill the page of candidates.
create function queue_due(p_account uuid, t timestamptz) returns int language plpgsql volatile as $$
declare n int;
begin
  with due as (
    update message m set status = 'queued', turn = x.turn, event_count = m.event_count + 1
    from (select o.id, least(1000, row_number() over (partition by o.conversation_id order by o.seq) - 1) as turn
      from (select id, conversation_id, seq from message where account_id = p_account and status = 'scheduled' and due_at <= t
        order by due_at limit 500 for update skip locked) o) x
    where m.id = x.id
    returning m.id, m.workspace_id, m.event_count),
  counted as (
    update account_day d set queued = d.queued + (select count(*) from due) from account a
    where a.id = p_account and d.account_id = a.id and d.day = (t at time zone a.time_zone)::date)
  insert into event (workspace_id, type, account_id, message_id, number, at)
    select workspace_id, 'message.queued', p_account, id, event_count, t from due;
  get diagnostics n = row_count;
  return n;
end $$;

-- What was put off because the head of its conversation was becomes a candidate again, where that waits no more. In a
-- statement after the one that frees the head, which a claim that puts something off behind it has locked.
create function free_followers(p_conversations uuid[], t timestamptz) returns void language sql volatile as $$
  update message m set due_at = t, wait_reason = null
    -- Written so that no plan looks for it in the index of all that is put off.
    from (select o.id from message o where o.conversation_id = any (array(
        select c.id from unnest(p_conversations) c(id) cross join lateral (select f.wait_reason, f.due_at from message f
          where f.conversation_id = c.id and f.status = 'queued' and (f.expires_at is null or f.expires_at > t)
          order by f.priority, f.seq limit 1) h
        where h.wait_reason is null or h.wait_reason = 'conversation_order' or h.due_at <= t))
      and o.status = 'queued' and (o.wait_reason = 'conversation_order') is true order by o.id for update) x
    where m.id = x.id $$;

-- Messages of an account whose put-off has ended become candidates again, with what is behind them: what waited for the
-- budget of new conversations only as far as that has places, the others wait until the next day begins.
create function end_put_off(p_account uuid, p_places int, p_next_day timestamptz, t timestamptz) returns void language plpgsql volatile as $$
declare conversations uuid[];
begin
  with ended as (
    update message m set wait_reason = case when x.fits then null else m.wait_reason end,
        due_at = case when x.fits then m.due_at else p_next_day end
      from (select o.id, o.wait_reason <> 'new_conversations'
          or row_number() over (partition by o.wait_reason = 'new_conversations' order by o.priority, o.turn, o.seq) <= p_places as fits
        from (select id, wait_reason, priority, turn, seq from message
          where account_id = p_account and status = 'queued' and wait_reason is not null and due_at <= t
          order by due_at, seq limit 2000 for update skip locked) o) x
      where m.id = x.id
      returning m.conversation_id, m.wait_reason)
  select array_agg(distinct conversation_id) into conversations from ended where wait_reason is null;
  perform free_followers(conversations, t) where conversations is not null;
end $$;

-- Puts off what is behind one that is put off, until the same moment, though for an hour at most, so that it does not fill the
-- page of candidates. For less than ten minutes that is not worth its writes. The head is locked, so that whoever frees it
-- sees what waits behind it, and left alone where that happens right now. Gives how many they are.
create function put_off_behind(p_account uuid, p_quiet boolean, t timestamptz) returns int language plpgsql volatile as $$
declare n int;
begin
  if (select o.id from message o where o.account_id = p_account and o.status = 'queued' and o.wait_reason is not null
    and o.due_at > t + interval '10 minutes' order by o.due_at limit 1) is null then return 0; end if;
  with page as materialized (
    select c.* from (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
      select m.id, m.conversation_id from message m
      where m.account_id = p_account and m.status = 'queued' and m.wait_reason is null and m.priority = p.priority and m.due_at <= t
      order by m.turn, m.seq limit 400) c
    where not p_quiet or p.priority = 0),
  -- By its order, so that no plan can take another index than the one of the line.
  line as materialized (
    select p.id, f.id as head from page p cross join lateral (select o.id, o.wait_reason, o.due_at from message o
      where o.conversation_id = p.conversation_id and o.status = 'queued' and (o.expires_at is null or o.expires_at > t)
      order by o.priority, o.seq limit 1) f
    where f.wait_reason is not null and f.due_at > t + interval '10 minutes'),
  -- Written so that no plan looks for them in the index of all that is put off.
  head as materialized (
    select o.id, o.due_at from message o where o.id = any (array(select head from line))
      and (o.status = 'queued' and o.wait_reason is not null and o.due_at > t + interval '10 minutes') is true for no key update skip locked)
  update message m set due_at = least(h.due_at, t + interval '1 hour'), wait_reason = 'conversation_order' from line p join head h on h.id = p.head
    where m.id = any (array(select id from line)) and m.id = p.id and m.status || '' = 'queued';
  get diagnostics n = row_count;
  return n;
end $$;

-- For how many milliseconds each lock is waited for until the transaction ends; 0 for as long as it takes.
create function wait_for_locks(p_ms int) returns void language sql volatile as $$
  select set_config('lock_timeout', p_ms::text, true) $$;

-- Accept ----------------------------------------------------------------------

-- A contact that was deleted while a message of it was being stored took its address along: the batch begins anew.
create function begin_anew() returns text language plpgsql volatile as $$
begin raise exception 'a contact vanished while a message of it was being stored' using errcode = '40001'; end $$;

-- Stores a batch of outbound messages: one element of each array a request. p_again: an earlier write of the same
-- batch ended without a word about its COMMIT. p_lock_ms: for how long it waits for each lock before it fails; 0 for as
-- long as it takes. Gives a row a request, in order. Outcomes: accepted, replayed, mismatch, account_not_found,
-- account_not_connected (with status_reason), daily_limit_reached (with midnight), queue_full, expired, file_gone.
create function accept_messages(
  p_again boolean, p_now timestamptz, p_workspace uuid[], p_account uuid[], p_key text[], p_hash bytea[],
  p_address text[], p_priority smallint[], p_type text[], p_content jsonb[], p_id uuid[], p_contact uuid[],
  p_conversation uuid[], p_created_by uuid[], p_send_at timestamptz[], p_expires_at timestamptz[], p_valid_for int[],
  p_on_unknown text[], p_batch uuid[], p_media uuid[], p_lock_ms int default 0)
returns table (outcome text, message_id uuid, contact_id uuid, conversation_id uuid, created_at timestamptz,
  send_at timestamptz, expires_at timestamptz, account_phone text, status_reason text, midnight timestamptz, midnight_in_ms double precision)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := present(p_now);
  outcomes text[];
  expiries timestamptz[];
begin
  perform wait_for_locks(p_lock_ms);
  -- A file that is being deleted is gone by now, or its deletion waits for us and then sees the message. Before all else:
  -- whoever has a file locked waits for nothing that we hold.
  if array_remove(p_media, null) <> '{}' then
    perform 1 from media where id = any (p_media) order by id for key share;
  end if;
  -- An account that is being deleted is gone by now, or has to wait for us.
  perform 1 from account where id = any (p_account) order by id for key share;
  -- One batch at a time an account from here on, so that budgets and states hold.
  t := lock_days(p_account, p_now);
  select array_agg(coalesce(u.e, greatest(t, coalesce(u.s, t)) + u.v * interval '1 second') order by u.n) into expiries
    from unnest(p_send_at, p_expires_at, p_valid_for) with ordinality u(s, e, v, n);

  -- Looked up one by one, by the key, here and below: no kept plan may go through the others.
  delete from idempotency i where i.created_at < t - interval '24 hours' and i.ctid = any (array(
    select o.place from unnest(p_workspace, p_key) u(w, k) cross join lateral (select o.ctid as place from idempotency o
      where o.workspace_id = u.w and o.operation = 'messages.create' and o.key = u.k and o.created_at < t - interval '24 hours' limit 1) o));
  insert into idempotency (workspace_id, operation, key, hash, resource_id, created_at)
    select w, 'messages.create', k, h, m, t from unnest(p_workspace, p_key, p_hash, p_id) u(w, k, h, m)
    where k is not null order by w, k
    on conflict do nothing;

  select array_agg(case
      when i.resource_id <> u.m then case when i.hash = u.h then 'replayed' else 'mismatch' end
      when p_again and exists (select 1 from message where id = u.m) then 'stored'
      when a.id is null then 'account_not_found'
      when a.status <> 'connected' then 'account_not_connected'
      when u.f is not null and (select true from media x where x.id = u.f and x.workspace_id = u.w limit 1) is null then 'file_gone'
      when u.e <= t or u.e <= u.s then 'expired'
      else 'accepted' end order by u.n)
    into outcomes
    from unnest(p_workspace, p_account, p_key, p_hash, p_id, p_send_at, expiries, p_media) with ordinality u(w, a, k, h, m, s, e, f, n)
    left join lateral (select o.resource_id, o.hash from idempotency o
      where o.workspace_id = u.w and o.operation = 'messages.create' and o.key = u.k limit 1) i on true
    left join account a on a.id = u.a and a.workspace_id = u.w and a.deleted_at is null;

  -- before: of the same batch, what leaves before it. fits: how many may leave before it at all, so that it does not
  -- expire in the queue.
  with ranked as materialized (
    select u.n, u.a, u.p, row_number() over (partition by u.a order by u.n) as place,
      row_number() over (partition by u.a order by u.p, u.n) - 1 as before,
      floor(extract(epoch from u.at - t) * ac.rate_messages / ac.rate_seconds)::bigint as fits,
      d.queued, d.sent, d.day
    from unnest(p_account, p_priority, outcomes, p_send_at, expiries) with ordinality u(a, p, o, s, at, n)
    join account ac on ac.id = u.a
    join account_day d on d.account_id = u.a and d.day = (t at time zone ac.time_zone)::date
    where u.o = 'accepted' and (u.s is null or u.s <= t)),
  -- The day's count knows no priorities. Where it would refuse, what is queued and leaves before is counted itself, as
  -- far as it matters.
  ahead as materialized (
    select x.a, x.p, (select count(*) from (select 1 from message m
      where m.account_id = x.a and m.status = 'queued' and m.wait_reason is null and m.priority <= x.p limit greatest(0, x.most)) q) as n
    from (select r.a, r.p, max(r.fits - r.before) + 1 as most from ranked r where r.queued + r.before > r.fits group by 1, 2) x),
  refused as (
    select r.n, case when r.queued + r.place > ac.max_queued
        or r.queued + r.before > r.fits and h.n + r.before > r.fits then 'queue_full'
      when ac.on_limit = 'refuse' and r.sent + r.queued + r.place > day_limit(ac, r.day) then 'daily_limit_reached' end as word
    from ranked r join account ac on ac.id = r.a left join ahead h on h.a = r.a and h.p = r.p)
  select array_agg(coalesce(r.word, u.o) order by u.n)
    into outcomes
    from unnest(outcomes) with ordinality u(o, n) left join refused r on r.n = u.n;

  -- A refusal is not remembered: the same key may be accepted later.
  delete from idempotency i where i.ctid = any (array(
    select o.place from unnest(p_workspace, p_key, p_id, outcomes) u(w, k, m, word) cross join lateral (select o.ctid as place from idempotency o
      where o.workspace_id = u.w and o.operation = 'messages.create' and o.key = u.k and o.resource_id = u.m limit 1) o
    where u.word not in ('accepted', 'stored', 'replayed', 'mismatch')));

  update account_day d set queued = d.queued + c.n
    from (select u.a, count(*)::int as n from unnest(p_account, outcomes, p_send_at) u(a, o, s)
      where u.o = 'accepted' and (u.s is null or u.s <= t) group by 1) c
    join account a on a.id = c.a
    where d.account_id = c.a and d.day = (t at time zone a.time_zone)::date;

  with address as (
    insert into contact_address (workspace_id, kind, value, contact_id)
    select distinct on (u.w, u.v) u.w, 'phone', u.v, u.c
    from unnest(p_workspace, p_address, p_contact, outcomes) u(w, v, c, o)
    where u.o = 'accepted'
      and (select x.contact_id from contact_address x where x.workspace_id = u.w and x.kind = 'phone' and x.value = u.v limit 1) is null
    order by u.w, u.v, u.c
    on conflict do nothing
    returning workspace_id, contact_id)
  insert into contact (id, workspace_id, created_at, updated_at)
    select contact_id, workspace_id, t, t from address;

  insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, sent_count, created_at)
    select (array_agg(u.cv order by u.n))[1], u.w, u.a, x.contact_id, t, count(*), t
    from unnest(p_workspace, p_account, p_address, p_conversation, outcomes) with ordinality u(w, a, v, cv, o, n)
    cross join lateral (select x.contact_id from contact_address x
      where x.workspace_id = u.w and x.kind = 'phone' and x.value = u.v limit 1) x
    where u.o = 'accepted'
    group by u.w, u.a, x.contact_id order by u.a, x.contact_id
    on conflict (account_id, contact_id) do update set
      last_message_at = greatest(conversation.last_message_at, excluded.last_message_at),
      sent_count = conversation.sent_count + excluded.sent_count;

  return query
  with request as materialized (
    select u.*, x.contact_id as contact, v.id as conversation
    from unnest(p_workspace, p_account, p_address, p_priority, p_type, p_content, p_id, p_created_by, p_send_at, expiries,
      p_on_unknown, p_batch, outcomes) with ordinality u(w, a, addr, pr, ty, co, m, cb, send_at, expires_at, ou, ba, o, n)
    -- The limits keep the joins in this order, each by its key.
    cross join lateral (select x.contact_id from contact_address x
      where x.workspace_id = u.w and x.kind = 'phone' and x.value = u.addr limit 1) x
    cross join lateral (select v.id from conversation v where v.account_id = u.a and v.contact_id = x.contact_id limit 1) v
    where u.o = 'accepted'),
  -- Within a conversation the turn never falls as messages are accepted, so that its head is mostly the first of it on a
  -- page of candidates.
  line as materialized (
    select c.conversation, greatest(o.n, 1 + coalesce(o.turn, -1)) as ahead
    from (select distinct conversation from request) c, lateral (
      -- By its order, so that no plan can take another index than the one of the line. Turns end at 1,000.
      select count(*) as n, max(x.turn) as turn from (select m.turn from message m
        where m.conversation_id = c.conversation and m.status = 'queued' order by m.priority, m.seq limit 1000) x) o),
  stored as (
    insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
      status, priority, turn, due_at, send_at, expires_at, on_unknown, batch_id, created_by, event_count, created_at)
    select r.m, r.w, r.a, r.conversation, r.contact, 'outbound', r.addr, r.ty, r.co,
      case when r.send_at > t then 'scheduled' else 'queued' end, r.pr,
      least(1000, l.ahead + row_number() over (partition by r.conversation order by r.n) - 1), greatest(t, r.send_at), r.send_at, r.expires_at,
      r.ou, r.ba, r.cb, 1, t
    from request r join line l using (conversation) order by r.n),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, at)
    select r.w, case when r.send_at > t then 'message.scheduled' else 'message.queued' end, r.a, r.m, 1, t from request r order by r.n)
  select case when u.o = 'stored' then 'accepted' when u.o = 'accepted' and r.n is null then begin_anew() else u.o end,
    case when u.o = 'replayed' then i.resource_id else u.m end,
    coalesce(r.contact, m.contact_id), coalesce(r.conversation, m.conversation_id), coalesce(m.created_at, t),
    coalesce(r.send_at, m.send_at), coalesce(r.expires_at, m.expires_at), a.phone,
    case when u.o = 'account_not_connected' then a.status_reason end, x.midnight, 1000 * extract(epoch from x.midnight - t)::float8
  from unnest(p_workspace, p_account, p_key, p_id, outcomes) with ordinality u(w, a, k, m, o, n)
  left join request r on r.n = u.n
  left join lateral (select o.* from account o where o.id = u.a limit 1) a on true
  left join lateral (select ((t at time zone a.time_zone)::date + 1)::timestamp at time zone a.time_zone as midnight
    where u.o = 'daily_limit_reached') x on true
  left join lateral (select o.* from message o where u.o = 'stored' and o.id = u.m limit 1) m on true
  left join lateral (select o.resource_id from idempotency o
    where o.workspace_id = u.w and o.operation = 'messages.create' and o.key = u.k limit 1) i on true
  order by u.n;
end $$;

-- Claim -----------------------------------------------------------------------

-- Of the places of a rate that are taken, so many (n) by calls that ended at a time (at, rising): the end that makes one
-- free, where so many are free now (none, or fewer than none); null where calls under way hold it.
create function next_end(p_at timestamptz[], p_n int[], p_free int) returns timestamptz language sql immutable as $$
  select min(x.at) from (select w.at, sum(w.n) over (order by w.at) as n from unnest(p_at, p_n) w(at, n)) x where p_free + x.n > 0
$$;

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
language plpgsql volatile as $$
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

-- Evidence --------------------------------------------------------------------

-- Since when what has become of a message is unknown: until two minutes later it holds its conversation.
create function unknown_since(m message) returns timestamptz language sql stable parallel safe as $$
  select m.due_at - interval '2 minutes' $$;

-- Whether receipts of an account have come since what has become of a message of it is unknown, as far as that can be
-- told: the time of the last one is kept to a second.
create function heard_since(a account, m message) returns boolean language sql stable parallel safe as $$
  select a.last_receipt_at > unknown_since(m) - interval '1 second' $$;

-- Recomputes messages from their attempts: the newest attempt decides, and positive evidence of any attempt beats it.
-- A message that is queued again, or was cancelled or expired when it was, is moved by positive evidence only; the caller
-- frees what waits behind one that was put off (free_followers). p_by_hand: it is a person who says so, and not the channel.
create function project_messages(p_messages uuid[], t timestamptz, p_by_hand boolean default false) returns void language plpgsql volatile as $$
begin
  with seen as materialized (
    select m.id, m.status as before,
      not p_by_hand and (m.status = 'failed' and m.error_code = 'unknown_outcome' or m.status = 'unknown' and m.settle_at is null
        or m.status in ('cancelled', 'expired')) as late,
      x.status as after, x.code, x.title, x.failed_at, y.sent_at, y.delivered_at, y.read_at, y.played_at
    from message m
    cross join lateral (
      select a.status, a.code, a.title, a.failed_at from attempt a
      where a.message_id = m.id and (a.status in ('sent', 'delivered', 'read', 'played')
        or (m.status not in ('queued', 'cancelled', 'expired') and a.number = (select max(number) from attempt where message_id = m.id)
          and (a.status = 'failed' or (a.status in ('sending', 'unknown') and m.status in ('sending', 'unknown')))))
      order by evidence_rank(a.status) desc, a.number desc limit 1) x
    cross join lateral (
      -- When it was sent for good, where one call came to nothing and a later one was taken.
      select coalesce(min(least(a.sent_at, a.delivered_at, a.read_at, a.played_at)) filter (where a.status <> 'failed'),
          min(a.sent_at)) as sent_at,
        min(least(a.delivered_at, a.read_at, a.played_at)) as delivered_at,
        min(least(a.read_at, a.played_at)) as read_at, min(a.played_at) as played_at
      from attempt a where a.message_id = m.id) y
    where m.id = any (p_messages)),
  moved as (
    -- The channel's times have whole seconds, so they may lie before what they follow.
    update message m set status = s.after, 
      sent_at = case when s.sent_at is not null then greatest(m.created_at, s.sent_at) end,
      delivered_at = case when s.delivered_at is not null then greatest(m.created_at, s.delivered_at) end,
      read_at = case when s.read_at is not null then greatest(m.created_at, s.read_at) end,
      played_at = case when s.played_at is not null then greatest(m.created_at, s.played_at) end,
      failed_at = case when s.after = 'failed' then s.failed_at end,
      error_code = case when s.after = 'failed' then s.code end,
      error_title = case when s.after = 'failed' then s.title end,
      channel_message_id = coalesce((select a.channel_message_id from attempt a where a.message_id = m.id
        and a.channel_message_id is not null order by a.number desc limit 1), m.channel_message_id),
      -- Its last call may be under way when a receipt of an earlier one settles it: the lease is that of the call.
      lease_until = case when s.after = 'sending' or m.lease_until is not null
        and (select a.token from attempt a where a.message_id = m.id and a.fence = m.fence and a.status = 'sending' limit 1) is not null then m.lease_until end,
      due_at = case when s.after = 'unknown' and s.before <> 'unknown' then t + interval '2 minutes' else m.due_at end,
      settle_at = case when s.after = 'unknown' and s.before <> 'unknown'
          then t + (select c.unknown_window_s from account c where c.id = m.account_id) * interval '1 second'
        when s.after = 'unknown' then m.settle_at end,
      check_at = case when s.after = 'unknown' and s.before <> 'unknown'
          then t + least(300, (select c.unknown_window_s from account c where c.id = m.account_id) / 2.0) * interval '1 second'
        when s.after = 'unknown' then m.check_at end,
      checks = case when s.before <> s.after then 0 else m.checks end,
      has_candidate = m.has_candidate and s.before = s.after,
      wait_reason = null,
      event_count = m.event_count + (s.before <> s.after)::int + (s.late and s.before <> s.after)::int
    from seen s where m.id = any (p_messages) and m.id = s.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, m.budget_day, s.before, s.after, s.late, m.error_code, m.error_title),
  taken as (
    -- A message that waited for a retry by hand has arrived after all: it is not queued any more.
    update account_day d set queued = greatest(0, d.queued - x.n)
    from (select v.account_id, (t at time zone a.time_zone)::date as day, count(*)::int as n from moved v join account a on a.id = v.account_id
      where v.before = 'queued' and v.budget_day is distinct from (t at time zone a.time_zone)::date group by 1, 2) x
    where d.account_id = x.account_id and d.day = x.day)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
  select workspace_id, 'message.' || after, account_id, id, event_count - late::int,
    case when after = 'failed' then jsonb_build_object('code', error_code, 'title', error_title) else '{}' end, t
  from moved where before <> after
  union all
  select workspace_id, 'message.reconciled', account_id, id, event_count, jsonb_build_object('from', before, 'to', after), t
  from moved where before <> after and late;
end $$;

-- Says once of each of these messages, which the caller has locked, that the channel took more than one call for it.
create function report_doubled(p_messages uuid[], t timestamptz) returns void language plpgsql volatile as $$
begin
  if not exists (select 1 from message where id = any (p_messages) and fence > 1 and doubled_at is null) then return; end if;
  with twice as (
    update message m set doubled_at = t, event_count = m.event_count + 1
    from (select a.message_id, array_agg(a.number order by a.number) as attempts
      from message o cross join lateral (select k.number, k.message_id, k.status from attempt k where k.message_id = o.id order by k.number) a
      where o.id = any (p_messages) and o.fence > 1 and o.doubled_at is null and a.status in ('sent', 'delivered', 'read', 'played')
      group by 1 having count(*) > 1) x
    where m.id = any (p_messages) and m.id = x.message_id
    returning m.id, m.workspace_id, m.account_id, m.event_count, x.attempts)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
  select workspace_id, 'message.doubled', account_id, id, event_count, jsonb_build_object('attempts', attempts), t from twice;
end $$;

create type evidence as (token uuid, channel_message_id text, status text, at timestamptz, code text, title text);

-- Adds evidence to attempts. Any order and any repetition of the same evidence gives the same rows.
create function add_evidence(p_token uuid[], p_channel_message_id text[], p_status text[], p_at timestamptz[], p_code text[], p_title text[])
returns void language sql volatile as $$
  with e as (
    select u.token, max(u.channel_message_id) as channel_message_id,
      (array_agg(u.status order by evidence_rank(u.status) desc))[1] as status,
      min(u.at) filter (where u.status = 'sent') as sent_at,
      min(u.at) filter (where u.status = 'delivered') as delivered_at,
      min(u.at) filter (where u.status = 'read') as read_at,
      min(u.at) filter (where u.status = 'played') as played_at,
      min(u.at) filter (where u.status = 'failed') as failed_at,
      (array_agg(u.code order by u.at, u.code) filter (where u.status = 'failed'))[1] as code,
      (array_agg(u.title order by u.at, u.code, u.title) filter (where u.status = 'failed'))[1] as title
    from unnest(p_token, p_channel_message_id, p_status, p_at, p_code, p_title) u(token, channel_message_id, status, at, code, title)
    group by u.token)
  update attempt a set
    channel_message_id = coalesce(a.channel_message_id, e.channel_message_id),
    status = case when evidence_rank(e.status) > evidence_rank(a.status) then e.status else a.status end,
    sent_at = least(a.sent_at, e.sent_at), delivered_at = least(a.delivered_at, e.delivered_at),
    read_at = least(a.read_at, e.read_at), played_at = least(a.played_at, e.played_at),
    failed_at = least(a.failed_at, e.failed_at),
    code = case when e.failed_at is not null and (a.failed_at is null or (e.failed_at, e.code) < (a.failed_at, coalesce(a.code, '')))
      then e.code else a.code end,
    title = case when e.failed_at is not null and (a.failed_at is null or (e.failed_at, e.code) < (a.failed_at, coalesce(a.code, '')))
      then e.title else a.title end
  from e where a.token = any (p_token) and a.token = e.token $$;

-- Adds the receipts that were parked until the channel's ids of these attempts became known.
create function add_parked(p_token uuid[]) returns void language plpgsql volatile as $$
declare parked evidence[];
begin
  with found as (
    delete from parked_receipt p using attempt a
    where a.token = any (p_token) and a.channel_message_id is not null
      and p.account_id = a.account_id and p.channel_message_id = a.channel_message_id
    returning a.token, p.channel_message_id, p.status, p.at, p.code, p.title)
  select array_agg((token, channel_message_id, status, at, code, title)::evidence) into parked from found;
  perform add_evidence(array_agg(u.token), array_agg(u.channel_message_id), array_agg(u.status), array_agg(u.at), array_agg(u.code), array_agg(u.title))
    from unnest(parked) u having count(*) > 0;
end $$;

create function lock_receipts(p_account uuid, p_exclusive boolean) returns void language plpgsql volatile as $$
begin
  if p_exclusive then perform pg_advisory_xact_lock(hashtextextended(p_account::text, 2));
  else perform pg_advisory_xact_lock_shared(hashtextextended(p_account::text, 2)); end if;
end $$;

-- Applies receipts: by the token that they echo, else by the channel's id. p_account has the number now; a token may be
-- of one that had it before and was deleted, of another workspace too. What finds no attempt is parked until the
-- channel's id is known. Gives the accounts with a message of which it was open until now what had become of it.
create function apply_receipts(p_now timestamptz, p_account uuid[], p_token uuid[], p_channel_message_id text[],
  p_status text[], p_at timestamptz[], p_code text[], p_title text[])
returns table (account_id uuid) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := present(p_now); tokens uuid[]; messages uuid[]; accounts uuid[]; open uuid[]; moved uuid[]; put_off uuid[]; again boolean := false;
begin
  loop
    select array_agg(coalesce(b.token, c.token) order by u.n), array_agg(distinct coalesce(b.message_id, c.message_id))
      into tokens, messages
      from unnest(p_account, p_token, p_channel_message_id) with ordinality u(account, token, channel_message_id, n)
      -- With a limit the second question is no join of the plan: it is asked only where the first does not hold.
      left join attempt b on b.token = u.token and (b.account_id = u.account or (select o.id from account o
        join account r on r.channel = o.channel and r.phone_number_id = o.phone_number_id
        where o.id = b.account_id and r.id = u.account limit 1) is not null)
      -- Of several calls that the channel gave one id, the last.
      left join lateral (select o.token, o.message_id from attempt o where b.token is null and o.account_id = u.account
        and o.channel_message_id = u.channel_message_id order by o.number desc limit 1) c on true;
    exit when again or array_position(tokens, null) is null;
    -- An outcome that is being recorded right now may bring the channel's id: look again once it is in. The locks that are
    -- taken below are taken here too, so that all come in one order.
    perform lock_receipts(x.a, x.unknown) from (select coalesce(k.account_id, u.a) as a, bool_or(u.k is null) as unknown
      from unnest(p_account, tokens) u(a, k) left join attempt k on k.token = u.k group by 1 having bool_or(u.k is null or k.channel_message_id is null) order by 1) x;
    again := true;
  end loop;
  -- Where an echo tells the channel's id first, what was parked for it, or is being parked, is found below.
  perform lock_receipts(x.account_id, false) from (select distinct k.account_id from attempt k
    where k.token = any (tokens) and k.channel_message_id is null order by 1) x;
  insert into parked_receipt (account_id, channel_message_id, status, at, code, title, received_at)
    select distinct on (u.a, u.c, u.s, u.at, u.code) u.a, u.c, u.s, u.at, u.code, u.title, t
    from unnest(p_account, tokens, p_channel_message_id, p_status, p_at, p_code, p_title) u(a, k, c, s, at, code, title)
    where u.k is null order by u.a, u.c, u.s, u.at, u.code, u.title
    on conflict do nothing;
  -- A call whose end nobody has told, and perhaps nobody will, has arrived by now at the latest.
  open := array(select id from message where id = any (messages) and status = 'sending');
  if open <> '{}' then perform fill_buckets(open, array(select t from unnest(open))); end if;
  select array_agg(distinct x.a), array_agg(distinct x.a) filter (where x.s in ('sending', 'unknown', 'queued')), array_agg(x.c) filter (where x.s = 'queued' and x.w is not null)
    into accounts, moved, put_off
    from (select account_id as a, status as s, conversation_id as c, wait_reason as w from message where id = any (messages) order by id for update) x;
  perform add_evidence(array_agg(u.k), array_agg(u.c), array_agg(u.s), array_agg(u.at), array_agg(u.code), array_agg(u.title))
    from unnest(tokens, p_channel_message_id, p_status, p_at, p_code, p_title) u(k, c, s, at, code, title)
    where u.k is not null having count(*) > 0;
  perform add_parked(tokens);
  perform project_messages(messages, t);
  if put_off is not null then perform free_followers(put_off, t); end if;
  perform report_doubled(messages, t);
  -- Not for update, which would wait for everybody who has just stored something of the account.
  update account set last_receipt_at = t where id in (select id from account where id = any (p_account || accounts)
    and (last_receipt_at is null or last_receipt_at < t - interval '1 second') order by id for no key update);
  return query select unnest(moved);
end $$;

-- Record ----------------------------------------------------------------------

-- Whether a lane is held by more than its own budgets, which the next claim counts anew anyway.
create function in_trouble(p_lane lane, t timestamptz) returns boolean language sql immutable as $$
  select p_lane.held_until > t and coalesce(p_lane.held_reason not in ('pace', 'daily_limit'), true)
$$;

-- Holds the lanes of accounts that ran into trouble (throttled, account, danger), longer each time: one element of each
-- array a word of the channel, of which those that came side by side are one strike. The caller has locked the lanes.
create function hold_lanes(t timestamptz, p_account uuid[], p_class text[], p_wait_ms int[]) returns void language sql volatile as $$
  update lane l set strikes = l.strikes + (not in_trouble(l, t))::int,
      -- Danger takes the place of a pause, so that no word of a call under way ends it.
      held_reason = case when l.held_until = 'infinity' and x.class <> 'danger' then l.held_reason else x.class end,
      held_until = case when x.class = 'danger' then 'infinity' else greatest(case when in_trouble(l, t) then l.held_until end, t + greatest(x.wait, interval '1 second' *
        case x.class when 'account' then least(900, 60 * 2 ^ least(x.strikes, 8)) else least(300, 2 ^ least(x.strikes, 9)) end)) end
    from (select u.account, (array_agg(u.class order by array_position('{danger,account,throttled}', u.class)))[1] as class, max(u.wait_ms) * interval '1 millisecond' as wait,
        greatest(0, min(o.strikes) - bool_or(in_trouble(o, t))::int) as strikes
      from unnest(p_account, p_class, p_wait_ms) u(account, class, wait_ms)
      join lane o on o.kind = 'send' and o.key = u.account group by 1) x
    where l.kind = 'send' and l.key = x.account $$;

-- Writes what came of calls: one element of each array an attempt. Classes: accepted, not_sent, throttled,
-- recipient_throttled, rejected, account, danger, unknown, handed_back, expired; media where no call was made as its file is
-- not at the channel yet, media_unknown where the channel was called and has the file no more. p_wait_ms is how long to wait before the next attempt
-- (or at least, for what holds the lane), p_ago_ms how long ago the call ended. Gives the messages with what became of them.
create function record_attempts(p_now timestamptz, p_token uuid[], p_class text[], p_channel_message_id text[],
  p_code text[], p_title text[], p_wait_ms int[], p_ago_ms double precision[], p_lock_ms int default 0)
returns table (message_id uuid, account_id uuid, status text, due_at timestamptz) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := present(p_now); messages uuid[]; accounts uuid[]; put_off uuid[];
begin
  perform wait_for_locks(p_lock_ms);
  select array_agg(distinct a.message_id), array_agg(distinct a.account_id) into messages, accounts
    from attempt a where a.token = any (p_token);
  -- All in their order, before some are for what they ran into; and a claim that is just finding a day full is over then.
  if not p_class <@ '{accepted,rejected,unknown}' then
    perform 1 from lane where kind = 'send' and key = any (accounts) order by key for update;
  end if;

  -- What only some outcomes or settings need is asked for first: most batches hold nothing but accepted messages.
  -- Trouble of a whole account holds its lane; an accepted message ends it.
  if p_class && '{throttled,account,danger}' then
    perform hold_lanes(t, array_agg(a.account_id), array_agg(u.class), array_agg(u.wait_ms))
      from unnest(p_token, p_class, p_wait_ms) u(token, class, wait_ms)
      cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a
      where u.class in ('throttled', 'account', 'danger');
  end if;
  update lane l set strikes = 0 where l.kind = 'send' and l.strikes > 0 and not in_trouble(l, t) and l.key in (
    select a.account_id from unnest(p_token, p_class) u(token, class)
    cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a where u.class = 'accepted');
  -- The place of a call that was never made is free again, and for the next claim to find; and what is queued again has
  -- its place of the day, or gives it back.
  if not p_class <@ '{accepted,rejected,unknown}' then
    update lane l set held_until = t
      from (select a.account_id, bool_or(u.class in ('handed_back', 'expired', 'media')) as never_made
        from unnest(p_token, p_class) u(token, class)
        cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a
        where u.class not in ('accepted', 'rejected', 'unknown') group by 1) x
      where l.kind = 'send' and l.key = x.account_id and l.held_until > t
        and (l.held_reason = 'daily_limit' or l.held_reason = 'pace' and x.never_made);
  end if;
  if p_class && '{account,danger}' then
    perform set_account_trouble(x.account_id, x.title, t) from (
      select a.account_id, (array_agg(u.title order by array_position('{danger,account}', u.class), u.title))[1] as title
      from unnest(p_token, p_class, p_title) u(token, class, title)
      cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a where u.class in ('account', 'danger') group by 1) x;
  end if;
  if exists (select 1 from account where id = any (accounts) and status = 'needs_attention') then
    perform end_account_trouble(x.account_id, t) from (
      select distinct a.account_id from unnest(p_token, p_class) u(token, class)
      cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a
      join lane l on l.kind = 'send' and l.key = a.account_id and (l.held_until <= t or l.held_reason not in ('account', 'danger', 'paused'))
      where u.class = 'accepted') x;
  end if;

  -- What is queued again counts in a day, and not in that of an account that is being deleted.
  if not p_class <@ '{accepted,rejected,unknown}' then t := lock_days(accounts, p_now); end if;

  -- A recipient's bucket counts a call from its end, as the rate does.
  if exists (select 1 from account where id = any (accounts) and recipient_burst is not null) then
    perform fill_buckets(array_agg(a.message_id), array_agg(t - u.ago_ms * interval '1 millisecond'))
      from unnest(p_token, p_class, p_ago_ms) u(token, class, ago_ms)
      cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a
      where u.class not in ('handed_back', 'expired', 'media');
    perform refund_buckets(array_agg(a.message_id)) from unnest(p_token, p_class) u(token, class)
      cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a
      where u.class in ('handed_back', 'expired', 'media') and a.ended_at is null;
  end if;

  perform lock_receipts(k, false) from unnest(accounts) k order by k;
  select array_agg(x.c) filter (where x.s = 'queued' and x.w is not null) into put_off
    from (select conversation_id as c, status as s, wait_reason as w from message where id = any (messages) order by id for update) x;

  -- Our own word about a call may disprove an attempt that was given up as unknown; it never beats a receipt.
  update attempt a set class = u.class, ended_at = t - u.ago_ms * interval '1 millisecond',
      channel_message_id = coalesce(a.channel_message_id, u.channel_message_id),
      status = case
        when u.status = 'not_sent' and a.status in ('sending', 'unknown') then 'not_sent'
        when evidence_rank(u.status) > evidence_rank(a.status) then u.status else a.status end,
      sent_at = case when u.status = 'sent' then least(a.sent_at, t) else a.sent_at end,
      failed_at = case when u.status = 'failed' then least(a.failed_at, t) else a.failed_at end,
      -- What a receipt has said of a failure stands.
      code = case when a.failed_at is null then coalesce(u.code, a.code) else a.code end,
      title = case when a.failed_at is null then coalesce(u.title, a.title) else a.title end
    from (select x.*, case class when 'accepted' then 'sent' when 'rejected' then 'failed' when 'unknown' then 'unknown' else 'not_sent' end as status
      from unnest(p_token, p_class, p_channel_message_id, p_code, p_title, p_ago_ms) x(token, class, channel_message_id, code, title, ago_ms)) u
    where a.token = any (p_token) and a.token = u.token;

  perform add_parked(p_token);

  -- What was provably not sent is queued again, or has failed when its tries are used up.
  if not p_class <@ '{accepted,rejected,unknown}' then
    with back as (
      select m.id, a.code, a.title, u.class, m.budget_day as counted_on, c.deleted_at is not null or p.deleted_at is not null as gone, u.wait_ms * interval '1 millisecond' as wait,
        u.class = 'not_sent' and m.tries + 1 >= c.retry_attempts as over,
        (select k.token from attempt k where k.message_id = m.id and k.class in ('handed_back', 'expired', 'media') is not true limit 1) is null as uncalled
      from unnest(p_token, p_class, p_wait_ms) u(token, class, wait_ms)
      cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a
      cross join lateral (select o.* from message o where o.id = a.message_id limit 1) m
      join account c on c.id = m.account_id
      cross join lateral (select o.deleted_at from contact o where o.id = m.contact_id limit 1) p
      where a.status = 'not_sent' and m.fence = a.fence and m.status in ('sending', 'unknown')),
    moved as (
      update message m set status = case when b.over then 'failed' when b.class = 'expired' then 'expired' when b.gone then 'cancelled' else 'queued' end,
        settle_at = null, turn = 0,
        tries = m.tries + (b.class = 'not_sent')::int, lease_until = null,
        due_at = case when b.class in ('not_sent', 'recipient_throttled', 'media') then t + b.wait else t end,
        -- What waits for its file takes no place of the day, and one in the queue.
        budget_day = case when b.class <> 'media' then m.budget_day end,
        wait_reason = case b.class when 'not_sent' then 'retry' when 'recipient_throttled' then 'recipient_throttled' when 'media' then 'media' end,
        failed_at = case when b.over then t end, error_code = case when b.over then b.code end,
        error_title = case when b.over then b.title end, event_count = m.event_count + 1
      from back b where m.id = any (messages) and m.id = b.id
      returning m.id, m.workspace_id, m.account_id, m.event_count, m.status, m.due_at, m.budget_day, b.counted_on, b.class, b.code, b.title, b.uncalled),
    -- What ends without a call has not left, and gives its place of the day back.
    carried as (
      update account_day d set queued = d.queued + x.n, sent = greatest(0, d.sent - x.unsent)
      from (select o.account_id, o.day, count(*) filter (where o.status = 'queued' and o.budget_day is distinct from o.day)::int as n,
          count(*) filter (where (o.class = 'media' or o.status <> 'queued' and o.uncalled) and o.counted_on = o.day)::int as unsent
        from (select v.*, (t at time zone c.time_zone)::date as day from moved v join account c on c.id = v.account_id) o group by 1, 2) x
      where d.account_id = x.account_id and d.day = x.day and (x.n > 0 or x.unsent > 0))
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
      select workspace_id, case when status in ('failed', 'expired', 'cancelled') then 'message.' || status when class = 'handed_back' then 'message.queued' else 'message.retry_scheduled' end,
        account_id, id, event_count, jsonb_strip_nulls(jsonb_build_object('class', class, 'code', code, 'title', title,
          'due_at', case when status = 'queued' and class in ('not_sent', 'recipient_throttled', 'media')
            then to_char(due_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end)), t
      from moved;
  end if;

  perform project_messages(array(select m.id from message m where m.id = any (messages) and (m.lease_until is not null
    or (select a.token from attempt a where a.message_id = m.id and a.fence = m.fence and a.status <> 'not_sent' limit 1) is not null)), t);
  if put_off is not null then perform free_followers(put_off, t); end if;
  perform report_doubled(messages, t);
  return query select m.id, m.account_id, m.status, m.due_at from message m where m.id = any (messages);
end $$;

-- Queues again what a claim took whose answer was not heard: none of its calls began. A claim that is at work holds the
-- lane, and is waited for; one that has not come to its turn yet is not. Gives how many calls of it were open.
create function give_back_claim(p_account uuid, p_tokens uuid[], p_now timestamptz, p_lock_ms int default 0)
returns int language plpgsql volatile as $$
declare lost uuid[]; n int;
begin
  perform wait_for_locks(p_lock_ms);
  perform 1 from lane where kind = 'send' and key = p_account for update;
  lost := array(select token from attempt where token = any (p_tokens) and status in ('sending', 'unknown'));
  n := cardinality(lost);
  if n > 0 then
    perform record_attempts(p_now, lost, array_fill('handed_back'::text, array[n]), array_fill(null::text, array[n]),
      array_fill(null::text, array[n]), array_fill(null::text, array[n]), array_fill(0, array[n]), array_fill(0::float8, array[n]), p_lock_ms);
  end if;
  return n;
end $$;

-- Moves the time at which the buckets of these messages' recipients are full again to that of calls that ended then.
create function fill_buckets(p_messages uuid[], p_ended_at timestamptz[]) returns void language plpgsql volatile as $$
begin
  perform 1 from conversation v join account a on a.id = v.account_id and a.recipient_burst is not null
    where v.id = any (array(select conversation_id from message where id = any (p_messages))) order by v.id for update of v;
  update conversation v set recipient_tat = greatest(v.recipient_tat, x.ended_at + a.recipient_seconds * interval '1 second')
    from (select m.conversation_id, max(u.ended_at) as ended_at from unnest(p_messages, p_ended_at) u(message_id, ended_at)
      cross join lateral (select o.conversation_id from message o where o.id = u.message_id limit 1) m group by 1) x, account a
    where v.id = any (array(select conversation_id from message where id = any (p_messages)))
      and v.id = x.conversation_id and a.id = v.account_id and a.recipient_burst is not null;
end $$;

-- Gives the buckets of these messages' recipients back what the claims of calls took that were never made.
create function refund_buckets(p_messages uuid[]) returns void language plpgsql volatile as $$
begin
  perform 1 from conversation v join account a on a.id = v.account_id and a.recipient_burst is not null
    where v.id = any (array(select conversation_id from message where id = any (p_messages))) order by v.id for update of v;
  update conversation v set recipient_tat = v.recipient_tat - x.n * a.recipient_seconds * interval '1 second'
    from (select m.conversation_id, count(*) as n from unnest(p_messages) u(message_id)
      cross join lateral (select o.conversation_id from message o where o.id = u.message_id limit 1) m group by 1) x, account a
    where v.id = any (array(select conversation_id from message where id = any (p_messages)))
      and v.id = x.conversation_id and a.id = v.account_id and a.recipient_burst is not null;
end $$;

create function set_account_trouble(p_account uuid, p_reason text, t timestamptz) returns void language sql volatile as $$
  with a as (
    update account set status = 'needs_attention', status_reason = p_reason, updated_at = t
    where id = p_account and (status, status_reason) is distinct from ('needs_attention', p_reason)
    returning id, workspace_id)
  insert into event (workspace_id, type, account_id, data, at)
  select workspace_id, 'account.needs_attention', id, jsonb_build_object('reason', p_reason), t from a $$;

create function end_account_trouble(p_account uuid, t timestamptz) returns void language sql volatile as $$
  with a as (
    update account set status = 'connected', status_reason = null, updated_at = t
    where id = p_account and status = 'needs_attention'
    returning id, workspace_id)
  insert into event (workspace_id, type, account_id, at)
  select workspace_id, 'account.connected', id, t from a $$;

-- Recover: a call whose worker did not come back in time may have been made. It is never queued again; only evidence
-- can say what came of it. Gives the accounts concerned with how many messages it was, 500 at most.
-- p_lock_ms as above. What is in a conversation that somebody has locked has its turn with a later sweep.
create function recover_attempts(p_now timestamptz, p_lock_ms int default 0) returns table (account_id uuid, done bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := present(p_now); messages uuid[]; conversations uuid[];
begin
  perform wait_for_locks(p_lock_ms);
  select array_agg(x.id), array_agg(x.conversation_id) into messages, conversations from (
    select id, conversation_id from message where status <> 'queued' and lease_until < t order by lease_until limit 500) x;
  conversations := array(select id from conversation where id = any (conversations) order by id for update skip locked);
  select array_agg(id) into messages from message where id = any (messages) and (conversation_id = any (conversations)) is true;
  perform fill_buckets(messages, array(select t from unnest(messages)));
  select array_agg(x.id) into messages from (
    select id from message where id = any (messages) and lease_until < t for update skip locked) x;
  update attempt a set status = 'unknown', class = 'unknown', code = 'worker_lost', ended_at = t,
      title = 'The worker stopped before it could say what came of the call.'
    from message m where m.id = any (messages) and a.message_id = m.id and a.fence = m.fence and a.status = 'sending';
  perform project_messages(messages, t);
  return query select m.account_id, count(*) from message m where m.id = any (messages) group by 1;
end $$;

-- Receive ---------------------------------------------------------------------

-- Stores inbound messages: contact and conversation found or made by the writer's address. p_user_id is what the channel
-- calls the writer beside their number: it leads to the same contact, so that whoever hides the number later, or shows it,
-- stays the same person. Two contacts that there are already, one for each, stay two: their conversations cannot be made
-- one. What the channel tells of the
-- person (type system) is in the conversation, and else nothing that they wrote: not unread, not counted. A message that is there
-- already changes nothing, unless a placeholder (type unsupported) is replaced by the real one, which nobody has read. The
-- caller gives each (account, channel message id, address) once. Gives what was stored: its id, and which element of the
-- arrays it is.
create function receive_messages(p_now timestamptz, p_workspace uuid[], p_account uuid[], p_kind text[], p_address text[],
  p_user_id text[], p_name text[], p_channel_message_id text[], p_type text[], p_content jsonb[], p_context jsonb[], p_referral jsonb[],
  p_error_code text[], p_error_title text[], p_at timestamptz[], p_id uuid[], p_contact uuid[], p_conversation uuid[])
returns table (message_id uuid, n bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := present(p_now);
begin
  -- Whoever deletes one of these contacts is let through before, so that no address is left to a contact that is gone.
  perform 1 from contact where id = any (array(
      select coalesce(x.contact_id, y.contact_id) from unnest(p_workspace, p_kind, p_address, p_user_id) u(w, k, v, b)
      left join lateral (select contact_id from contact_address where workspace_id = u.w and kind = 'phone' and value = u.v limit 1) x on true
      left join lateral (select contact_id from contact_address where workspace_id = u.w and kind = 'bsuid' and value = u.b limit 1) y on true
      where u.k = 'phone' and u.b is not null and (x.contact_id is null) <> (y.contact_id is null))) order by id for key share;

  -- Numbers first, each of the contact that has the writer's other name, unless that has a number already: they took a new
  -- one, and the old one may be somebody else's by now.
  with address as (
    insert into contact_address (workspace_id, kind, value, contact_id)
    select distinct on (u.w, u.v) u.w, u.k, u.v, coalesce(b.contact_id, u.c)
    from unnest(p_workspace, p_kind, p_address, p_user_id, p_contact) u(w, k, v, b, c)
    left join lateral (select o.contact_id from contact_address o where o.workspace_id = u.w and o.kind = 'bsuid' and o.value = u.b
      and not exists (select 1 from contact_address x where x.contact_id = o.contact_id and x.kind = 'phone') limit 1) b on true
    where u.k = 'phone' and not exists (select 1 from contact_address x where x.workspace_id = u.w and x.kind = u.k and x.value = u.v)
    order by u.w, u.v, b.contact_id, u.c
    on conflict do nothing
    returning workspace_id, contact_id)
  insert into contact (id, workspace_id, created_at, updated_at)
    select contact_id, workspace_id, t, t from address on conflict (id) do nothing;

  with address as (
    insert into contact_address (workspace_id, kind, value, contact_id)
    select distinct on (u.w, u.b) u.w, 'bsuid', u.b, coalesce(x.contact_id, u.c)
    from unnest(p_workspace, p_kind, p_address, p_user_id, p_contact) u(w, k, v, b, c)
    left join lateral (select contact_id from contact_address where workspace_id = u.w and kind = 'phone' and u.k = 'phone' and value = u.v limit 1) x on true
    where u.b is not null and not exists (select 1 from contact_address y where y.workspace_id = u.w and y.kind = 'bsuid' and y.value = u.b)
    order by u.w, u.b, x.contact_id, u.c
    on conflict do nothing
    returning workspace_id, contact_id)
  insert into contact (id, workspace_id, created_at, updated_at)
    select contact_id, workspace_id, t, t from address on conflict (id) do nothing;

  update contact c set name = u.name, updated_at = t
    from (select distinct on (x.contact_id) x.contact_id, u.name
      from unnest(p_workspace, p_kind, p_address, p_name) with ordinality u(w, k, v, name, n)
      join contact_address x on x.workspace_id = u.w and x.kind = u.k and x.value = u.v
      where u.name is not null order by x.contact_id, u.n desc) u
    where c.id = u.contact_id and c.name is null;

  insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, created_at)
    select distinct on (u.a, x.contact_id) u.cv, u.w, u.a, x.contact_id, t, t
    from unnest(p_workspace, p_account, p_kind, p_address, p_conversation) u(w, a, k, v, cv)
    join contact_address x on x.workspace_id = u.w and x.kind = u.k and x.value = u.v
    order by u.a, x.contact_id, u.cv
    on conflict (account_id, contact_id) do update set last_message_at = greatest(conversation.last_message_at, excluded.last_message_at);

  return query
  with found as materialized (
    select u.*, case when v.id is null then begin_anew()::uuid else v.id end as conversation, x.contact_id as contact
    from unnest(p_workspace, p_account, p_kind, p_address, p_channel_message_id, p_type, p_content, p_context, p_referral,
        p_error_code, p_error_title, p_at, p_id)
      with ordinality u(w, a, k, v, cm, type, content, context, referral, code, title, at, m, n)
    left join contact_address x on x.workspace_id = u.w and x.kind = u.k and x.value = u.v
    left join conversation v on v.account_id = u.a and v.contact_id = x.contact_id),
  -- Placeholders that somebody has read; the conversations are locked, so that nobody reads one at this moment.
  seen as materialized (
    select m.id from found f join message m on m.account_id = f.a and m.channel_message_id = f.cm and m.address = f.v
      and m.direction = 'inbound' and m.type = 'unsupported' and m.status = 'read'),
  stored as (
    insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content, context, referral,
      error_code, error_title, status, channel_message_id, event_count, created_at, sent_at)
    select u.m, u.w, u.a, u.conversation, u.contact, 'inbound', u.v, u.type, u.content, u.context, u.referral, u.code, u.title, case u.type when 'system' then 'read' else 'received' end, u.cm, 1, t, u.at
    from found u
    order by u.n
    on conflict (account_id, channel_message_id, address) where direction = 'inbound'
      do update set type = excluded.type, content = excluded.content, context = excluded.context, referral = excluded.referral,
        error_code = excluded.error_code, error_title = excluded.error_title, status = 'received', read_at = null,
        event_count = message.event_count + 1
      where message.type = 'unsupported' and excluded.type not in ('unsupported', 'system')
    returning id, workspace_id, account_id, conversation_id, channel_message_id, address, event_count, sent_at, (xmax = 0) as fresh,
      (xmax = 0) and type <> 'system' as written),
  counted as (
    update conversation v set unread_count = v.unread_count + s.unread, received_count = v.received_count + s.n,
      -- A webhook may come late: what counts is when the person wrote.
      last_received_at = greatest(v.last_received_at, s.at)
    from (select conversation_id, count(*) filter (where written)::int as n, max(least(t, sent_at)) filter (where written) as at,
        count(*) filter (where written or id in (select id from seen))::int as unread
      from stored group by 1) s where v.id = s.conversation_id and s.unread > 0),
  -- Whoever has written to us is no new conversation any more.
  freed as (
    update message m set due_at = t, wait_reason = null
    from (select distinct conversation_id from stored where written) s
    where m.conversation_id = s.conversation_id and m.status = 'queued' and m.wait_reason = 'new_conversations'),
  today as (
    insert into account_received (account_id, day, received)
    select s.account_id, (t at time zone a.time_zone)::date, s.n
    from (select account_id, count(*)::int as n from stored where written group by 1) s join account a on a.id = s.account_id order by 1
    on conflict (account_id, day) do update set received = account_received.received + excluded.received),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.received', account_id, id, event_count,
      case when fresh then '{}' else '{"replaced": "unsupported"}' end::jsonb, t from stored)
  select s.id, f.n from stored s
    join found f on f.a = s.account_id and f.cm = s.channel_message_id and f.v = s.address order by f.n;
  perform free_followers(array(select conversation_id from message where id = any (p_id)), t);
end $$;

-- Trouble that the channel tells of itself, one element of each array a word of it about an account: holds its lane as a
-- call that ran into it does; danger a paused one too, so that a call under way that is accepted does not end it. One whose
-- hash was applied before changes nothing, and neither does one of before the account was last resumed; without a hash, or
-- a time, it always counts. Gives the accounts that were held.
create function apply_signals(p_now timestamptz, p_account uuid[], p_class text[], p_title text[], p_hash bytea[], p_at timestamptz[])
returns table (account_id uuid) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := present(p_now); accounts uuid[]; classes text[]; titles text[];
begin
  perform 1 from lane where kind = 'send' and key = any (p_account) order by key for update;
  with told as (
    insert into applied_signal (account_id, hash, applied_at)
      select distinct u.account, u.hash, t from unnest(p_account, p_hash) u(account, hash) where u.hash is not null order by 1, 2
      on conflict do nothing
    returning account_id, hash)
  select array_agg(u.account), array_agg(u.class), array_agg(u.title) into accounts, classes, titles
    from unnest(p_account, p_class, p_title, p_hash, p_at) u(account, class, title, hash, at) join account a on a.id = u.account
    where (u.hash is null or (u.account, u.hash) in (select account_id, hash from told))
      and (u.at is null or a.resumed_at is null or u.at > a.resumed_at);
  if accounts is null then return; end if;
  perform hold_lanes(t, accounts, classes, array_fill(0, array[cardinality(accounts)]));
  perform set_account_trouble(x.account, x.title, t) from (
    select u.account, (array_agg(u.title order by array_position('{danger,account}', u.class), u.title))[1] as title
    from unnest(accounts, classes, titles) u(account, class, title) group by 1 order by 1) x;
  return query select distinct x from unnest(accounts) x;
end $$;

-- Upkeep: what time alone brings about. Each does a piece of 500 messages at most, and gives the accounts concerned with how
-- many messages it was. p_lock_ms: for how long it waits for each lock before it fails; 0 for as long as it takes.

-- Messages whose time has passed before they were sent.
create function expire_messages(p_now timestamptz, p_lock_ms int default 0) returns table (account_id uuid, done bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare t timestamptz := present(p_now); found_accounts uuid[]; held uuid[] := '{}'; accounts uuid[] := '{}'; conversations uuid[];
begin
  perform wait_for_locks(p_lock_ms);
  -- However much the accounts have that somebody holds, the others are looked for behind it.
  while accounts = '{}' loop
    found_accounts := array(select distinct x.account_id from (select o.account_id from message o where o.status in ('scheduled', 'queued')
      and o.expires_at <= t and (o.account_id = any (held)) is false order by o.expires_at limit 500) x);
    exit when found_accounts = '{}';
    held := held || found_accounts;
    accounts := free_days(found_accounts);
  end loop;
  -- Where somebody holds each, they are waited for, as they may be held again and again.
  if accounts = '{}' then accounts := held; end if;
  if accounts = '{}' then return; end if;
  t := lock_days(accounts, p_now);
  with gone as (
    update message m set status = 'expired', wait_reason = null, event_count = m.event_count + 1
    from (select o.id, o.status, o.wait_reason from message o where o.status in ('scheduled', 'queued') and o.expires_at <= t
      and (o.account_id = any (accounts)) is true order by o.expires_at limit 500 for update skip locked) x
    where m.id = x.id
    returning m.id, m.workspace_id, m.account_id, m.conversation_id, m.event_count, m.budget_day, x.status as before, x.wait_reason as waited),
  counted as (
    update account_day d set queued = greatest(0, d.queued - g.n)
    from (select o.account_id, (t at time zone a.time_zone)::date as day, count(*)::int as n from gone o join account a on a.id = o.account_id
      where o.before = 'queued' and o.budget_day is distinct from (t at time zone a.time_zone)::date group by 1, 2) g
    where d.account_id = g.account_id and d.day = g.day),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, at)
    select workspace_id, 'message.expired', account_id, id, event_count, t from gone)
  select array_agg(g.account_id), array_agg(distinct g.conversation_id) filter (where g.waited is not null)
    into accounts, conversations from gone g;
  perform free_followers(conversations, t) where conversations is not null;
  return query select x, count(*) from unnest(accounts) x group by 1;
end $$;

-- The lanes in which payloads are open, each looked up in the index for itself, however much waits in one.
create function open_lanes() returns setof uuid language sql stable as $$
  with recursive l(key) as (
    (select lane_key from inbound_payload where processed_at is null order by lane_key limit 1)
    union all
    select (select p.lane_key from inbound_payload p where p.processed_at is null and p.lane_key > l.key order by p.lane_key limit 1)
      from l where l.key is not null)
  select key from l where key is not null $$;

-- Since when a lane has something to read; account_id is null where it has what came for numbers that no account had.
create type unread_lane as (account_id uuid, since timestamptz);

-- Written so that no plan looks for the first one by the id alone.
create function unread_lanes() returns unread_lane[] language sql stable as $$
  select array(select ((select a.id from account a where a.id = l.key), o.received_at)::unread_lane
    from open_lanes() l(key) cross join lateral (select p.received_at from inbound_payload p
      where p.lane_key between l.key and l.key and p.processed_at is null order by p.lane_key, p.id limit 1) o) $$;

-- Whether a lane that may have a receipt of a message has not read yet what came before the window of the message was over,
-- or some seconds ago: what has just come lies in a busy lane all the time.
create function is_unread(p_lanes unread_lane[], m message, t timestamptz) returns boolean language sql stable as $$
  select m.settle_at > t - interval '1 day' and exists (select 1 from unnest(p_lanes) l
    where (l.account_id is null or l.account_id = m.account_id) and l.since <= greatest(m.settle_at, t - interval '5 seconds')) $$;

-- Unknown outcomes whose window is over: held for the operator, sent again, or failed, as the message or else its
-- account says. Held instead of sent again is what has used up the calls that the account allows, what the channel's
-- history lists an id for that may be of it, what has expired meanwhile, and what is of a deleted account or for a deleted contact. A window counts
-- only while receipts come in at all, and nothing is settled over what was posted in time and is not read yet, for a day at most.
create function settle_unknown(p_now timestamptz, p_lock_ms int default 0) returns table (account_id uuid, done bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := present(p_now); found_accounts uuid[]; passed uuid[] := '{}'; held uuid[] := '{}'; accounts uuid[] := '{}'; unread unread_lane[];
begin
  perform wait_for_locks(p_lock_ms);
  unread := unread_lanes();
  while accounts = '{}' loop
    found_accounts := array(select distinct x.account_id from (select m.account_id from message m join account a on a.id = m.account_id
      where m.status = 'unknown' and m.settle_at <= t and heard_since(a, m) and (m.account_id = any (passed)) is false
        and not is_unread(unread, m, t) order by m.settle_at limit 500) x);
    exit when found_accounts = '{}';
    passed := passed || found_accounts;
    -- What is sent again may have its place of the day already. Locked first, as a claim may just be finding the day full; an
    -- account whose lane is locked has its turn with a later sweep.
    found_accounts := array(select key from lane where kind = 'send' and key = any (found_accounts) order by key for update skip locked);
    held := held || found_accounts;
    accounts := free_days(found_accounts);
  end loop;
  if accounts = '{}' then accounts := held; end if;
  if accounts = '{}' then return; end if;
  update lane set held_until = t where kind = 'send' and key = any (accounts) and held_until > t and held_reason = 'daily_limit';
  t := lock_days(accounts, p_now);
  return query
  with open as (
    select m.id, m.conversation_id, m.seq, coalesce(m.on_unknown, a.on_unknown) as choice, (t at time zone a.time_zone)::date as today,
      a.retry_attempts,
      case when m.has_candidate then 'history_candidate' when a.deleted_at is not null then 'account_deleted'
        when (select c.deleted_at from contact c where c.id = m.contact_id) is not null then 'contact_deleted'
        when m.expires_at <= t then 'expired' end as obstacle
    from message m join account a on a.id = m.account_id
    where m.status = 'unknown' and m.settle_at <= t and (m.account_id = any (accounts)) is true and heard_since(a, m) and not is_unread(unread, m, t)
    order by m.settle_at limit 500 for update of m skip locked),
  due as (
    select o.id, o.today, case when u.calls >= o.retry_attempts or o.choice = 'retry' and o.obstacle is not null then 'hold' else o.choice end as choice,
      case when u.calls >= o.retry_attempts then u.calls end as used_up,
      case when u.calls >= o.retry_attempts then 'attempts_used_up' when o.choice = 'retry' then o.obstacle end as reason,
      least(1000, row_number() over (partition by o.conversation_id order by o.seq) - 1) as turn
    from open o left join lateral (select count(*)::int as calls from attempt k
      where k.message_id = o.id and k.class in ('not_sent', 'unknown')) u on o.choice = 'retry'),
  settled as (
    update message m set settle_at = null, turn = d.turn, event_count = m.event_count + 1,
      status = case d.choice when 'retry' then 'queued' when 'fail' then 'failed' else m.status end,
      due_at = case when d.choice = 'retry' then t else m.due_at end,
      stuck_at = case when d.choice = 'retry' then null else m.stuck_at end,
      failed_at = case when d.choice = 'fail' then t end,
      error_code = case when d.choice = 'fail' then 'unknown_outcome' end,
      error_title = case when d.choice = 'fail' then 'No receipt told within the window whether WhatsApp took the message.' end
    from due d where m.id = d.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, m.budget_day, m.error_code, m.error_title, d.choice, d.used_up, d.reason, d.today),
  counted as (
    update account_day y set queued = y.queued + s.n
    from (select account_id, today, count(*)::int as n from settled where choice = 'retry' and budget_day is distinct from today group by 1, 2) s
    where y.account_id = s.account_id and y.day = s.today),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, case choice when 'retry' then 'message.queued' when 'fail' then 'message.failed' else 'message.held' end,
      account_id, id, event_count, jsonb_strip_nulls(jsonb_build_object('on_unknown', choice, 'code', error_code, 'title', error_title,
        'reason', reason, 'attempts', used_up)), t from settled)
  select account_id, count(*) from settled group by 1;
end $$;

-- Lets the windows of unknown outcomes last for a while yet, after a time in which perhaps nobody was there to whom receipts
-- could be posted: the channel posts them again. What was reported as stuck is not reported once more for it.
create function prolong_windows(p_now timestamptz) returns void language sql volatile as $$
  update message m set settle_at = x.settle_at, stuck_at = case when m.stuck_at is not null then x.settle_at end
    from (select o.id, t + least(a.unknown_window_s, 600) * interval '1 second' as settle_at
      from present(p_now) t, message o join account a on a.id = o.account_id
      where o.status = 'unknown' and o.settle_at < t + least(a.unknown_window_s, 600) * interval '1 second' order by o.id for update of o) x
    where m.id = x.id $$;

-- The watchdog: says once of each message that WhatsApp took and never delivered. Account by account, as each has its own
-- time: what is not late yet is not read.
create function report_undelivered(p_now timestamptz) returns bigint language sql volatile as $$
  with found as materialized (
    select x.id from present(p_now) t, account a, lateral (
      select o.id from message o where o.account_id = a.id and o.status = 'sent' and o.reported_at is null
        and o.sent_at < t - a.undelivered_after_s * interval '1 second'
      order by o.sent_at limit 500) x limit 500),
  late as (
    update message m set reported_at = present(p_now), event_count = m.event_count + 1
    from (select o.id from message o where o.id = any (array(select id from found)) and o.status = 'sent' for update skip locked) x
    where m.id = x.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, m.sent_at),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.undelivered', account_id, id, event_count,
      jsonb_build_object('reason', 'no_delivery_receipt', 'sent_at', to_char(sent_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), present(p_now) from late)
  select count(*) from late $$;

-- History ---------------------------------------------------------------------

-- Takes up to p_max unknown outcomes of an account that the channel's history is to be asked about now, where its channel
-- is one of p_channels. One look at a time an account: nobody else takes any until the lease ends or record_history ends
-- it. Gives a row a call; or a single one without a call, with the time that the lane waits for.
create function claim_history(p_account uuid, p_max int, p_channels text[], p_lease interval, p_now timestamptz)
returns table (message_id uuid, token uuid, address text, started_at timestamptz, ended_at timestamptz, channel text,
  phone_number_id text, fence bigint, wait_until timestamptz)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz; l lane; a account;
begin
  -- In a statement of its own: the statements below then see all that earlier claims have committed.
  select * into l from lane where kind = 'history' and key = p_account for update;
  t := present(p_now);
  select * into a from account where id = p_account and deleted_at is null and channel = any (p_channels);
  if l.key is null or a.id is null then return; end if;
  if greatest(l.held_until, l.lease_until) > t then
    wait_until := greatest(l.held_until, l.lease_until);
    return next; return;
  end if;
  return query
  select m.id, k.token, m.address, k.started_at, coalesce(k.ended_at, k.started_at), a.channel, a.phone_number_id, l.fence + 1, null::timestamptz
    from message m join attempt k on k.message_id = m.id and k.fence = m.fence
    where m.account_id = p_account and m.status = 'unknown' and m.check_at <= t order by m.check_at limit p_max;
  if found then
    update lane set fence = lane.fence + 1, lease_until = t + p_lease where kind = 'history' and key = p_account;
    return;
  end if;
  select min(m.check_at) into wait_until from message m where m.account_id = p_account and m.status = 'unknown' and m.check_at is not null;
  return next;
end $$;

-- Writes what a look into the history showed of these calls, into the timelines of what is still unknown, and ends the
-- lease. A message is looked for a second time shortly before its window ends. p_fits is null where the look was not
-- whole, so that an earlier one stands. p_wait_ms is null where the channel
-- answered; else the whole account waits, longer each time, and a message tells of it only when five looks are used up.
-- Gives how many timelines it wrote into; null where another one has taken over, so that nothing was written.
create function record_history(p_now timestamptz, p_account uuid, p_fence bigint, p_token uuid[], p_data jsonb[], p_fits boolean[],
  p_wait_ms double precision)
returns int language plpgsql volatile as $$
declare
  t timestamptz := present(p_now); failed boolean := p_wait_ms is not null; written int;
begin
  update lane l set lease_until = '-infinity', strikes = case when failed then l.strikes + 1 else 0 end,
      held_until = case when failed then t + greatest(p_wait_ms * interval '1 millisecond', least(900, 60 * 2 ^ least(l.strikes, 8)) * interval '1 second')
        else '-infinity' end
    where l.kind = 'history' and l.key = p_account and l.fence = p_fence;
  if not found then return null; end if;
  -- In a statement of its own: what a receipt has settled while we waited for it is seen as settled below.
  perform 1 from message m where m.id in (select k.message_id from attempt k where k.token = any (p_token)) order by m.id for update;
  with looked as (
    select m.id, u.data, u.fits, not failed or m.checks >= 4 as tells,
      case when failed then case when m.checks < 4 then m.check_at end
        when t < m.settle_at - a.unknown_window_s * interval '0.1 seconds' then m.settle_at - a.unknown_window_s * interval '0.1 seconds' end as next_at
    from unnest(p_token, p_data, p_fits) u(token, data, fits)
    join attempt k on k.token = u.token
    join message m on m.id = k.message_id and m.fence = k.fence
    join account a on a.id = m.account_id
    where m.status = 'unknown' and m.account_id = p_account),
  moved as (
    update message m set checks = m.checks + 1, check_at = x.next_at, event_count = m.event_count + x.tells::int,
      has_candidate = coalesce(x.fits, m.has_candidate)
    from looked x where m.id = x.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, x.data, x.tells)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.history_checked', account_id, id, event_count, data, t from moved where tells;
  get diagnostics written = row_count;
  return written;
end $$;

-- Media -----------------------------------------------------------------------

-- Takes up to p_max received files of an account that are due, where its channel is one of p_channels, so that at most
-- p_places of them are being fetched at once. Gives a row a file; then, always last, a row without one that says whether
-- due ones were left (more), and when the next becomes due (wait_until). tries is the number of this try, and the fence:
-- whoever lost its lease has another one. p_pauses: how long after each try the next one follows, in milliseconds; that
-- holds also where a lease runs out, as in a store that hangs.
create function claim_media(p_account uuid, p_max int, p_places int, p_channels text[], p_lease interval, p_pauses double precision[],
  p_now timestamptz)
returns table (id uuid, workspace_id uuid, message_id uuid, kind text, channel text, phone_number_id text, channel_media_id text,
  declared_type text, file_name text, expected_sha256 text, expected_size bigint, tries int, more boolean, wait_until timestamptz)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz; a account; room int;
begin
  -- In a statement of its own: the statements below then see all that earlier claims have committed.
  perform 1 from lane where kind = 'fetch' and key = p_account for update;
  t := present(p_now);
  select * into a from account where id = p_account and deleted_at is null and channel = any (p_channels);
  if a.id is null then return; end if;
  select least(p_max, p_places - count(*)) into room from media where account_id = p_account and status = 'pending' and lease_until > t;
  return query
  update media m set lease_until = t + p_lease, tries = m.tries + 1,
      due_at = t + p_lease + coalesce(p_pauses[m.tries + 1], 0) * interval '1 millisecond'
    where m.id in (select o.id from media o where o.account_id = p_account and o.status = 'pending' and o.due_at <= t
      and (o.lease_until is null or o.lease_until <= t) order by o.due_at, o.id limit greatest(0, room) for update skip locked)
    returning m.id, m.workspace_id, m.message_id, m.kind, a.channel, a.phone_number_id, m.channel_media_id, m.declared_type, m.file_name,
      m.expected_sha256, m.expected_size, m.tries, true, null::timestamptz;
  select coalesce(bool_or(x.at <= t), false), min(x.at) filter (where x.at > t) into more, wait_until
    from (select greatest(o.due_at, o.lease_until) as at from media o where o.account_id = p_account and o.status = 'pending') x;
  return next;
end $$;

-- Writes what came of fetching a file, and says it in the timeline of its message. stored counts whoever says it, as the
-- content was checked; everything else only from who still has the fence. due_at: when it is tried again. Gives whether
-- anything changed.
create function record_media(p_now timestamptz, p_id uuid, p_tries int, p_status text, p_sha256 text, p_size bigint, p_mime_type text,
  p_width int, p_height int, p_thumbnail text, p_code text, p_title text, p_wait_ms double precision, p_data jsonb)
returns boolean language plpgsql volatile as $$
declare
  t timestamptz := present(p_now); found_media media; numbered int;
begin
  -- Messages are locked before their media.
  perform 1 from message where id = (select message_id from media where id = p_id) for update;
  update media m set status = p_status, lease_until = null,
      due_at = case when p_status = 'pending' then t + p_wait_ms * interval '1 millisecond' end,
      sha256 = coalesce(p_sha256, m.sha256), size = coalesce(p_size, m.size), mime_type = coalesce(p_mime_type, m.mime_type),
      width = p_width, height = p_height, thumbnail_sha256 = p_thumbnail, stored_at = case when p_status = 'stored' then t end, error_code = p_code, error_title = p_title
    where m.id = p_id and m.status = 'pending' and (p_status = 'stored' or m.tries = p_tries)
    returning * into found_media;
  if found_media.id is null then return false; end if;
  if p_status = 'pending' then return true; end if;
  update message set event_count = event_count + 1 where id = found_media.message_id returning event_count into numbered;
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    values (found_media.workspace_id, 'media.' || p_status, found_media.account_id,
      case when numbered is not null then found_media.message_id end, numbered, p_data, t);
  return true;
end $$;

-- Plans -----------------------------------------------------------------------

-- Planning is most of what a small batch costs, so these plans are kept, though they may be made while the tables are
-- empty. A kept plan must therefore never read a table from its beginning, and where several indexes look alike on an
-- empty table, the statement is written so that only the right one fits.
alter function accept_messages set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off;
alter function claim_messages set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off;
alter function record_attempts set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off;
-- Called by whoever begins a day, also where plans are not kept so.
alter function uncounted set enable_seqscan = off set enable_bitmapscan = off;

-- Counts ----------------------------------------------------------------------

-- Each statement that changes messages says in its own transaction what it changed in the counts. The rows are added and
-- never updated, so nobody waits for anybody; the sweep folds them into message_count, message_present and
-- message_recent. What is folded and what is not are exact together, at any moment. The statements read nothing but what
-- was changed, so their plans may be kept. What is deleted stays counted in messages and accepted, which are history.
create function counted_slot(p_at timestamptz) returns timestamptz language sql immutable parallel safe as
  $$ select date_bin('10 minutes', p_at, 'epoch') $$;

create function counted_priority(p_status text, p_priority smallint) returns smallint language sql immutable parallel safe as
  $$ select case when p_status in ('scheduled', 'queued', 'sending', 'unknown') then p_priority else 1::smallint end $$;

create function count_added() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  insert into message_change (workspace_id, slot, account_id, direction, type, status, priority, messages, accepted, present)
    select workspace_id, counted_slot(created_at), account_id, direction, type, status, counted_priority(status, priority),
      count(*), count(sent_at), count(*)
    from added group by 1, 2, 3, 4, 5, 6, 7;
  return null;
end $$;

create function count_changed() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if not exists (select 1 from added) then return null; end if;
  insert into message_change (workspace_id, slot, account_id, direction, type, status, priority, messages, accepted, present)
    select workspace_id, counted_slot(created_at), account_id, direction, type, status, counted_priority(status, priority),
      sum(n), coalesce(sum(n) filter (where sent_at is not null), 0), sum(n)
    from (select 1 as n, workspace_id, created_at, account_id, direction, type, status, priority, sent_at from added
      union all select -1, workspace_id, created_at, account_id, direction, type, status, priority, sent_at from removed) x
    group by 1, 2, 3, 4, 5, 6, 7
    having sum(n) <> 0 or coalesce(sum(n) filter (where sent_at is not null), 0) <> 0;
  return null;
end $$;

create function count_deleted() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  insert into message_change (workspace_id, slot, account_id, direction, type, status, priority, messages, accepted, present)
    select workspace_id, counted_slot(created_at), account_id, direction, type, status, counted_priority(status, priority), 0, 0, -count(*)
    from removed group by 1, 2, 3, 4, 5, 6, 7;
  return null;
end $$;

create trigger message_added after insert on message referencing new table as added
  for each statement execute function count_added();
create trigger message_changed after update on message referencing old table as removed new table as added
  for each statement execute function count_changed();
create trigger message_deleted after delete on message referencing old table as removed
  for each statement execute function count_deleted();

-- The same of contacts and conversations, for the totals of their lists.
create function count_conversations() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if tg_op = 'INSERT' then
    if not exists (select 1 from added) then return null; end if;
    insert into list_change (workspace_id, account_id, list, entries)
      select c.workspace_id, c.account_id, l.list, count(*) from added c, (values ('conversations'), ('unread')) l(list)
      where l.list = 'conversations' or c.unread group by 1, 2, 3;
  else
    insert into list_change (workspace_id, account_id, list, entries)
      select c.workspace_id, c.account_id, l.list, -count(*) from removed c, (values ('conversations'), ('unread')) l(list)
      where l.list = 'conversations' or c.unread group by 1, 2, 3;
  end if;
  return null;
end $$;

create function count_conversation_unread() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  insert into list_change (workspace_id, account_id, list, entries)
    values (new.workspace_id, new.account_id, 'unread', case when new.unread then 1 else -1 end);
  return null;
end $$;

create function count_contacts() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if tg_op = 'INSERT' then
    if not exists (select 1 from added) then return null; end if;
    insert into list_change (workspace_id, list, entries)
      select workspace_id, 'contacts', count(*) from added where deleted_at is null group by 1;
  else
    insert into list_change (workspace_id, list, entries)
      select workspace_id, 'contacts', -count(*) from removed where deleted_at is null group by 1;
  end if;
  return null;
end $$;

-- Deleting a contact leaves its row.
create function count_contact_deleted() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  insert into list_change (workspace_id, list, entries)
    values (new.workspace_id, 'contacts', case when new.deleted_at is null then 1 else -1 end);
  return null;
end $$;

create trigger conversation_added after insert on conversation referencing new table as added
  for each statement execute function count_conversations();
create trigger conversation_removed after delete on conversation referencing old table as removed
  for each statement execute function count_conversations();
create trigger conversation_unread after update of unread_count on conversation
  for each row when (old.unread <> new.unread) execute function count_conversation_unread();
create trigger contact_added after insert on contact referencing new table as added
  for each statement execute function count_contacts();
create trigger contact_removed after delete on contact referencing old table as removed
  for each statement execute function count_contacts();
create trigger contact_deleted after update of deleted_at on contact
  for each row when ((old.deleted_at is null) <> (new.deleted_at is null)) execute function count_contact_deleted();

-- Folds what has changed into the counts, a bounded piece at a time; gives how many rows it took. Of what is older than a
-- day, and no figure asks for any more, message_recent keeps nothing.
create function fold_counts(p_now timestamptz) returns bigint language sql volatile as $$
  with t as materialized (select present(p_now) - interval '25 hours' as since),
  gone as (
    delete from message_change where id in (select id from message_change order by id limit 20000 for update skip locked)
    returning workspace_id, slot, day, account_id, direction, type, status, priority, messages, accepted, present),
  folded as (
    insert into message_count (workspace_id, day, account_id, direction, type, status, messages, accepted)
    select workspace_id, day, account_id, direction, type, status, sum(messages), sum(accepted) from gone
    group by 1, 2, 3, 4, 5, 6 having sum(messages) <> 0 or sum(accepted) <> 0 order by 1, 2, 3, 4, 5, 6
    on conflict (workspace_id, day, account_id, direction, type, status) do update set
      messages = message_count.messages + excluded.messages, accepted = message_count.accepted + excluded.accepted),
  there as (
    insert into message_present (workspace_id, account_id, direction, type, status, priority, messages)
    select workspace_id, account_id, direction, type, status, priority, sum(present) from gone
    group by 1, 2, 3, 4, 5, 6 having sum(present) <> 0 order by 1, 2, 3, 4, 5, 6
    on conflict (workspace_id, account_id, direction, type, status, priority) do update set
      messages = message_present.messages + excluded.messages),
  lately as (
    insert into message_recent (workspace_id, slot, account_id, accepted, failed)
    select workspace_id, slot, account_id, sum(accepted), coalesce(sum(messages) filter (where status = 'failed'), 0) from gone, t
    where direction = 'outbound' and slot >= t.since
    group by 1, 2, 3 having sum(accepted) <> 0 or coalesce(sum(messages) filter (where status = 'failed'), 0) <> 0 order by 1, 2, 3
    on conflict (workspace_id, slot, account_id) do update set
      accepted = message_recent.accepted + excluded.accepted, failed = message_recent.failed + excluded.failed),
  past as (delete from message_recent where slot < (select since from t))
  select count(*) from gone $$;

create function fold_lists() returns bigint language sql volatile as $$
  with gone as (
    delete from list_change where id in (select id from list_change order by id limit 20000 for update skip locked)
    returning workspace_id, account_id, list, entries),
  folded as (
    insert into list_count (workspace_id, account_id, list, entries)
    select workspace_id, account_id, list, sum(entries) from gone
    group by 1, 2, 3 having sum(entries) <> 0 order by 1, 2, 3
    on conflict (workspace_id, account_id, list) do update set entries = list_count.entries + excluded.entries)
  select count(*) from gone $$;
