-- Generated from features/*/sql until the installer is there.
set local check_function_bodies = off;
-- What the channel tells of one attempt.
create type evidence as (token uuid, channel_message_id text, status text, at timestamptz, code text, title text);

-- Since when a lane has something to read; account_id is null where it has what came for numbers that no account had.
create type unread_lane as (account_id uuid, since timestamptz);

-- An outcome with the open row that it is of, and what it makes of it.
create type ended_call as (
  token uuid, class text, channel_message_id text, code text, title text, wait_ms int,
  place tid, id uuid, workspace_id uuid, account_id uuid, conversation_id uuid, fence int, runner text, started_at timestamptz,
  ended_at timestamptz,
  -- Whether it was under way until now: it may have been given up as unknown.
  in_flight boolean, has_evidence boolean, called boolean,
  -- The state of the open row from now on, or ended; the status of the message; when it may be called again.
  next text, status text, ready_at timestamptz, resolve_by timestamptz,
  -- The day whose limit the claim was counted in, and whether the call that was never made took a place of it.
  day date, is_refunded boolean,
  rate_seconds int, recipient_seconds int, message_place tid);

-- What an account may begin at this moment, as its lane and its settings say.
create type lane_limits as (
  account_id uuid, workspace_id uuid, channel text, phone text, phone_number_id text,
  status text, status_reason text, is_deleted boolean,
  now timestamptz, today date, tomorrow timestamptz,
  -- Calls that may begin now, and until when none may.
  slots int, held_until timestamptz, concurrency int,
  -- Of the rate: what is left of it, less than none too.
  rate_left int, span interval, window_at timestamptz[], window_n int[],
  -- Of the day and of its new conversations; the second is null without a limit.
  left_today int, left_new int,
  -- When the quiet hours end; null outside of them.
  quiet_until timestamptz,
  -- How far the bucket of a recipient may be from full; null without one.
  recipient_wait interval,
  jitter_ms int,
  -- The most urgent priority that has a message ready; null where none has.
  ready smallint,
  queued int, max_queued int, rejects boolean);

-- What became of a message by the outcome of its call.
create type settled_call as (
  token uuid, message_id uuid, account_id uuid, conversation_id uuid, status text, ready_at timestamptz,
  -- A receipt came before the outcome, and decides.
  has_evidence boolean);

-- Adds evidence to attempts. Any order and any repetition of the same evidence gives the same rows.
create function add_evidence(p_token uuid[], p_channel_message_id text[], p_status text[], p_at timestamptz[], p_code text[],
  p_title text[]) returns void language sql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
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
    status = case when evidence_rank(e.status) > evidence_rank(a.status) then e.status else a.status end, -- @mutant status-by-arrival
    sent_at = least(a.sent_at, e.sent_at), delivered_at = least(a.delivered_at, e.delivered_at),
    read_at = least(a.read_at, e.read_at), played_at = least(a.played_at, e.played_at),
    failed_at = least(a.failed_at, e.failed_at),
    code = case when e.failed_at is not null and (a.failed_at is null or (e.failed_at, e.code) < (a.failed_at, coalesce(a.code, '')))
      then e.code else a.code end,
    title = case when e.failed_at is not null and (a.failed_at is null or (e.failed_at, e.code) < (a.failed_at, coalesce(a.code, '')))
      then e.title else a.title end
  from e where a.token = any (p_token) and a.token = e.token $$;

-- Adds evidence to attempts, in any order and before the record of the call too, and settles their messages. The caller has
-- locked the lanes of those that are open.
create function apply_evidence(p_token uuid[], p_channel_message_id text[], p_status text[], p_at timestamptz[], p_code text[],
  p_title text[], t timestamptz) returns void language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
declare messages uuid[] := array(select distinct token_of(k, 0) from unnest(p_token) k order by 1); told uuid[];
begin
  perform 1 from message where id = any (messages) order by id for update;
  -- The call is under way, or of after the backup that was restored: the receipt writes the attempt.
  insert into attempt (token, message_id, account_id, number, runner, status, started_at)
    select u.token, m.id, m.account_id, number_of(u.token), coalesce(o.runner, ''), 'sending', coalesce(o.started_at, t)
    from (select distinct k as token from unnest(p_token) k) u
    cross join lateral (select x.id, x.account_id from message x where x.id = token_of(u.token, 0) limit 1) m
    left join lateral (select x.runner, x.started_at from open_message x
      where x.id = m.id and x.state = 'sending' and x.fence = number_of(u.token) limit 1) o on true
    where (select true from attempt a where a.token = u.token limit 1) is null
    on conflict do nothing;
  perform add_evidence(p_token, p_channel_message_id, p_status, p_at, p_code, p_title);
  -- A call under way, or not recorded yet: its record ends the message, whatever it says.
  update open_message o set evidence = x.status -- @mutant early-evidence
    from (select token_of(k, 0) as id, max(number_of(k)) as number, max(s) as status,
        bool_or(s <> 'failed') as is_positive from unnest(p_token, p_status) u(k, s) group by 1) x
    where o.id = any (messages) and o.id = x.id and o.state = 'sending' and (x.is_positive or x.number = o.fence);
  told := array(select o.id from unnest(p_token, p_status) u(k, s)
    cross join lateral (select x.* from open_message x where x.id = token_of(u.k, 0) limit 1) o
    where o.state = 'unknown' and (u.s <> 'failed' or o.fence = number_of(u.k)) or o.state in ('queued', 'scheduled') and u.s <> 'failed');
  perform settle_messages(messages, t);
  if told <> '{}' then perform end_open(t, told, 'told', '{}'); end if;
  perform report_duplicated(messages, t);
end $$;

-- Applies the receipts that were kept until the channel's ids of these attempts became known.
create function apply_orphans(p_token uuid[], t timestamptz) returns void language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
declare found evidence[];
begin
  with gone as (
    delete from orphan_receipt p using attempt a
    where a.token = any (p_token) and a.channel_message_id is not null
      and p.account_id = a.account_id and p.channel_message_id = a.channel_message_id -- @mutant orphan-receipts
    returning a.token, p.channel_message_id, p.status, p.at, p.code, p.title)
  select array_agg((token, channel_message_id, status, at, code, title)::evidence) into found from gone;
  perform apply_evidence(array_agg(u.token), array_agg(u.channel_message_id), array_agg(u.status), array_agg(u.at),
    array_agg(u.code), array_agg(u.title), t) from unnest(found) u having count(*) > 0;
end $$;

-- Applies receipts, an element of each array one: what finds no attempt is kept until the channel's id is known. Gives the
-- accounts with a message of which it was open until now what had become of it.
create function apply_receipts(p_now timestamptz, p_account uuid[], p_token uuid[], p_channel_message_id text[],
  p_status text[], p_at timestamptz[], p_code text[], p_title text[])
returns table (account_id uuid) language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare t timestamptz; tokens uuid[]; accounts uuid[]; heard uuid[];
begin
  tokens := find_tokens(p_account, p_token, p_channel_message_id);
  -- Of those whose message is open; and where none was found, an outcome that is being recorded may bring the channel's id.
  perform 1 from lane l where l.account_id = any (array(select o.account_id from unnest(tokens) k
      cross join lateral (select x.account_id from open_message x where x.id = token_of(k, 0) limit 1) o)
      || array(select a from unnest(p_account, tokens) u(a, k) where k is null)) order by l.account_id for update;
  t := clock(p_now);
  if array_position(tokens, null) is not null then
    tokens := find_tokens(p_account, p_token, p_channel_message_id);
    insert into orphan_receipt (account_id, channel_message_id, status, at, code, title, received_at)
      select distinct on (u.a, u.c, u.s, u.at, u.code) u.a, u.c, u.s, u.at, u.code, u.title, t
      from unnest(p_account, tokens, p_channel_message_id, p_status, p_at, p_code, p_title) u(a, k, c, s, at, code, title)
      where u.k is null order by u.a, u.c, u.s, u.at, u.code, u.title
      on conflict do nothing;
  end if;
  accounts := array(select distinct o.account_id from unnest(tokens) k
    cross join lateral (select x.account_id from open_message x where x.id = token_of(k, 0) and x.state <> 'scheduled' limit 1) o);
  perform apply_evidence(array_agg(u.k), array_agg(u.c), array_agg(u.s), array_agg(u.at), array_agg(u.code), array_agg(u.title), t)
    from unnest(tokens, p_channel_message_id, p_status, p_at, p_code, p_title) u(k, c, s, at, code, title)
    where u.k is not null having count(*) > 0;
  -- Where an echo tells the channel's id first, what was kept for it is found now.
  if (select true from unnest(p_account, p_channel_message_id) u(a, c), lateral (select 1 from orphan_receipt p
      where p.account_id = u.a and p.channel_message_id = u.c limit 1) p limit 1) then
    perform apply_orphans(tokens, t);
  end if;
  heard := array(select distinct a.account_id from unnest(tokens) k
    cross join lateral (select x.account_id from attempt x where x.token = k limit 1) a);
  -- Not for update, which would wait for everybody who has just stored something of the account.
  update account set last_receipt_at = t where id in (select id from account where id = any (p_account || heard)
    and (last_receipt_at is null or last_receipt_at < t - interval '1 second') order by id for no key update);
  return query select unnest(accounts);
end $$;

-- Trouble that the channel tells of itself, one element of each array a report about an account: holds its lane as a call
-- that ran into it does; a flag a paused one too, so that a call under way that is accepted does not end it. One whose
-- hash was applied before changes nothing, and neither does one of before the account was last resumed; without a hash, or
-- a time, it always counts. Gives the accounts that were held.
create function apply_signals(p_now timestamptz, p_account uuid[], p_class text[], p_title text[], p_hash bytea[],
  p_at timestamptz[])
returns table (account_id uuid) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz; accounts uuid[]; classes text[]; titles text[];
begin
  perform 1 from lane l where l.account_id = any (p_account) order by l.account_id for update;
  t := clock(p_now);
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
    select u.account, (array_agg(u.title order by array_position('{flagged,account_error}', u.class), u.title))[1] as title
    from unnest(accounts, classes, titles) u(account, class, title) group by 1 order by 1) x;
  return query select distinct x from unnest(accounts) x;
end $$;

-- Finds the attempts that receipts are about: by the token that they echo, else by the channel's id. p_account has the number
-- now; a token may be of one that had it before and was deleted, of another workspace too. Gives null where it finds none.
create function find_tokens(p_account uuid[], p_token uuid[], p_channel_message_id text[]) returns uuid[] language sql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
  select array_agg(coalesce(b.token, c.token) order by u.n)
  from unnest(p_account, p_token, p_channel_message_id) with ordinality u(account, token, channel_message_id, n)
  left join lateral (select u.token from message m
    where m.id = token_of(u.token, 0) and m.direction = 'outbound' and number_of(u.token) > 0 -- @mutant token-echo
      and (m.account_id = u.account or (select o.id from account o join account r on r.channel = o.channel
        and r.phone_number_id = o.phone_number_id where o.id = m.account_id and r.id = u.account limit 1) is not null) limit 1) b on true
  -- Of several calls that the channel gave one id, the last.
  left join lateral (select o.token from attempt o where b.token is null and o.account_id = u.account
    and o.channel_message_id = u.channel_message_id order by o.number desc limit 1) c on true $$;

-- Whether receipts of an account have come since the outcome of a message of it is unknown, as far as that can be told: the
-- time of the last one is kept to a second. An unknown outcome holds its conversation for two minutes, until ready_at.
create function heard_since(a account, m open_message) returns boolean language sql stable as $$
  select a.last_receipt_at > m.ready_at - interval '2 minutes 1 second' $$;

-- Whether a lane that may have a receipt of a message has not read yet what came before the grace period of the message was
-- over, or some seconds ago: what has just come lies in a busy lane all the time.
create function is_unread(p_lanes unread_lane[], m open_message, t timestamptz) returns boolean language sql stable as $$
  select m.resolve_by > t - interval '1 day' and exists (select 1 from unnest(p_lanes) l
    where (l.account_id is null or l.account_id = m.account_id) and l.since <= greatest(m.resolve_by, t - interval '5 seconds')) $$;

-- Locks, in one order and before anything else, the lanes that what has come may write in: of accounts of which the channel
-- tells trouble, of people whose writing may end a waiting, and of receipts that may settle a call.
create function lock_inbound(p_signal_account uuid[], p_message_account uuid[], p_receipt_account uuid[], p_token uuid[])
returns void language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  perform 1 from lane l where l.account_id = any (p_signal_account
      || array(select a.id from account a where a.id = any (p_message_account) and a.new_per_day is not null)
      || array(select a from unnest(p_receipt_account, p_token) u(a, k) where k is null)
      || array(select o.account_id from unnest(p_token) k
        cross join lateral (select x.account_id from open_message x where x.id = token_of(k, 0) limit 1) o))
    order by l.account_id for update;
end $$;

-- The lanes in which payloads are open, each looked up in the index for itself, however much waits in one.
create function open_lanes() returns setof uuid language sql stable as $$
  with recursive l(key) as (
    (select lane_key from inbound_payload where processed_at is null order by lane_key limit 1)
    union all
    select (select p.lane_key from inbound_payload p where p.processed_at is null and p.lane_key > l.key order by p.lane_key limit 1)
      from l where l.key is not null)
  select key from l where key is not null $$;

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
  t timestamptz := clock(p_now);
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
    select u.*, case when v.id is null then raise_serialization_failure() else v.id end as conversation, x.contact_id as contact
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
  -- Who has written to us is no new conversation any more; the caller has locked the lanes of accounts that count them.
  freed as (
    update open_message m set ready_at = t, wait_reason = null
    from (select distinct conversation_id from stored where written) s
    where m.conversation_id = s.conversation_id and m.head and m.state = 'queued' and m.wait_reason = 'new_conversation_limit'),
  today as (
    insert into daily_received (account_id, day, received)
    select s.account_id, (t at time zone a.time_zone)::date, s.n
    from (select account_id, count(*)::int as n from stored where written group by 1) s join account a on a.id = s.account_id order by 1
    on conflict (account_id, day) do update set received = daily_received.received + excluded.received),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.received', account_id, id, event_count,
      case when fresh then '{}' else '{"replaced": "unsupported"}' end::jsonb, t from stored)
  select s.id, f.n from stored s
    join found f on f.a = s.account_id and f.cm = s.channel_message_id and f.v = s.address order by f.n;
end $$;

-- Written so that no plan looks for the first one by the id alone.
create function unread_lanes() returns unread_lane[] language sql stable as $$
  select array(select ((select a.id from account a where a.id = l.key), o.received_at)::unread_lane
    from open_lanes() l(key) cross join lateral (select p.received_at from inbound_payload p
      where p.lane_key between l.key and l.key and p.processed_at is null order by p.lane_key, p.id limit 1) o) $$;

-- Stores a batch of messages, an element of each array a request; gives a row a request, in order, with what became of it
-- (see judge_requests). p_again: an earlier write of the same batch ended without a word about its COMMIT. claimed: it has
-- begun in the same COMMIT, in the name of p_runner, and the caller is to call for it (see store_messages).
create function accept_messages(
  p_again boolean, p_now timestamptz, p_workspace uuid[], p_account uuid[], p_key text[], p_hash bytea[], p_address text[],
  p_priority smallint[], p_type text[], p_content jsonb[], p_id uuid[], p_contact uuid[], p_conversation uuid[],
  p_created_by uuid[], p_send_at timestamptz[], p_expires_at timestamptz[], p_valid_for int[], p_on_unknown text[],
  p_batch uuid[], p_media uuid[], p_channels text[], p_runner text, p_lease interval)
returns table (outcome text, message_id uuid, contact_id uuid, conversation_id uuid, created_at timestamptz, send_at timestamptz,
  expires_at timestamptz, account_phone text, status_reason text, midnight timestamptz, midnight_in_ms double precision,
  claimed boolean, phone_number_id text, channel text, retry_attempts int, retry_delay_ms int)
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  lanes lane_limits[]; t timestamptz; expiries timestamptz[]; outcomes text[]; begun boolean[];
  contacts uuid[]; conversations uuid[]; idle boolean[]; outranked uuid[]; has_keys boolean := array_remove(p_key, null) <> '{}';
begin
  -- A file that is being deleted is gone by now, or its deletion waits for us and then sees the message. Before all else:
  -- whoever has a file locked waits for nothing that we hold.
  if array_remove(p_media, null) <> '{}' then
    perform 1 from media where id = any (p_media) order by id for key share;
  end if;
  lanes := array(select l from lock_lanes(p_account, p_now) l);
  t := coalesce(lanes[1].now, clock(p_now));
  expiries := array(select coalesce(u.e, greatest(t, coalesce(u.s, t)) + u.v * interval '1 second')
    from unnest(p_send_at, p_expires_at, p_valid_for) with ordinality u(s, e, v, n) order by u.n);
  if has_keys then perform take_keys(p_workspace, p_key, p_hash, p_id, t); end if;
  outcomes := judge_requests(p_again, lanes, t, p_workspace, p_account, p_key, p_hash, p_id, p_priority, p_send_at, expiries,
    p_media);
  if has_keys then perform free_keys(p_workspace, p_key, p_id, outcomes); end if;
  if 'accepted' = any (outcomes) then
    select f.* into contacts, conversations, idle, outranked
      from find_conversations(p_workspace, p_account, p_address, p_priority, outcomes) f;
    if (select true from unnest(conversations, outcomes) u(cv, o) where u.cv is null and u.o = 'accepted' limit 1) then
      perform ensure_conversations(p_workspace, p_account, p_address, p_contact, p_conversation, outcomes, t);
      select f.* into contacts, conversations, idle, outranked
        from find_conversations(p_workspace, p_account, p_address, p_priority, outcomes) f;
    end if;
    begun := store_messages(lanes, t, p_workspace, p_account, p_address, p_priority, p_type, p_content, p_id, contacts,
      conversations, p_created_by, p_send_at, expiries, p_on_unknown, p_batch, outcomes, idle, p_channels, p_runner, p_lease);
    if outranked is not null then perform advance(outranked, t); end if;
  end if;
  return query
  select case when u.o = 'stored' then 'accepted' else u.o end, case when u.o = 'replayed' then i.resource_id else u.m end,
    coalesce(m.contact_id, u.c), coalesce(m.conversation_id, u.cv), coalesce(m.created_at, t),
    coalesce(m.send_at, u.s), coalesce(m.expires_at, u.e), l.phone,
    case when u.o = 'account_not_connected' then l.status_reason end,
    case when u.o = 'daily_limit_reached' then l.tomorrow end,
    case when u.o = 'daily_limit_reached' then 1000 * extract(epoch from l.tomorrow - t)::float8 end,
    coalesce(u.go, false) or w.id is not null, l.phone_number_id, l.channel, x.retry_attempts, x.retry_delay_ms
  from unnest(p_id, p_account, p_workspace, p_key, p_send_at, expiries, outcomes, contacts, conversations, begun)
    with ordinality u(m, a, w, k, s, e, o, c, cv, go, n)
  left join unnest(lanes) l on l.account_id = u.a
  left join lateral (select o.* from account o where u.o in ('accepted', 'stored') and o.id = u.a limit 1) x on true
  left join lateral (select o.* from message o where u.o = 'stored' and o.id = u.m limit 1) m on true
  left join lateral (select o.id from open_message o
    where u.o = 'stored' and o.id = u.m and o.state = 'sending' and o.fence = 1 and o.runner = p_runner limit 1) w on true
  left join lateral (select o.resource_id from idempotency o where u.o = 'replayed'
    and o.workspace_id = u.w and o.operation = 'messages.create' and o.key = u.k limit 1) i on true
  order by u.n;
end $$;

-- The call that may have been made since the backup, of each of these open messages that has been called before: what comes to
-- be known of those calls decides nothing of it.
create function add_restored_attempts(p_ids uuid[], t timestamptz) returns void language plpgsql volatile as $$
begin
  with called as (
    update open_message o set fence = o.fence + 1 where o.id = any (p_ids) and o.fence > 0 returning o.id, o.account_id, o.fence)
  insert into attempt (token, message_id, account_id, number, runner, status, class, code, title, started_at, ended_at)
    select token_of(id, fence), id, account_id, fence, 'restore', 'unknown', 'unknown', 'restored',
      'Called, if at all, after the backup that this message was restored from.', t, t from called on conflict do nothing;
end $$;

-- The window of a rate with calls that ended by then. Ends are rounded up to a fiftieth of the stretch, so that a slot
-- never comes back too early and the window stays short.
create function add_to_window(
  inout p_at timestamptz[], inout p_n int[], inout p_total int, p_seconds int, p_end timestamptz, p_calls int, t timestamptz)
language plpgsql immutable as $$
declare
  last int := cardinality(p_at); old int; step interval := p_seconds * interval '20 milliseconds';
  slot timestamptz := date_bin(step, p_end, 'epoch') + step;
begin
  p_total := p_total + p_calls;
  -- A clock that was set back: what lies in the future ended now.
  if last > 0 and p_at[last] > t + step then p_at := array(select least(x, slot) from unnest(p_at) x order by 1); end if;
  slot := greatest(slot, p_at[last]);
  if slot = p_at[last] then p_n[last] := p_n[last] + p_calls; return; end if;
  -- What is over leaves now and then.
  if last > 60 then
    old := (select count(*) from unnest(p_at) x where x <= p_end - p_seconds * interval '1 second');
    p_total := p_total - coalesce((select sum(x) from unnest(p_n[:old]) x), 0);
    p_at := p_at[old + 1:]; p_n := p_n[old + 1:];
  end if;
  p_at := p_at || slot; p_n := p_n || p_calls;
end $$;

-- Makes the first message in line of each conversation its head, where the head has ended, or has not begun and is less
-- urgent. One that is being called, or holds its conversation as unknown, stays. The caller has locked the lanes. Nothing
-- else makes a head but the insert of accept_messages.
create function advance(p_conversations uuid[], t timestamptz) returns void language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  -- What only its conversation made wait is judged anew when it is head again.
  update open_message m set head = false,
      ready_at = case when m.wait_reason in ('recipient_limit', 'new_conversation_limit') then t else m.ready_at end,
      wait_reason = case when m.wait_reason not in ('recipient_limit', 'new_conversation_limit') then m.wait_reason end
    from (select distinct h.place from unnest(p_conversations) c(id)
      cross join lateral (select o.ctid as place, o.priority, o.seq from open_message o
        where o.conversation_id = c.id and o.head and o.state = 'queued' limit 1) h
      cross join lateral (select o.priority, o.seq from open_message o
        where o.conversation_id = c.id and not o.head and o.state = 'queued' order by o.priority, o.seq limit 1) f
      where (f.priority, f.seq) < (h.priority, h.seq)) x
    where m.ctid = x.place;
  update open_message m set head = true, ready_at = greatest(m.ready_at, t)
    from (select distinct f.place from unnest(p_conversations) c(id)
      left join lateral (select o.id from open_message o where o.conversation_id = c.id and o.head limit 1) h on true
      cross join lateral (select o.ctid as place from open_message o
        where o.conversation_id = c.id and not o.head and o.state = 'queued' order by o.priority, o.seq limit 1) f
      where h.id is null) x
    where m.ctid = x.place;
end $$;

-- What an outcome says of its attempt.
create function attempt_status(p_class text) returns text language sql immutable parallel safe as $$
  select case p_class when 'accepted' then 'sent' when 'rejected' then 'failed' when 'unknown' then 'unknown'
    else 'not_sent' end $$;

-- The status of an attempt of which our own word comes: it disproves what was given up as unknown, and beats no receipt.
create function better_status(p_known text, p_word text) returns text language sql immutable parallel safe as $$
  select case when p_word = 'not_sent' and p_known in ('sending', 'unknown') then p_word
    when evidence_rank(p_word) > evidence_rank(p_known) then p_word else p_known end $$;

-- Of each account the heads that may be called now, at most p_max, in the order in which they leave: rank counts them, used
-- those among them that take a place of the day. Those that only their conversation holds back have deferred_until instead.
create function candidates(p_lanes lane_limits[], p_accounts uuid[], p_max int[], t timestamptz)
returns table (place tid, id uuid, conversation_id uuid, slots int, left_today int, today date, fresh boolean, opens boolean,
  rank bigint, used bigint, deferred_until timestamptz, reason text)
language sql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
  with page as materialized (
    select l.account_id as a, l.today, l.tomorrow, l.left_today, l.left_new, l.recipient_wait, least(l.slots, u.most) as slots,
      p.priority, c.*
    from unnest(p_lanes) l join unnest(p_accounts, p_max) u(a, most) on u.a = l.account_id,
      (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
      select o.ctid as place, o.id, o.seq, o.ready_at, o.conversation_id, o.usage_day from open_message o
      where o.account_id = l.account_id and o.priority = p.priority and o.head and o.state = 'queued' and o.ready_at <= t
        and (o.expires_at is null or o.expires_at > t)
      -- A longer page where heads may be deferred, so that a claim gets through many of them.
      order by o.ready_at, o.seq
      limit case when l.recipient_wait is null and l.left_new is null then least(l.slots, u.most) else 400 end) c
    where l.slots > 0 and l.left_today > 0 and (l.quiet_until is null or p.priority = 0)), -- @mutant quiet-hours
  judged as materialized (
    select p.*, p.usage_day is distinct from p.today as fresh, v.id is not null and p.left_new is not null
        and v.opened_on is distinct from p.today
        and (v.last_received_at is null or v.last_received_at < t - interval '24 hours') as opens,
      case when v.recipient_full_at > t + p.recipient_wait then v.recipient_full_at - p.recipient_wait end as recipient_at
    from page p left join lateral (select o.* from conversation o
      where (p.recipient_wait is not null or p.left_new is not null) and o.id = p.conversation_id limit 1) v on true),
  counted as materialized (
    select j.*, j.recipient_at is null and j.opens
      and sum((j.recipient_at is null and j.opens)::int) over (partition by j.a order by j.priority, j.ready_at, j.seq)
        > j.left_new as is_too_new
    from judged j)
  select c.place, c.id, c.conversation_id, c.slots, c.left_today, c.today, c.fresh, c.opens, row_number() over w,
    sum(c.fresh::int) over w, case when c.is_too_new then c.tomorrow else c.recipient_at end,
    case when c.is_too_new then 'new_conversation_limit' when c.recipient_at is not null then 'recipient_limit' end
  from counted c
  window w as (partition by c.a, c.is_too_new or c.recipient_at is not null order by c.priority, c.ready_at, c.seq) $$;

-- What must hold of the queue between any two transactions; gives what does not. Reads all of it: for tests, and by hand.
create function check_queue() returns table (what text, n bigint) language sql stable as $$
  select * from (
    select 'conversation without a head' as what, count(*) as n from (select conversation_id from open_message group by 1
      having bool_or(state in ('queued', 'sending')) and count(*) filter (where head) <> 1) x
    union all select 'head that is not first in line', count(*) from open_message h where h.head and h.state = 'queued'
      and exists (select 1 from open_message o where o.conversation_id = h.conversation_id and o.state = 'queued'
        and (o.priority, o.seq) < (h.priority, h.seq))
    union all select 'lane.queued', count(*) from lane l where l.queued <>
      (select count(*) from open_message o where o.account_id = l.account_id and o.state = 'queued')
    union all select 'lane.in_flight', count(*) from lane l where l.in_flight <>
      (select count(*) from open_message o where o.account_id = l.account_id and o.state = 'sending')
    union all select 'message that waits and is not open', count(*) from message m
      where m.status in ('scheduled', 'queued', 'sending', 'unknown') and not exists (select 1 from open_message o where o.id = m.id)
    union all select 'open message of another status', count(*) from open_message o left join message m using (id)
      where m.status is distinct from o.state and not (o.state = 'sending' and o.evidence is not null)) x where n > 0 $$;

-- Takes messages of several accounts for sending, at most p_max of each, within all their limits, where their channel is one
-- of p_channels. Only heads are looked at, so a conversation has one candidate at most, and none while a call of it is under
-- way. p_random is from 0 to 1. Gives a row a message; then a row an account of which heads were deferred (deferred: how
-- many), so that there may be more; then a row an account with its concurrency, whether messages that are ready were left
-- (more), and until when the lane waits where it is time that it waits for.
create function claim_messages(p_accounts uuid[], p_max int[], p_channels text[], p_runner text, p_lease interval,
  p_random double precision, p_now timestamptz)
returns table (account_id uuid, message_id uuid, token uuid, phone_number_id text, channel text, address text, type text,
  content jsonb, failed_attempts int, number int, retry_attempts int, retry_delay_ms int, expires_in_ms int,
  more boolean, wait_until timestamptz, concurrency int, deferred int)
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare lanes lane_limits[]; t timestamptz;
begin
  lanes := array(select l from lock_lanes(p_accounts, p_now) l where not l.is_deleted and l.channel = any (p_channels));
  t := coalesce(lanes[1].now, clock(p_now));
  return query
  with found as materialized (select * from candidates(lanes, p_accounts, p_max, t)),
  go as (
    update open_message m set state = 'sending', fence = m.fence + 1, wait_reason = null, runner = p_runner, started_at = t,
      lease_until = t + p_lease
    from found c where m.ctid = c.place and c.deferred_until is null and c.rank <= c.slots and c.used <= c.left_today
    returning m.id, m.account_id, m.conversation_id, m.fence, m.failed_attempts, m.expires_at, c.today, c.fresh, c.opens),
  -- Who writes an open message holds its lane, so its row stays at its place.
  shown as (
    update message m set status = 'sending', event_count = m.event_count + 1
    from go g cross join lateral (select o.ctid as place from message o where o.id = g.id limit 1) p where m.ctid = p.place
    returning g.*, m.workspace_id, m.event_count, m.address, m.type, m.content),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select s.workspace_id, 'message.sending', s.account_id, s.id, s.event_count, jsonb_build_object('attempt', s.fence), t
    from shown s),
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
      conversations_opened = case when l.day = x.today then l.conversations_opened else 0 end + x.opened, day = x.today,
      quiet_until = coalesce(x.quiet_until, '-infinity'),
      held_until = case when h.until > t then h.until else l.held_until end,
      held_reason = case when h.until > t then h.reason else l.held_reason end
    from (select ln.*, coalesce(y.n, 0) as n, coalesce(y.fresh, 0) as fresh, coalesce(y.opened, 0) as opened from unnest(lanes) ln
      left join (select account_id, count(*)::int as n, count(*) filter (where fresh)::int as fresh,
        count(*) filter (where opens)::int as opened from go group by 1) y on y.account_id = ln.account_id) x
    cross join lateral hold_after_claim(x.held_until, x.jitter_ms, x.left_today - x.fresh, x.tomorrow, x.rate_left - x.n, x.span,
      x.window_at, x.window_n, x.queued - x.n, x.n, p_random, t) h
    cross join lateral (select o.ctid as place from lane o where o.account_id = x.account_id limit 1) p
    where l.ctid = p.place
      and (x.n > 0 or h.until > t or l.quiet_until is distinct from coalesce(x.quiet_until, '-infinity')))
  select s.account_id, s.id, token_of(s.id, s.fence), a.phone_number_id, a.channel, s.address, s.type, s.content,
      s.failed_attempts, s.fence, a.retry_attempts, a.retry_delay_ms,
      (extract(epoch from least(s.expires_at, t + interval '1 day') - t) * 1000)::int, true, null::timestamptz, null::int, 0
    from shown s cross join lateral (select o.* from account o where o.id = s.account_id limit 1) a
  union all
  select l.account_id, null, null, null, null, null, null, null, null, null, null, null, null, true, null, null, count(*)::int
    from later l group by 1;
  return query select s.account_id, null::uuid, null::uuid, null, null, null, null, null::jsonb, null::int, null::int, null::int,
    null::int, null::int, s.more, s.wait_until, s.concurrency, 0 from lane_summaries(lanes, t) s;
end $$;

-- The time of a test that has a clock of its own; in production p_now is null, and time is the database's.
create function clock(p_now timestamptz) returns timestamptz language sql volatile parallel safe
as $$ select coalesce(p_now, clock_timestamp()) $$;

-- The daily limit of a day: during the warm-up it grows in even steps.
create function day_limit(a account, p_day date) returns int language sql immutable parallel safe as $$
  select case when a.warm_up_start is null or p_day >= a.warm_up_start + a.warm_up_days then a.per_day
    else least(a.per_day, a.warm_up_first + (coalesce(a.per_day, a.warm_up_first::bigint * 10) - a.warm_up_first)
      * greatest(0, p_day - a.warm_up_start) / a.warm_up_days)::int end $$;

-- A person says of a message whose outcome is unknown, or that failed for that, that it was sent. A restored one may have been called
-- since its backup, by an attempt of which no row came back. The caller has locked the lane.
create function decide_sent(t timestamptz, p_id uuid) returns void language plpgsql volatile as $$
declare n int;
begin
  select coalesce(max(a.number), 0) into n from attempt a where a.token > p_id and a.token <= token_of(p_id, 65535);
  if (select a.status from attempt a where a.token = token_of(p_id, n)) is distinct from 'unknown' then
    n := greatest(n, coalesce((select o.fence from open_message o where o.id = p_id), 0)) + 1;
    insert into attempt (token, message_id, account_id, number, runner, status, class, code, title, started_at, ended_at)
      select token_of(m.id, n), m.id, m.account_id, n, 'operator', 'unknown', 'unknown', 'restored',
        'Called, if at all, after the backup that this message was restored from.', t, t from message m where m.id = p_id;
  end if;
  update attempt set status = 'sent', title = 'Decided by an operator.', sent_at = t where token = token_of(p_id, n);
  perform settle_messages(array[p_id], t, true);
  perform end_open(t, array[p_id], 'told', '{}');
end $$;

-- Says of an account that needed attention that it is connected.
create function end_account_trouble(p_account uuid, t timestamptz) returns void language sql volatile as $$
  with a as (
    update account set status = 'connected', status_reason = null, updated_at = t
    where id = p_account and status = 'needs_attention'
    returning id, workspace_id)
  insert into event (workspace_id, type, account_id, at)
  select workspace_id, 'account.connected', id, t from a $$;

-- Ends messages that have not begun (cancelled, expired), or whose outcome a receipt has told (told). p_data: what the
-- timeline says with it. Gives which.
create function end_open(p_now timestamptz, p_ids uuid[], p_word text, p_data jsonb)
returns table (message_id uuid, account_id uuid) language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare t timestamptz; gone uuid[]; accounts uuid[]; conversations uuid[];
begin
  perform 1 from lane l where l.account_id = any (array(select o.account_id from open_message o where o.id = any (p_ids)))
    order by l.account_id for update;
  t := clock(p_now);
  with out as (
    delete from open_message o where o.id = any (p_ids)
      and o.state in ('scheduled', 'queued', case when p_word = 'told' then 'unknown' end) -- @mutant end-sending
      and (p_word <> 'expired' or o.expires_at <= t)
    returning o.id, o.account_id, o.conversation_id, o.state, o.head),
  counted as (
    update lane l set queued = l.queued - x.n -- @mutant end-counts
    from (select account_id, count(*)::int as n from out where state = 'queued' group by 1) x where l.account_id = x.account_id),
  shown as (
    update message m set status = p_word, event_count = m.event_count + 1 from out
    where m.id = any (array(select id from out)) and m.id = out.id and p_word <> 'told'
    returning m.id, m.workspace_id, m.account_id, m.event_count),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.' || p_word, account_id, id, event_count, p_data, t from shown)
  select array_agg(id), array_agg(account_id), array_agg(distinct conversation_id) filter (where head)
    into gone, accounts, conversations from out;
  if conversations is not null then perform advance(conversations, t); end if; -- @mutant end-advances
  return query select * from unnest(gone, accounts);
end $$;

-- Makes the contacts and conversations that accepted messages lack.
create function ensure_conversations(p_workspace uuid[], p_account uuid[], p_address text[], p_contact uuid[],
  p_conversation uuid[], p_outcome text[], t timestamptz) returns void language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  with address as (
    insert into contact_address (workspace_id, kind, value, contact_id)
    select distinct on (u.w, u.v) u.w, 'phone', u.v, u.c
    from unnest(p_workspace, p_address, p_contact, p_outcome) u(w, v, c, o)
    where u.o = 'accepted' and (select x.contact_id from contact_address x
      where x.workspace_id = u.w and x.kind = 'phone' and x.value = u.v limit 1) is null
    order by u.w, u.v, u.c on conflict do nothing
    returning workspace_id, contact_id)
  insert into contact (id, workspace_id, created_at, updated_at) select contact_id, workspace_id, t, t from address;
  insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, created_at)
    select distinct on (u.a, x.contact_id) u.cv, u.w, u.a, x.contact_id, t, t
    from unnest(p_workspace, p_account, p_address, p_conversation, p_outcome) u(w, a, v, cv, o)
    cross join lateral (select x.contact_id from contact_address x
      where x.workspace_id = u.w and x.kind = 'phone' and x.value = u.v limit 1) x
    where u.o = 'accepted' order by u.a, x.contact_id, u.cv on conflict do nothing;
end $$;

-- The rank of evidence about one attempt: the highest decides.
create function evidence_rank(p_status text) returns int language sql immutable parallel safe as $$
  select case p_status when 'sending' then 1 when 'not_sent' then 1 when 'unknown' then 2 when 'sent' then 3
    when 'failed' then 4 when 'delivered' then 5 when 'read' then 6 when 'played' then 7 else 0 end $$;

-- Ends what was not sent in its time, at most 500. Gives the accounts concerned with how many messages it was.
create function expire_messages(p_now timestamptz) returns table (account_id uuid, done bigint) language sql volatile
set enable_seqscan = off set enable_bitmapscan = off as $$
  select e.account_id, count(*) from end_open(p_now, array(select o.id from open_message o
    where o.expires_at <= clock(p_now) and o.state in ('scheduled', 'queued') order by o.expires_at limit 500), 'expired', '{}') e
  group by 1 $$;

-- Gives unknown outcomes up as failed. Their attempts stay unknown: it is no evidence, and a receipt that comes after all
-- still counts. The caller has locked the lanes.
create function fail_unknown(t timestamptz, p_ids uuid[], p_title text, p_data jsonb) returns void language plpgsql volatile as $$
begin
  with shown as (
    update message m set status = 'failed', failed_at = t, error_code = 'unknown_outcome', error_title = p_title,
      event_count = m.event_count + (o.status <> 'failed')::int
    from (select id, status from message where id = any (p_ids) and status in ('unknown', 'failed') order by id for update) o
    where m.id = o.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, o.status as before)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.failed', account_id, id, event_count,
      p_data || jsonb_build_object('code', 'unknown_outcome', 'title', p_title), t from shown where before <> 'failed';
  perform end_open(t, p_ids, 'told', '{}');
end $$;

-- Of each request its contact and its conversation, null where it has none yet; whether that has no head (idle); and which
-- conversations have a head that has not begun and is less urgent (outranked).
create function find_conversations(p_workspace uuid[], p_account uuid[], p_address text[], p_priority smallint[],
  p_outcome text[], out contacts uuid[], out conversations uuid[], out idle boolean[], out outranked uuid[])
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  select array_agg(x.contact_id order by u.n), array_agg(v.id order by u.n), array_agg(h.id is null order by u.n),
      array_agg(v.id) filter (where h.state = 'queued' and u.p < h.priority)
    into contacts, conversations, idle, outranked
    from unnest(p_workspace, p_account, p_address, p_priority, p_outcome) with ordinality u(w, a, v, p, o, n)
    left join lateral (select x.contact_id from contact_address x
      where u.o = 'accepted' and x.workspace_id = u.w and x.kind = 'phone' and x.value = u.v limit 1) x on true
    left join lateral (select v.id from conversation v where v.account_id = u.a and v.contact_id = x.contact_id limit 1) v on true
    left join lateral (select o.id, o.state, o.priority from open_message o
      where o.conversation_id = v.id and o.head limit 1) h on true;
end $$;

-- Gives back the idempotency keys of what was not accepted: the same key may be accepted later.
create function free_keys(p_workspace uuid[], p_key text[], p_id uuid[], p_outcome text[]) returns void
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  delete from idempotency i where i.ctid = any (array(
    select o.place from unnest(p_workspace, p_key, p_id, p_outcome) u(w, k, m, word) cross join lateral (
      select o.ctid as place from idempotency o where o.workspace_id = u.w and o.operation = 'messages.create'
        and o.key = u.k and o.resource_id = u.m limit 1) o
    where u.word not in ('accepted', 'stored', 'replayed', 'mismatch')));
end $$;

-- Until when a lane is held that has begun p_begun calls just now, and why; null where it is not, or was held before.
-- p_waiting: what is still queued. p_left_today and p_rate_left: what is left of both limits. p_random is from 0 to 1.
create function hold_after_claim(p_held_until timestamptz, p_jitter_ms int, p_left_today int, p_tomorrow timestamptz,
  p_rate_left int, p_span interval, p_window_at timestamptz[], p_window_n int[], p_waiting int, p_begun int,
  p_random double precision, t timestamptz) returns table (until timestamptz, reason text) language sql stable as $$
  select case when p_held_until is not null then null
      when p_jitter_ms > 0 and p_begun > 0 then t + p_random * p_jitter_ms * interval '1 millisecond'
      when p_waiting <= 0 then null
      when p_left_today <= 0 then p_tomorrow
      when p_rate_left <= 0 then next_slot_at(p_window_at, p_window_n, p_span, t, p_rate_left) end,
    case when not (p_jitter_ms > 0 and p_begun > 0) and p_left_today <= 0 then 'daily_limit' else 'rate_limit' end $$;

-- Holds the lanes of accounts that ran into trouble (throttled, account_error, flagged), longer each time: one element of
-- each array a report of the channel, of which those that came side by side are one failure. The caller has locked the lanes.
create function hold_lanes(t timestamptz, p_account uuid[], p_class text[], p_wait_ms int[]) returns void
language sql volatile as $$
  update lane l set consecutive_failures = l.consecutive_failures + (not in_trouble(l, t))::int,
      -- A flag takes the place of a pause, so that no outcome of a call under way ends it.
      held_reason = case when l.held_until = 'infinity' and x.class <> 'flagged' then l.held_reason else x.class end,
      held_until = case when x.class = 'flagged' then 'infinity' -- @mutant flagged-holds
        else greatest(case when in_trouble(l, t) then l.held_until end, t + greatest(x.wait, interval '1 second' *
          case x.class when 'account_error' then least(900, 60 * 2 ^ least(x.failures, 8)) else least(300, 2 ^ least(x.failures, 9)) end))
        end
    from (select u.account, (array_agg(u.class order by array_position('{flagged,account_error,throttled}', u.class)))[1] as class,
        max(u.wait_ms) * interval '1 millisecond' as wait,
        greatest(0, min(o.consecutive_failures) - bool_or(in_trouble(o, t))::int) as failures
      from unnest(p_account, p_class, p_wait_ms) u(account, class, wait_ms)
      join lane o on o.account_id = u.account group by 1) x
    where l.account_id = x.account $$;

-- Whether a lane is held by more than its own limits, which the next claim counts anew anyway.
create function in_trouble(p_lane lane, t timestamptz) returns boolean language sql immutable parallel safe as $$
  select p_lane.held_until > t and coalesce(p_lane.held_reason not in ('rate_limit', 'daily_limit'), true) $$;

-- Whether an outcome is that of a call: the others say why there was none.
create function is_call(p_class text) returns boolean language sql immutable parallel safe
as $$ select p_class not in ('released', 'expired', 'file_pending') $$;

-- What becomes of each request of a batch: accepted, stored (by an earlier write of it), replayed, mismatch, file_gone,
-- account_not_found, account_not_connected, expired, queue_full, daily_limit_reached. The limits count in their order.
create function judge_requests(p_again boolean, p_lanes lane_limits[], t timestamptz, p_workspace uuid[], p_account uuid[],
  p_key text[], p_hash bytea[], p_id uuid[], p_priority smallint[], p_send_at timestamptz[], p_expires_at timestamptz[],
  p_media uuid[]) returns text[] language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
declare words text[];
begin
  with known as materialized (
    select u.*, coalesce(u.s > t, false) as later, l.queued, l.max_queued, l.left_today, l.rejects,
      -- How many may leave before it, so that it does not expire in the queue.
      floor(extract(epoch from u.e - t) * x.rate_messages / x.rate_seconds)::bigint as fits,
      case when i.resource_id <> u.m then case when i.hash = u.h then 'replayed' else 'mismatch' end
        when p_again and (select true from message o where o.id = u.m limit 1) then 'stored'
        when l.workspace_id is distinct from u.w or l.is_deleted then 'account_not_found'
        when l.status <> 'connected' then 'account_not_connected'
        when u.f is not null and (select true from media o where o.id = u.f and o.workspace_id = u.w limit 1) is null
          then 'file_gone'
        when u.e <= t or u.e <= u.s then 'expired' else 'accepted' end as word
    from unnest(p_workspace, p_account, p_key, p_hash, p_id, p_priority, p_send_at, p_expires_at, p_media)
      with ordinality u(w, a, k, h, m, p, s, e, f, n)
    left join unnest(p_lanes) l on l.account_id = u.a
    left join lateral (select o.resource_id, o.hash from idempotency o where u.k is not null
      and o.workspace_id = u.w and o.operation = 'messages.create' and o.key = u.k limit 1) i on true
    left join lateral (select o.rate_messages, o.rate_seconds from account o where u.e is not null and o.id = u.a limit 1) x on true),
  placed as (
    select k.*, row_number() over (partition by k.a, k.later, k.word = 'accepted' order by k.n) as place,
      row_number() over (partition by k.a, k.later, k.word = 'accepted' order by k.p, k.n) - 1 as before
    from known k)
  select array_agg(case when p.word <> 'accepted' or p.later then p.word
      when p.queued + p.place > p.max_queued then 'queue_full'
      -- The lane counts all priorities together, so it is looked closer only where it would reject.
      when p.queued + p.before > p.fits and queued_before(p.w, p.a, p.p) + p.before > p.fits then 'queue_full'
      when p.rejects and p.queued + p.place > p.left_today then 'daily_limit_reached' else p.word end order by p.n)
    into words from placed p;
  return words;
end $$;

-- What holds the whole queue of an account at a moment, and until when: what a claim wrote into its lane, or its day, whose
-- limit is used up. Null for nothing. What the rate holds that no claim has found out yet is not here.
create function lane_hold(a account, l lane, t timestamptz) returns table (reason text, until timestamptz) language sql stable as $$
  select case when l.held_until > t then l.held_reason when x.is_full then 'daily_limit' end,
    case when l.held_until > t then l.held_until when x.is_full then x.tomorrow end
  from (select l.day = y.today and l.sent >= day_limit(a, y.today) and l.queued > 0 as is_full,
      (y.today + 1)::timestamp at time zone a.time_zone as tomorrow
    from (select (t at time zone a.time_zone)::date as today) y) x $$;

-- Of each of these lanes, once a claim is made: whether messages that are ready were left, and until when it waits.
create function lane_summaries(p_lanes lane_limits[], t timestamptz)
returns table (account_id uuid, more boolean, wait_until timestamptz, concurrency int) language sql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
  select l.account_id, o.queued > 0 and (select true from (values (0::smallint), (1::smallint), (2::smallint)) p(priority),
      lateral (select 1 from open_message m where m.account_id = l.account_id and m.priority = p.priority and m.head
        and m.state = 'queued' and m.ready_at <= t order by m.ready_at, m.seq limit 1) f
      where l.quiet_until is null or p.priority = 0 limit 1) is true,
    case when o.held_until > t then nullif(o.held_until, 'infinity') when o.queued > 0 then l.quiet_until end, l.concurrency
  from unnest(p_lanes) l
  cross join lateral (select x.held_until, x.queued from lane x where x.account_id = l.account_id limit 1) o $$;

-- Locks the lanes of accounts, in order, and says what each may begin. Every writer of the queue locks first, and once in
-- its transaction; the statements after it see all that earlier writers have committed.
create function lock_lanes(p_accounts uuid[], p_now timestamptz) returns setof lane_limits language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
declare t timestamptz;
begin
  perform 1 from lane where account_id = any (p_accounts) order by account_id for update; -- @mutant lane-lock
  t := clock(p_now);
  return query
  with a as materialized (
    select a.*, l.held_until, l.window_at, l.window_n, l.window_total, l.in_flight, l.queued,
      l.day = a.today as is_today, l.sent, l.conversations_opened
    from (select distinct u from unnest(p_accounts) u) x(id)
    cross join lateral (select o as r, o.id, o.workspace_id, o.channel, o.phone, o.phone_number_id, o.status, o.status_reason,
      o.deleted_at, o.time_zone, o.rate_messages, o.rate_seconds * interval '1 second' as span, o.concurrency, o.per_day,
      o.warm_up_start, o.new_per_day, o.recipient_burst, o.recipient_seconds, o.jitter_ms, o.quiet_from, o.max_queued,
      o.on_limit, (t at time zone o.time_zone)::date as today from account o where o.id = x.id limit 1) a
    cross join lateral (select o.* from lane o where o.account_id = x.id limit 1) l),
  used as materialized (
    select a.*, case when a.is_today then a.sent else 0 end as sent_today,
      case when a.is_today then a.conversations_opened else 0 end as opened_today,
      case when a.warm_up_start is null then a.per_day else day_limit(a.r, a.today) end as limit_today,
      -- Counted exactly only where it matters.
      a.rate_messages - a.in_flight - case when a.rate_messages - a.window_total >= a.concurrency then a.window_total
        else rate_used(a.window_at, a.window_n, a.span, t) end as rate_left
    from a)
  select u.id, u.workspace_id, u.channel, u.phone, u.phone_number_id, u.status, u.status_reason, u.deleted_at is not null,
    t, u.today, (u.today + 1)::timestamp at time zone u.time_zone,
    case when u.held_until > t then 0
      -- With jitter each message has a gap of its own behind it.
      else greatest(0, least(u.concurrency - u.in_flight, u.rate_left, case when u.jitter_ms > 0 then 1 end)) end::int,
    case when u.held_until > t then u.held_until end, u.concurrency,
    u.rate_left::int, u.span, u.window_at, u.window_n,
    coalesce(u.limit_today - u.sent_today, 2147483647), u.new_per_day - u.opened_today,
    case when u.quiet_from is not null then quiet_end(u.r, t) end,
    (u.recipient_burst - 1) * u.recipient_seconds * interval '1 second',
    u.jitter_ms,
    -- By its order, so that the plan takes the index: not by exists.
    case when u.queued > 0 then (select p.priority from (values (0::smallint), (1::smallint), (2::smallint)) p(priority),
      lateral (select 1 from open_message o
        where o.account_id = u.id and o.priority = p.priority and o.head and o.state = 'queued' and o.ready_at <= t
        order by o.ready_at, o.seq limit 1) o limit 1) end,
    u.queued, u.max_queued, u.on_limit = 'refuse'
  from used u;
end $$;

-- What a restore does to messages: of what waited when the backup was taken, nobody can tell whether it was sent since. Makes
-- unknown what was being sent and, unless p_resume, what was queued or was due by now; and leaves every unknown one to the
-- operator, whatever its account or itself says. Nothing is sent again by itself.
create function mark_restored(p_resume boolean) returns table (unknown bigint, held bigint) language plpgsql volatile as $$
declare t timestamptz := clock_timestamp(); marked uuid[]; before text[]; kept uuid[];
begin
  insert into attempt (token, message_id, account_id, number, runner, status, class, code, title, started_at, ended_at)
    select token_of(id, o.fence), id, account_id, o.fence, o.runner, 'unknown', 'unknown', 'restored',
      'The call was under way when the backup was taken.', o.started_at, t from open_message o where state = 'sending'
    on conflict do nothing;
  select array_agg(id), array_agg(state) into marked, before from open_message
    where state = 'sending' or not p_resume and (state = 'queued' or state = 'scheduled' and ready_at <= t);
  kept := array(select id from open_message where state = 'unknown' and resolve_by is not null and not p_resume);
  perform add_restored_attempts(array_agg(u.id), t) from unnest(marked, before) u(id, state) where u.state <> 'sending' having count(*) > 0;
  -- It may have been sent again since, where its setting says so.
  perform add_restored_attempts(array_agg(o.id), t) from open_message o join account a on a.id = o.account_id
    where o.id = any (kept) and coalesce(o.on_unknown, a.on_unknown) = 'retry' having count(*) > 0;
  -- None of the calls was made since, so their conversations need not wait.
  update open_message set state = 'unknown', head = false, ready_at = t, resolve_by = null, wait_reason = null, runner = null,
    lease_until = null, evidence = null where id = any (marked);
  update open_message set resolve_by = null where id = any (kept);
  with shown as (
    update message m set status = 'unknown', event_count = m.event_count + 1 from unnest(marked, before) u(id, state)
    where m.id = u.id returning m.id, m.workspace_id, m.account_id, m.event_count, u.state)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.unknown', account_id, id, event_count, jsonb_build_object('reason', 'restored', 'from', state), t
    from shown;
  with shown as (
    update message m set event_count = m.event_count + 1 where m.id = any (kept) returning m.id, m.workspace_id, m.account_id, m.event_count)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.held', account_id, id, event_count, '{"reason": "restored"}', t from shown;
  update lane l set in_flight = 0,
    queued = (select count(*) from open_message o where o.account_id = l.account_id and o.state = 'queued');
  perform advance(array(select distinct conversation_id from open_message where state = 'queued'), t);
  return query select coalesce(cardinality(marked), 0)::bigint, cardinality(kept)::bigint;
end $$;

-- Finds the open rows that outcomes are of, and says what becomes of each. A stale fence finds none, and so does an outcome
-- of a call that was given up as unknown, unless it proves that the call was not made.
create function match_outcomes(t timestamptz, p_token uuid[], p_class text[], p_channel_message_id text[], p_code text[],
  p_title text[], p_wait_ms int[], p_ago_ms double precision[]) returns setof ended_call language sql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
  select u.token, u.class, u.channel_message_id, u.code, u.title, u.wait_ms,
    o.place, o.id, o.workspace_id, o.account_id, o.conversation_id, o.fence, o.runner, o.started_at,
    t - u.ago_ms * interval '1 millisecond', o.state = 'sending', o.evidence is not null, is_call(u.class),
    x.next,
    case when x.next <> 'ended' then x.next when u.class = 'accepted' then 'sent' when u.class = 'rejected' or y.is_over then 'failed'
      when u.class = 'expired' then 'expired' when o.evidence is null then 'cancelled' end,
    t + case when u.class = 'unknown' then interval '2 minutes'
      when u.class in ('not_sent', 'recipient_throttled', 'file_pending') then u.wait_ms * interval '1 millisecond'
      else interval '0' end,
    case when x.next = 'unknown' then t + a.unknown_window_s * interval '1 second' end,
    y.day, o.state = 'sending' and not is_call(u.class) and o.usage_day is distinct from y.day,
    a.rate_seconds, case when a.recipient_burst is not null then a.recipient_seconds end, m.place
  from (select distinct on (k.token) * from unnest(p_token, p_class, p_channel_message_id, p_code, p_title, p_wait_ms, p_ago_ms)
    k(token, class, channel_message_id, code, title, wait_ms, ago_ms)) u
  cross join lateral (select o.ctid as place, o.* from open_message o
    where o.id = token_of(u.token, 0) and o.fence = number_of(u.token) limit 1) o -- @mutant stale-fence
  cross join lateral (select * from account a where a.id = o.account_id limit 1) a
  cross join lateral (select m.ctid as place, m.contact_id from message m where m.id = o.id limit 1) m
  left join lateral (select c.deleted_at from contact c
    where attempt_status(u.class) = 'not_sent' and c.id = m.contact_id limit 1) p on true
  cross join lateral (select (o.started_at at time zone a.time_zone)::date as day,
    u.class = 'not_sent' and o.failed_attempts + 1 >= a.retry_attempts or o.fence >= 65000 and attempt_status(u.class) = 'not_sent'
      as is_over) y
  cross join lateral (select next_state(u.class, o.evidence, y.is_over, a.deleted_at is not null or p.deleted_at is not null) as next) x
  where o.state = 'sending' or o.state = 'unknown' and attempt_status(u.class) = 'not_sent' $$;

-- After a change of the time zone of an account, whose lane the caller has locked: what was counted in the day that it was by
-- the earlier zone belongs to the day that it is now, with what messages and conversations have of it.
create function move_day(p_now timestamptz, p_account uuid, p_zone text) returns void language plpgsql volatile as $$
declare t timestamptz := clock(p_now); before date := (t at time zone p_zone)::date; today date; counted daily_usage;
begin
  select (t at time zone a.time_zone)::date into today from account a where a.id = p_account;
  if today = before then return; end if;
  -- A day that had begun to be history goes on.
  delete from daily_usage where account_id = p_account and day = today returning * into counted;
  update lane set day = today, sent = case when day = before then sent else 0 end + coalesce(counted.sent, 0),
    conversations_opened = case when day = before then conversations_opened else 0 end + coalesce(counted.conversations_opened, 0)
    where account_id = p_account and day is not null;
  -- The change of the day has made it history; it goes on instead.
  delete from daily_usage where account_id = p_account and day = before;
  update conversation set opened_on = today where account_id = p_account and opened_on = before;
  update open_message set usage_day = today where account_id = p_account and usage_day = before;
end $$;

-- When the rate has a slot again, by the window of a lane. p_left: slots that are left now, none or less than none. Null
-- where only calls under way hold them.
create function next_slot_at(p_at timestamptz[], p_n int[], p_span interval, t timestamptz, p_left int) returns timestamptz
language sql immutable parallel safe as $$
  select min(w.at) + p_span
    from (select w.at, sum(w.n) over (order by w.at) as n from unnest(p_at, p_n) w(at, n) where w.at > t - p_span) w
    where p_left + w.n > 0 $$;

-- What becomes of an open message by the outcome of its call: ended, unknown, or queued again. p_evidence: what a receipt
-- has told of it before; p_is_over: it has no further attempt.
create function next_state(p_class text, p_evidence text, p_is_over boolean, p_is_unwanted boolean) returns text
language sql immutable parallel safe as $$
  select case when p_class in ('accepted', 'rejected', 'expired') or p_evidence is not null or p_is_over then 'ended'
    when p_class = 'unknown' then 'unknown' when p_is_unwanted then 'ended' else 'queued' end $$;

-- The number of the attempt that a token is of.
create function number_of(p_token uuid) returns int language sql immutable parallel safe
as $$ select ('x' || right(p_token::text, 4))::bit(16)::int $$;

-- Lets the grace periods of unknown outcomes last for a while yet, after a time in which perhaps nobody was there to whom
-- receipts could be posted: the channel posts them again. What was reported as stuck is not reported once more for it.
create function prolong_grace_periods(p_now timestamptz) returns void language plpgsql volatile as $$
declare t timestamptz;
begin
  perform 1 from lane where account_id = any (array(select o.account_id from open_message o
    where o.state = 'unknown' and o.resolve_by is not null)) order by account_id for update;
  t := clock(p_now);
  update open_message m set resolve_by = x.resolve_by, stuck_at = case when m.stuck_at is not null then x.resolve_by end
    from (select o.id, t + least(a.unknown_window_s, 600) * interval '1 second' as resolve_by
      from open_message o join account a on a.id = o.account_id
      where o.state = 'unknown' and o.resolve_by < t + least(a.unknown_window_s, 600) * interval '1 second') x
    where m.id = x.id;
end $$;

-- Scheduled messages that are due join the line, and unknown ones that have held their conversation for long enough let the
-- next one go; at most 500 of each. Gives the accounts concerned with how many messages it was.
create function queue_due(p_now timestamptz) returns table (account_id uuid, done bigint) language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare t timestamptz := clock(p_now); due uuid[]; accounts uuid[]; conversations uuid[];
begin
  due := array(select id from open_message where state = 'scheduled' and ready_at <= t order by ready_at limit 500)
    || array(select id from open_message where head and state = 'unknown' and ready_at <= t order by ready_at limit 500);
  if due = '{}' then return; end if;
  perform 1 from lane l where l.account_id = any (array(select o.account_id from open_message o where o.id = any (due)))
    order by l.account_id for update;
  t := clock(p_now);
  with moved as (
    update open_message o set state = case o.state when 'scheduled' then 'queued' else o.state end, head = false
    where o.id = any (due) and o.ready_at <= t and (o.state = 'scheduled' or o.head and o.state = 'unknown')
    returning o.id, o.account_id, o.conversation_id, o.state),
  counted as (
    update lane l set queued = l.queued + x.n
    from (select account_id, count(*)::int as n from moved where state = 'queued' group by 1) x where l.account_id = x.account_id),
  shown as (
    update message m set status = 'queued', event_count = m.event_count + 1 from moved o
    where m.id = any (array(select id from moved)) and m.id = o.id and o.state = 'queued'
    returning m.id, m.workspace_id, m.account_id, m.event_count),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, at)
    select workspace_id, 'message.queued', account_id, id, event_count, t from shown)
  select array_agg(account_id), array_agg(distinct conversation_id) into accounts, conversations from moved;
  if conversations is not null then perform advance(conversations, t); end if;
  return query select x, count(*) from unnest(accounts) x group by 1;
end $$;

-- How many messages of an account are queued of this or a higher priority, by the kept counts: the queue may be long.
create function queued_before(p_workspace uuid, p_account uuid, p_priority smallint) returns bigint language sql stable
set enable_seqscan = off as $$
  select coalesce(sum(c.n), 0)::bigint from (
    select messages as n from message_present where workspace_id = p_workspace and account_id = p_account
      and direction = 'outbound' and status = 'queued' and priority <= p_priority
    union all
    select present from message_change where account_id = p_account
      and direction = 'outbound' and status = 'queued' and priority <= p_priority) c $$;

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

-- Has the caller begin anew: a contact that was deleted while a message of it was being stored took its address along.
create function raise_serialization_failure() returns uuid language plpgsql volatile as $$
begin raise exception 'a contact was deleted while a message of it was being stored' using errcode = '40001'; end $$;

-- How many calls of the stretch that ends at t have ended, by the window of a lane. A clock that was set back leaves ends
-- in the future; they count too.
create function rate_used(p_at timestamptz[], p_n int[], p_span interval, t timestamptz) returns int
language sql immutable parallel safe
as $$ select coalesce(sum(w.n), 0)::int from unnest(p_at, p_n) w(at, n) where w.at > t - p_span $$;

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

-- Releases what is being sent in the name of a runner and is not in its hands: an accept or a claim whose answer it never got,
-- or that it stopped before. In hand are all calls that have begun, also those whose outcome is not recorded. The runner asks
-- between its own claims and accepts, so that what is on its way to it is not released. Gives the accounts with how many.
create function reconcile(p_now timestamptz, p_runner text, p_in_hand uuid[]) returns table (account_id uuid, done bigint)
language plpgsql volatile set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  n int;
  lost uuid[] := array(select token_of(id, fence) from open_message where state = 'sending' and runner = p_runner
    and token_of(id, fence) <> all (p_in_hand)); -- @mutant reconcile-in-hand
begin
  n := cardinality(lost);
  if n = 0 then return; end if;
  return query select r.account_id, count(*) from record_outcomes(p_now, lost, array_fill('released'::text, array[n]),
    array_fill(null::text, array[n]), array_fill(null::text, array[n]), array_fill(null::text, array[n]), array_fill(0, array[n]),
    array_fill(0::float8, array[n])) r group by 1;
end $$;

-- Outcomes that found no open row to decide: the call was given up as unknown, or its message has ended. They are evidence
-- about their attempts, and move no message but by that.
create function record_late(t timestamptz, p_token uuid[], p_class text[], p_channel_message_id text[], p_code text[],
  p_title text[], p_settled settled_call[]) returns void language plpgsql volatile as $$
begin
  update attempt a set class = u.class,
      status = case when attempt_status(u.class) = 'not_sent' then better_status(a.status, 'not_sent') else a.status end,
      code = case when a.failed_at is null then coalesce(u.code, a.code) else a.code end,
      title = case when a.failed_at is null then coalesce(u.title, a.title) else a.title end
    from (select distinct on (token) * from unnest(p_token, p_class, p_code, p_title) x(token, class, code, title)) u
    where a.token = any (p_token) and a.token = u.token and a.token <> all (array(select s.token from unnest(p_settled) s))
      and coalesce(a.class, 'unknown') = 'unknown';
  perform apply_evidence(array_agg(u.token), array_agg(u.channel_message_id), array_agg(attempt_status(u.class)), array_agg(t),
      array_agg(coalesce(u.code, '')), array_agg(u.title), t)
    from unnest(p_token, p_class, p_channel_message_id, p_code, p_title) u(token, class, channel_message_id, code, title)
    where u.class in ('accepted', 'rejected') and u.token <> all (array(select s.token from unnest(p_settled) s))
    having count(*) > 0;
end $$;

-- Writes what came of calls, an element of each array a call. Classes: accepted, rejected, not_sent, throttled,
-- recipient_throttled, account_error, flagged, unknown, file_expired (the channel has the file no more); and where no call was
-- made released, expired, file_pending. p_wait_ms: until it is tried again, or at least how long the lane is held; p_ago_ms:
-- how long ago the call ended. An outcome of a stale fence is evidence only. Gives what became of each message, and whether
-- its account has more that waits for nothing but its turn.
create function record_outcomes(p_now timestamptz, p_token uuid[], p_class text[], p_channel_message_id text[], p_code text[],
  p_title text[], p_wait_ms int[], p_ago_ms double precision[])
returns table (message_id uuid, account_id uuid, status text, ready_at timestamptz, more boolean) language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare t timestamptz; accounts uuid[]; calls ended_call[]; settled settled_call[]; is_troubled boolean; has_more boolean;
begin
  accounts := array(select distinct o.account_id from unnest(p_token) k
    cross join lateral (select x.account_id from open_message x where x.id = token_of(k, 0) limit 1) o);
  perform 1 from lane l where l.account_id = any (accounts) order by l.account_id for update;
  t := clock(p_now);
  calls := array(select c from match_outcomes(t, p_token, p_class, p_channel_message_id, p_code, p_title, p_wait_ms, p_ago_ms) c);
  select bool_or(a.status = 'needs_attention'), bool_or(l.queued > 0) into is_troubled, has_more from unnest(accounts) x(id)
    cross join lateral (select o.status from account o where o.id = x.id limit 1) a
    cross join lateral (select o.queued from lane o where o.account_id = x.id limit 1) l;
  if is_troubled or p_class && '{throttled,account_error,flagged}' then perform record_trouble(t, calls); end if;
  settled := settle_calls(calls, t);
  if cardinality(calls) < cardinality(p_token) then
    perform record_late(t, p_token, p_class, p_channel_message_id, p_code, p_title, settled);
  end if;
  if (select true from unnest(accounts) x(id), unnest(p_channel_message_id) y(id), lateral (select 1 from orphan_receipt p
      where p.account_id = x.id and p.channel_message_id = y.id limit 1) p limit 1) then
    perform apply_orphans(p_token, t);
  end if;
  if (select true from unnest(settled) s where s.has_evidence limit 1) then
    perform settle_messages(array(select s.message_id from unnest(settled) s where s.has_evidence), t);
  end if;
  if (select true from unnest(calls) c where c.fence > 1 and c.class = 'accepted' limit 1) then
    perform report_duplicated(array(select c.id from unnest(calls) c), t);
  end if;
  if has_more or (select true from unnest(settled) s where s.status = 'queued' limit 1) then
    perform advance(array(select s.conversation_id from unnest(settled) s), t); -- @mutant record-advances
  end if;
  return query select m.id, m.account_id, m.status, o.ready_at, l.more from (select distinct token_of(k, 0) as id from unnest(p_token) k) u
    cross join lateral (select x.id, x.account_id, x.status from message x where x.id = u.id limit 1) m
    cross join lateral (select x.queued > 0 and x.held_until <= t as more from lane x where x.account_id = m.account_id limit 1) l
    left join lateral (select x.ready_at from open_message x where x.id = u.id limit 1) o on true;
end $$;

-- What outcomes say of their accounts: trouble of a whole account holds its lane, and an accepted message ends it. The caller
-- has locked the lanes.
create function record_trouble(t timestamptz, p_calls ended_call[]) returns void language plpgsql volatile as $$
begin
  perform hold_lanes(t, array_agg(u.account_id), array_agg(u.class), array_agg(u.wait_ms)) from unnest(p_calls) u
    where u.class in ('throttled', 'account_error', 'flagged') having count(*) > 0;
  perform set_account_trouble(x.account_id, x.title, t) from (
    select u.account_id, (array_agg(u.title order by array_position('{flagged,account_error}', u.class), u.title))[1] as title
    from unnest(p_calls) u where u.class in ('account_error', 'flagged') group by 1 order by 1) x;
  perform end_account_trouble(x.account_id, t) from (
    select distinct u.account_id from unnest(p_calls) u join lane l on l.account_id = u.account_id
    where u.class = 'accepted' and (l.held_until <= t or l.held_reason not in ('account_error', 'flagged', 'paused'))) x;
end $$;

-- A call whose runner did not come back in time may have been made: unknown, and never queued again. At most 500; gives the
-- accounts concerned with how many it was.
create function recover_lost_calls(p_now timestamptz) returns table (account_id uuid, done bigint) language plpgsql volatile
set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  t timestamptz := clock(p_now); n int;
  lost uuid[] := array(select token_of(id, fence) from open_message where state = 'sending' and lease_until < t
    order by lease_until limit 500);
begin
  n := cardinality(lost);
  if n = 0 then return; end if;
  return query select r.account_id, count(*) from record_outcomes(p_now, lost, array_fill('unknown'::text, array[n]), -- @mutant lost-call
    array_fill(null::text, array[n]), array_fill('worker_lost'::text, array[n]),
    array_fill('The worker stopped before it could say what came of the call.'::text, array[n]), array_fill(0, array[n]),
    array_fill(0::float8, array[n])) r group by 1;
end $$;

-- Makes heads of an account ready that wait for one of these reasons, at most p_max, as its settings have changed; the claim
-- defers them again where the limits say so. A recipient's bucket that was filled by an earlier setting is full at most.
-- Gives how many they were.
create function release_deferred(p_now timestamptz, p_account uuid, p_reasons text[], p_max int) returns int
language plpgsql volatile as $$
declare t timestamptz; n int;
begin
  perform 1 from lane where account_id = p_account for update;
  t := clock(p_now);
  if 'recipient_limit' = any (p_reasons) then
    update conversation v set recipient_full_at = x.full_at
      from (select t + recipient_burst * recipient_seconds * interval '1 second' as full_at from account
        where id = p_account and recipient_burst is not null) x
      where v.account_id = p_account and v.recipient_full_at > x.full_at;
  end if;
  update open_message m set ready_at = t, wait_reason = null where m.id in (select o.id from open_message o
    where o.account_id = p_account and o.head and o.state = 'queued' and o.ready_at > t and o.wait_reason = any (p_reasons)
    order by o.priority, o.ready_at, o.seq limit p_max);
  get diagnostics n = row_count;
  return n;
end $$;

-- Ends the waiting of a message for its file.
create function release_file(p_now timestamptz, p_message uuid) returns void language plpgsql volatile as $$
declare t timestamptz;
begin
  perform 1 from lane where account_id = (select account_id from open_message where id = p_message) for update;
  t := clock(p_now);
  update open_message set ready_at = t, wait_reason = null
    where id = p_message and state = 'queued' and wait_reason = 'file_pending' and ready_at > t;
end $$;

-- Says once of each of these messages, whose lanes or rows the caller has locked, that the channel took more than one call
-- for it.
create function report_duplicated(p_messages uuid[], t timestamptz) returns void language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  if (select true from unnest(p_messages) u(id), lateral (select 1 from attempt a where a.token = token_of(u.id, 2) limit 1) a
    limit 1) is null then return; end if;
  with twice as (
    update message m set duplicated_at = t, event_count = m.event_count + 1
    from (select u.id, array_agg(a.number order by a.number) as attempts
      from (select distinct id from unnest(p_messages) id) u cross join lateral (select k.number, k.status from attempt k
        where k.token > u.id and k.token <= token_of(u.id, 65535)) a
      where a.status in ('sent', 'delivered', 'read', 'played') group by 1 having count(*) > 1) x
    where m.id = any (p_messages) and m.id = x.id and m.duplicated_at is null
    returning m.id, m.workspace_id, m.account_id, m.event_count, x.attempts)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
  select workspace_id, 'message.duplicated', account_id, id, event_count, jsonb_build_object('attempts', attempts), t from twice;
end $$;

-- The watchdog: says once of each message that is an hour past its time. It is the head of its conversation and ready, or was
-- scheduled, while for an hour nothing held its lane and nothing was claimed of it; or it is unknown still, an hour after its
-- grace period.
create function report_stuck(p_now timestamptz) returns bigint language plpgsql volatile as $$
declare t timestamptz := clock(p_now); since timestamptz; ids uuid[]; dues timestamptz[]; reasons text[]; n bigint;
begin
  since := t - interval '1 hour';
  with idle as materialized (
    select a.id, case when exists (select 1 from worker w where 'send' = any (w.kinds) and a.channel = any (w.channels)
        and w.seen_at > clock_timestamp() - interval '10 seconds') then 'not_claimed' else 'no_worker' end as reason
    from lane l join account a on a.id = l.account_id
    where a.deleted_at is null and greatest(l.held_until, l.quiet_until, l.claimed_at) <= since
      and quiet_end(a, t) is null and quiet_end(a, since) is null),
  found as (
    select c.id, i.reason, c.ready_at as due from idle i, lateral (
      (select m.id, m.ready_at from open_message m
        where m.account_id = i.id and m.head and m.state = 'queued' and m.ready_at <= since and m.stuck_at is null
          and (m.expires_at is null or m.expires_at > t) limit 100)
      union all
      (select m.id, m.ready_at from open_message m
        where m.account_id = i.id and m.state = 'scheduled' and m.ready_at <= since and m.stuck_at is null
          and (m.expires_at is null or m.expires_at > t) order by m.ready_at limit 100)) c
    union all
    (select m.id, case when heard_since(a, m) then 'not_resolved' else 'no_receipts' end, m.resolve_by
      from open_message m join account a on a.id = m.account_id
      where m.state = 'unknown' and m.resolve_by <= since and (m.stuck_at is null or m.stuck_at < m.resolve_by)
      order by m.resolve_by limit 100)
    limit 500)
  select array_agg(id), array_agg(due), array_agg(reason) into ids, dues, reasons from found;
  if ids is null then return 0; end if;
  perform 1 from lane where account_id = any (array(select o.account_id from open_message o where o.id = any (ids)))
    order by account_id for update;
  with stuck as (
    update open_message o set stuck_at = t from unnest(ids, dues, reasons) f(id, due, reason)
    where o.id = f.id and o.state in ('queued', 'scheduled', 'unknown') returning o.id, f.due, f.reason),
  shown as (
    update message m set event_count = m.event_count + 1 from stuck s where m.id = s.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, s.due, s.reason),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.stuck', account_id, id, event_count, jsonb_build_object('reason', reason,
      'due_at', to_char(due at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), t from shown)
  select count(*) into n from shown;
  return n;
end $$;

-- The watchdog: says once of each message that WhatsApp took and never delivered. Account by account, as each has its own
-- time: what is not late yet is not read.
create function report_undelivered(p_now timestamptz) returns bigint language sql volatile as $$
  with t as materialized (select clock(p_now) as now),
  found as materialized (
    select x.id from t, account a, lateral (
      select o.id from message o where o.account_id = a.id and o.status = 'sent' and o.reported_at is null
        and o.sent_at < t.now - a.undelivered_after_s * interval '1 second'
      order by o.sent_at limit 500) x limit 500),
  late as (
    update message m set reported_at = t.now, event_count = m.event_count + 1
    from t, (select o.id from message o where o.id = any (array(select id from found)) and o.status = 'sent' for update skip locked) x
    where m.id = x.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, m.sent_at),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.undelivered', account_id, id, event_count, jsonb_build_object('reason', 'no_delivery_receipt',
      'sent_at', to_char(sent_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), t.now from late, t)
  select count(*) from late $$;

-- Puts messages that have failed, or whose outcome is unknown, back into the queue as if they were new. p_data: what the
-- timeline says with it; the caller has locked the lanes. Gives the accounts.
create function requeue_messages(t timestamptz, p_ids uuid[], p_data jsonb) returns table (account_id uuid, done bigint)
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare accounts uuid[]; conversations uuid[];
begin
  with shown as (
    update message m set status = 'queued', error_code = null, error_title = null, failed_at = null, reported_at = null,
      event_count = m.event_count + (p_data is not null)::int
    from (select id from message where id = any (p_ids) and status in ('failed', 'unknown')
      and (select o.state from open_message o where o.id = message.id limit 1) is distinct from 'sending' order by id for update) x
    where m.id = any (p_ids) and m.id = x.id
    returning m.id, m.seq, m.workspace_id, m.account_id, m.conversation_id, m.priority, m.expires_at, m.on_unknown, m.event_count),
  opened as (
    insert into open_message as o (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at,
      expires_at, on_unknown, fence)
    select id, seq, workspace_id, account_id, conversation_id, priority, 'queued', false, t, expires_at, on_unknown,
      coalesce((select max(a.number) from attempt a where a.token > s.id and a.token <= token_of(s.id, 65535)), 0) from shown s
    on conflict (id) do update set state = 'queued', head = false, ready_at = t, wait_reason = null, resolve_by = null,
      stuck_at = null, failed_attempts = 0, usage_day = null),
  counted as (
    update lane l set queued = l.queued + x.n from (select account_id, count(*)::int as n from shown group by 1) x
    where l.account_id = x.account_id),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.queued', account_id, id, event_count, p_data, t from shown
      where p_data is not null)
  select array_agg(account_id), array_agg(distinct conversation_id) into accounts, conversations from shown;
  if conversations is not null then perform advance(conversations, t); end if;
  return query select x, count(*) from unnest(accounts) x group by 1;
end $$;

-- Resolves unknown outcomes whose grace period is over, at most 500: held for the operator, sent again, or failed, as the
-- message or else its account says. Held instead of sent again is what has used up the calls that the account allows, what has
-- expired meanwhile, and what is of a deleted account or for a deleted contact. A grace period counts only while receipts come
-- in at all, and nothing is resolved over what was posted in time and is not read yet, for a day at most. Gives the accounts.
create function resolve_unknown(p_now timestamptz) returns table (account_id uuid, done bigint) language plpgsql volatile
set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare t timestamptz := clock(p_now); due uuid[]; unread unread_lane[]; choices text[]; used int[]; accounts uuid[];
begin
  -- By its order, so that the plan takes the index.
  if (select o.resolve_by from open_message o where o.state = 'unknown' and o.resolve_by is not null order by o.resolve_by limit 1) > t is not false
    then return; end if;
  unread := unread_lanes();
  due := array(select o.id from open_message o join account a on a.id = o.account_id
    where o.state = 'unknown' and o.resolve_by <= t and heard_since(a, o) and not is_unread(unread, o, t)
    order by o.resolve_by limit 500);
  if due = '{}' then return; end if;
  perform 1 from lane l where l.account_id = any (array(select o.account_id from open_message o where o.id = any (due)))
    order by l.account_id for update;
  t := clock(p_now);
  with open as (
    select o.id, o.account_id, coalesce(o.on_unknown, a.on_unknown) as choice, a.retry_attempts, -- @mutant on-unknown
      case when a.deleted_at is not null then 'account_deleted' when c.deleted_at is not null then 'contact_deleted'
        when o.expires_at <= t then 'expired' end as obstacle,
      (select count(*)::int from attempt k where k.token > o.id and k.token <= token_of(o.id, 65535)
        and k.class in ('not_sent', 'unknown')) as calls
    from unnest(due) u(id) join open_message o on o.id = u.id join message m on m.id = o.id
    join account a on a.id = o.account_id join contact c on c.id = m.contact_id
    where o.state = 'unknown' and o.resolve_by <= t and heard_since(a, o) and not is_unread(unread, o, t)),
  chosen as (
    select o.id, o.account_id, o.calls, case when o.choice <> 'retry' then o.choice
      when o.calls >= o.retry_attempts then 'attempts_used_up' when o.obstacle is not null then o.obstacle else 'retry' end as choice
    from open o),
  held as (
    update open_message m set resolve_by = null from chosen c where m.id = c.id and c.choice not in ('retry', 'fail')
    returning m.id, c.choice, c.calls),
  shown as (
    update message m set event_count = m.event_count + 1 from held h where m.id = h.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, h.choice, h.calls),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.held', account_id, id, event_count, jsonb_strip_nulls(jsonb_build_object('on_unknown', 'hold',
      'reason', nullif(choice, 'hold'), 'attempts', case when choice = 'attempts_used_up' then calls end)), t from shown)
  select array_agg(id), array_agg(choice), array_agg(account_id) into due, choices, accounts from chosen;
  perform fail_unknown(t, array_agg(u.id), 'No receipt told within the grace period whether WhatsApp took the message.',
    '{"on_unknown": "fail"}') from unnest(due, choices) u(id, choice) where u.choice = 'fail' having count(*) > 0;
  perform requeue_messages(t, array_agg(u.id), '{"on_unknown": "retry"}') from unnest(due, choices) u(id, choice)
    where u.choice = 'retry' having count(*) > 0;
  return query select x, count(*) from unnest(accounts) x group by 1;
end $$;

-- Says of an account that it needs attention, and why.
create function set_account_trouble(p_account uuid, p_reason text, t timestamptz) returns void language sql volatile as $$
  with a as (
    update account set status = 'needs_attention', status_reason = p_reason, updated_at = t
    where id = p_account and (status, status_reason) is distinct from ('needs_attention', p_reason)
    returning id, workspace_id)
  insert into event (workspace_id, type, account_id, data, at)
  select workspace_id, 'account.needs_attention', id, jsonb_build_object('reason', p_reason), t from a $$;

-- Writes what came of calls: the attempts, the open rows and messages, and the lanes, whose rate and day count them. The
-- caller has locked the lanes. Rows are changed by their place (ctid): the lock keeps them there, and no plan can begin at
-- the table.
create function settle_calls(p_calls ended_call[], t timestamptz) returns settled_call[] language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
declare settled settled_call[];
begin
  with hit as materialized (select * from unnest(p_calls)),
  ended as (delete from open_message m using hit h where m.ctid = h.place and h.next = 'ended'),
  kept as (
    update open_message m set state = h.next, ready_at = h.ready_at, resolve_by = h.resolve_by, runner = null, lease_until = null,
      failed_attempts = m.failed_attempts + (h.class = 'not_sent')::int,
      usage_day = case when h.called and h.in_flight then h.day else m.usage_day end,
      wait_reason = case h.class when 'not_sent' then 'retry' when 'recipient_throttled' then h.class when 'file_pending' then h.class end
    from hit h where m.ctid = h.place and h.next <> 'ended'),
  attempted as (
    insert into attempt as a (token, message_id, account_id, number, runner, status, class, code, title, channel_message_id,
      started_at, ended_at, sent_at, failed_at)
    select token, id, account_id, fence, coalesce(runner, ''), attempt_status(class), class, code, title, channel_message_id,
      started_at, ended_at, case when class = 'accepted' then t end, case when class = 'rejected' then t end from hit
    -- A receipt came before, or it was given up as unknown.
    on conflict (token) do update set class = excluded.class, ended_at = excluded.ended_at,
      status = better_status(a.status, excluded.status),
      channel_message_id = coalesce(a.channel_message_id, excluded.channel_message_id),
      sent_at = least(a.sent_at, excluded.sent_at), failed_at = least(a.failed_at, excluded.failed_at),
      -- What a receipt has said of a failure stands.
      code = case when a.failed_at is null then coalesce(excluded.code, a.code) else a.code end,
      title = case when a.failed_at is null then coalesce(excluded.title, a.title) else a.title end),
  shown as (
    update message m set status = h.status, event_count = m.event_count + 1,
      channel_message_id = coalesce(h.channel_message_id, m.channel_message_id),
      sent_at = case when h.status = 'sent' then greatest(m.created_at, t) else m.sent_at end,
      failed_at = case when h.status = 'failed' then t end,
      error_code = case when h.status = 'failed' then h.code end, error_title = case when h.status = 'failed' then h.title end
    from hit h where m.ctid = h.message_place and not h.has_evidence
    returning m.id, m.workspace_id, m.account_id, m.event_count, h.status, h.class, h.code, h.title, h.ready_at),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, case when status <> 'queued' then 'message.' || status when class = 'released' then 'message.queued'
        else 'message.retry_scheduled' end, account_id, id, event_count,
      case when status in ('sent', 'unknown') then '{}' else jsonb_strip_nulls(jsonb_build_object(
        'class', case when class <> 'rejected' then class end, 'code', code, 'title', title,
        'due_at', case when status = 'queued' and class in ('not_sent', 'recipient_throttled', 'file_pending')
          then to_char(ready_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end)) end, t from shown),
  bucket as (
    update conversation v set recipient_full_at = greatest(v.recipient_full_at, h.ended_at) + h.recipient_seconds * interval '1 second'
    from hit h where v.id = any (array(select conversation_id from hit where recipient_seconds is not null))
      and v.id = h.conversation_id and h.recipient_seconds is not null and h.called and h.in_flight), -- @mutant recipient-bucket
  counted as (
    update lane l set in_flight = l.in_flight - x.ended, queued = l.queued + x.back,
      sent = l.sent - case when l.day = x.day then x.unsent else 0 end,
      window_at = case when x.calls > 0 then w.p_at else l.window_at end, window_n = case when x.calls > 0 then w.p_n else l.window_n end,
      window_total = case when x.calls > 0 then w.p_total else l.window_total end,
      consecutive_failures = case when x.accepted and not in_trouble(l, t) then 0 else l.consecutive_failures end,
      -- What was never made gives its slot back, for the next claim to find.
      held_until = case when x.calls < x.ended and l.held_until > t and l.held_reason in ('rate_limit', 'daily_limit') then t
        else l.held_until end
    from (select account_id, min(rate_seconds) as seconds, max(day) as day, max(ended_at) filter (where called) as at,
        count(*) filter (where in_flight)::int as ended, count(*) filter (where in_flight and called)::int as calls,
        count(*) filter (where next = 'queued')::int as back, count(*) filter (where is_refunded)::int as unsent,
        bool_or(class = 'accepted') as accepted from hit group by 1) x
    cross join lateral (select o.ctid as place, o.* from lane o where o.account_id = x.account_id limit 1) c
    cross join lateral add_to_window(c.window_at, c.window_n, c.window_total, x.seconds, coalesce(x.at, t), x.calls, t) w
    where l.ctid = c.place)
  select array_agg((h.token, h.id, h.account_id, h.conversation_id, h.status, h.ready_at, h.has_evidence)::settled_call)
    into settled from hit h;
  return coalesce(settled, '{}');
end $$;

-- Recomputes messages from their attempts: the newest attempt decides, and positive evidence of any attempt beats it. What is
-- queued again, or was cancelled or expired, is moved by positive evidence only. p_by_hand: it is a person who says so, and
-- not the channel. The caller sees to the open rows.
create function settle_messages(p_messages uuid[], t timestamptz, p_by_hand boolean default false) returns void
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  with seen as materialized (
    select m.id, m.status as before, not p_by_hand and (m.status = 'failed' and m.error_code = 'unknown_outcome'
        or m.status = 'unknown' and o.resolve_by is null or m.status in ('cancelled', 'expired')) as late,
      x.status as after, x.code, x.title, x.failed_at, y.*
    from (select distinct id from unnest(p_messages) id) u
    cross join lateral (select * from message m where m.id = u.id limit 1) m
    left join lateral (select * from open_message o where o.id = u.id limit 1) o on true
    cross join lateral (
      select a.status, a.code, a.title, a.failed_at from attempt a
      where a.token > m.id and a.token <= token_of(m.id, 65535) and (a.status in ('sent', 'delivered', 'read', 'played')
        or a.status = 'failed' and m.status not in ('scheduled', 'queued', 'cancelled', 'expired')
          and a.number = greatest(o.fence, (select max(k.number) from attempt k where k.token > m.id and k.token <= token_of(m.id, 65535))))
      order by evidence_rank(a.status) desc, a.number desc limit 1) x -- @mutant evidence-rank
    cross join lateral (
      -- When it was sent for good, where one call came to nothing and a later one was taken.
      select coalesce(min(least(a.sent_at, a.delivered_at, a.read_at, a.played_at)) filter (where a.status <> 'failed'),
          min(a.sent_at)) as sent_at,
        min(least(a.delivered_at, a.read_at, a.played_at)) as delivered_at,
        min(least(a.read_at, a.played_at)) as read_at, min(a.played_at) as played_at,
        (array_agg(a.channel_message_id order by a.number desc) filter (where a.channel_message_id is not null))[1] as channel_message_id
      from attempt a where a.token > m.id and a.token <= token_of(m.id, 65535)) y),
  moved as (
    -- The channel's times have whole seconds, so they may lie before what they follow.
    update message m set status = s.after,
      sent_at = case when s.sent_at is not null then greatest(m.created_at, s.sent_at) end,
      delivered_at = case when s.delivered_at is not null then greatest(m.created_at, s.delivered_at) end,
      read_at = case when s.read_at is not null then greatest(m.created_at, s.read_at) end,
      played_at = case when s.played_at is not null then greatest(m.created_at, s.played_at) end,
      failed_at = case when s.after = 'failed' then s.failed_at end,
      error_code = case when s.after = 'failed' then s.code end, error_title = case when s.after = 'failed' then s.title end,
      channel_message_id = coalesce(s.channel_message_id, m.channel_message_id),
      event_count = m.event_count + (s.before <> s.after)::int + (s.late and s.before <> s.after)::int
    from seen s where m.id = any (p_messages) and m.id = s.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, s.before, s.after, s.late, m.error_code, m.error_title)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
  select workspace_id, 'message.' || after, account_id, id, event_count - late::int,
    case when after = 'failed' then jsonb_build_object('code', error_code, 'title', error_title) else '{}' end, t
  from moved where before <> after
  union all
  select workspace_id, 'message.reconciled', account_id, id, event_count, jsonb_build_object('from', before, 'to', after), t
  from moved where before <> after and late;
end $$;

-- Stores the accepted ones of a batch, each with its open row: what may leave at once begins in the same COMMIT, claimed as
-- its first attempt; everything else is queued, or scheduled. Gives which have begun, in order. p_channels: those whose
-- messages may begin. Nothing begins that would overtake what is ready in its account, or asks for more than a glance.
create function store_messages(p_lanes lane_limits[], t timestamptz, p_workspace uuid[], p_account uuid[], p_address text[],
  p_priority smallint[], p_type text[], p_content jsonb[], p_id uuid[], p_contact uuid[], p_conversation uuid[],
  p_created_by uuid[], p_send_at timestamptz[], p_expires_at timestamptz[], p_on_unknown text[], p_batch uuid[],
  p_outcome text[], p_idle boolean[], p_channels text[], p_runner text, p_lease interval) returns boolean[]
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
declare begun boolean[];
begin
  with u as materialized (
    select *, nextval('message_seq') as seq, coalesce(at > t, false) as later
    from unnest(p_workspace, p_account, p_address, p_priority, p_type, p_content, p_id, p_created_by, p_send_at, p_expires_at,
      p_on_unknown, p_batch, p_outcome, p_contact, p_conversation, p_idle)
      with ordinality u(w, a, addr, pr, ty, co, m, cb, at, ex, ou, ba, o, c, cv, idle, n)),
  r as materialized (
    select u.*, l.slots, l.left_today, l.today, u.o = 'accepted' and u.idle and not u.later
        and row_number() over (partition by u.cv, u.later order by u.pr, u.n) = 1 as head,
      l.channel = any (p_channels) and l.jitter_ms = 0 and (l.quiet_until is null or u.pr = 0)
        and (l.ready is null or u.pr < l.ready)
        and (l.recipient_wait is null or v.recipient_full_at <= t + l.recipient_wait) -- @mutant fuse-recipient
        and (l.left_new is null or v.opened_on = l.today or v.last_received_at >= t - interval '24 hours') is true as clear
    from u left join unnest(p_lanes) l on l.account_id = u.a
    left join lateral (select o.* from conversation o
      where (l.recipient_wait is not null or l.left_new is not null) and o.id = u.cv limit 1) v on true),
  s as materialized (
    select r.*, r.head and r.clear and row_number() over (partition by r.a, r.head and r.clear order by r.pr, r.n)
      <= least(r.slots, r.left_today) as go from r),
  stored as (
    insert into message (id, seq, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
      status, priority, send_at, expires_at, on_unknown, batch_id, created_by, event_count, created_at)
    select m, seq, w, a, cv, coalesce(c, raise_serialization_failure()), 'outbound', addr, ty, co,
      case when go then 'sending' when later then 'scheduled' else 'queued' end, pr, at, ex, ou, ba, cb, 1 + go::int, t
    from s where o = 'accepted'),
  opened as (
    insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at, expires_at,
      on_unknown, fence, runner, started_at, lease_until)
    select m, seq, w, a, cv, pr, case when go then 'sending' when later then 'scheduled' else 'queued' end, head,
      case when later then at else t end, ex, ou, go::int, case when go then p_runner end, case when go then t end,
      case when go then t + p_lease end from s where o = 'accepted'),
  counted as (
    update lane l set queued = l.queued + x.n - x.go, in_flight = l.in_flight + x.go,
      claimed_at = case when x.go > 0 then t else l.claimed_at end,
      sent = case when l.day = x.today then l.sent else 0 end + x.go,
      conversations_opened = case when l.day = x.today then l.conversations_opened else 0 end, day = x.today
    from (select a, today, count(*) filter (where not later)::int as n, count(*) filter (where go)::int as go
      from s where o = 'accepted' group by 1, 2) x
    cross join lateral (select o.ctid as place from lane o where o.account_id = x.a limit 1) p where l.ctid = p.place),
  talked as (
    update conversation v set last_message_at = greatest(v.last_message_at, t), sent_count = v.sent_count + x.n
    from (select cv, count(*)::int as n from s where o = 'accepted' group by cv order by cv) x where v.id = x.cv),
  fact as (
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select w, case when later then 'message.scheduled' else 'message.queued' end, a, m, 1, '{}'::jsonb, t from s
      where o = 'accepted'
    union all select w, 'message.sending', a, m, 2, '{"attempt": 1}', t from s where go)
  select array_agg(s.go is true order by s.n) into begun from s;
  return begun;
end $$;

-- Takes the idempotency keys of a batch, for 24 hours each. A key that another message has stays with it.
create function take_keys(p_workspace uuid[], p_key text[], p_hash bytea[], p_id uuid[], t timestamptz) returns void
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  -- Looked up one by one, by the key: no kept plan may go through the others.
  delete from idempotency i where i.created_at < t - interval '24 hours' and i.ctid = any (array(
    select o.place from unnest(p_workspace, p_key) u(w, k) cross join lateral (
      select o.ctid as place from idempotency o where o.workspace_id = u.w and o.operation = 'messages.create' and o.key = u.k
        and o.created_at < t - interval '24 hours' limit 1) o));
  insert into idempotency (workspace_id, operation, key, hash, resource_id, created_at)
    select w, 'messages.create', k, h, m, t from unnest(p_workspace, p_key, p_hash, p_id) u(w, k, h, m)
    where k is not null order by w, k on conflict do nothing;
end $$;

-- The token of the p_n-th attempt of a message: the id of the message, whose last two bytes are zero, with that number.
-- Number 0 gives the id of the message that a token is of.
create function token_of(p_id uuid, p_n int) returns uuid language sql immutable parallel safe
as $$ select (left(p_id::text, 32) || lpad(to_hex(p_n), 4, '0'))::uuid $$;

set local check_function_bodies = on;
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
  -- One claim at a time an account, in a statement of its own: those below then see all that earlier claims have committed.
  perform pg_advisory_xact_lock(hashtextextended(p_account::text, 3));
  t := clock(p_now);
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
  t timestamptz := clock(p_now); found_media media; numbered int;
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
  with t as materialized (select clock(p_now) - interval '25 hours' as since),
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
