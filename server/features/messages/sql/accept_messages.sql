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
language plpgsql volatile
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
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
