-- Stores a batch of messages; each element of the arrays is one request. Returns one row per request, in order, with
-- its outcome (see judge_requests). p_again: an earlier write of the same batch had no response to its COMMIT.
-- claimed: the message began in the same COMMIT, for p_runner, and the caller must make the call (see store_messages).
-- plan: kept indexed nested
create function accept_messages(
  p_again boolean, p_now timestamptz, p_workspace uuid[], p_account uuid[], p_key text[], p_hash bytea[],
    p_address text[],
  p_priority smallint[], p_type text[], p_content jsonb[], p_id uuid[], p_contact uuid[], p_conversation uuid[],
  p_created_by uuid[], p_send_at timestamptz[], p_expires_at timestamptz[], p_valid_for int[], p_on_unknown text[],
  p_on_window text[], p_category text[], p_batch uuid[], p_reference text[], p_metadata jsonb[], p_media uuid[],
  p_context jsonb[], p_routes text[], p_runner text, p_lease interval)
returns table (outcome text, message_id uuid, contact_id uuid, conversation_id uuid, created_at timestamptz,
  send_at timestamptz, expires_at timestamptz, account_phone text, status_reason text,
  midnight timestamptz, midnight_in_ms double precision,
  claimed boolean, warnings text[], phone_number_id text, channel text, retry_attempts int, retry_delay_ms int)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  lanes lane_limits[]; t timestamptz; expiries timestamptz[]; outcomes text[]; begun boolean[];
  contacts uuid[]; conversations uuid[]; idle boolean[]; outranked uuid[]; heard timestamptz[]; opt_outs text[];
  has_keys boolean := array_remove(p_key, null) <> '{}';
begin
  -- A file in deletion is gone by now, or its deletion waits for us and then sees the message. Lock files first: a
  -- transaction that holds a file lock waits for no lock of ours.
  if array_remove(p_media, null) <> '{}' then
    perform 1 from media where id = any (p_media) order by id for key share;
  end if;
  lanes := array(select l from lock_lanes(p_account, p_now) l);
  t := coalesce(lanes[1].now, clock(p_now));
  expiries := array(select coalesce(u.e, greatest(t, coalesce(u.s, t)) + u.v * interval '1 second')
    from unnest(p_send_at, p_expires_at, p_valid_for) with ordinality u(s, e, v, n) order by u.n);
  if has_keys then perform take_keys(p_workspace, p_key, p_hash, p_id, t); end if;
  select f.* into contacts, conversations, idle, outranked, heard, opt_outs
    from find_conversations(p_workspace, p_account, p_address, p_priority) f;
  outcomes := judge_requests(p_again, lanes, t, p_workspace, p_account, p_key, p_hash, p_id, p_priority, p_send_at,
    expiries, p_media, p_on_window, p_category, heard, opt_outs, p_batch);
  if has_keys then perform free_keys(p_workspace, p_key, p_id, outcomes); end if;
  if 'accepted' = any (outcomes) then
    if (select true from unnest(conversations, outcomes) u(cv, o) where u.cv is null and u.o = 'accepted' limit 1) then
      perform ensure_conversations(p_workspace, p_account, p_address, p_contact, p_conversation, outcomes, t);
      select f.* into contacts, conversations, idle, outranked, heard, opt_outs
        from find_conversations(p_workspace, p_account, p_address, p_priority) f;
    end if;
    begun := store_messages(lanes, t, p_workspace, p_account, p_address, p_priority, p_type, p_content, p_id, contacts,
      conversations, p_created_by, p_send_at, expiries, p_on_unknown, p_batch, p_reference, p_metadata, p_context,
      outcomes, idle, p_on_window, p_category, heard, p_routes, p_runner, p_lease);
    if outranked is not null then perform advance(outranked, t); end if;
  end if;
  return query
  select case when u.o = 'stored' then 'accepted' else u.o end, case when u.o = 'replayed'
    then coalesce(i.resource_id, u.m) else u.m end,
    coalesce(m.contact_id, u.c), coalesce(m.conversation_id, u.cv), coalesce(m.created_at, t),
    coalesce(m.send_at, u.s), coalesce(m.expires_at, u.e), l.phone,
    case when u.o = 'account_not_connected' then l.status_reason end,
    case when u.o = 'daily_limit_reached' then l.tomorrow end,
    case when u.o = 'daily_limit_reached' then 1000 * extract(epoch from l.tomorrow - t)::float8 end,
    coalesce(u.go, false), coalesce(m.warnings, case when u.s > t and coalesce(u.ow, l.on_window_closed) <> 'send'
      and not window_open(u.he, null, u.s) then '{window_may_close}'::text[] end),
    l.phone_number_id, l.channel, x.retry_attempts, x.retry_delay_ms
  from unnest(p_id, p_account, p_workspace, p_key, p_send_at, expiries, outcomes, contacts, conversations, begun,
    p_on_window, heard) with ordinality u(m, a, w, k, s, e, o, c, cv, go, ow, he, n)
  left join unnest(lanes) l on l.account_id = u.a
  left join lateral (select o.* from account o where u.o in ('accepted', 'stored') and o.id = u.a limit 1) x on true
  left join lateral (select o.* from message o where u.o = 'stored' and o.id = u.m limit 1) m on true
  -- What an earlier write began has the lease of that write: reconcile releases it.
  left join lateral (select o.resource_id from idempotency o where u.o = 'replayed'
    and o.workspace_id = u.w and o.operation = 'messages.create' and o.key = u.k limit 1) i on true
  order by u.n;
end $$;
