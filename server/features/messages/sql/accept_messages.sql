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
  p_context jsonb[], p_campaign uuid[], p_seen uuid[], p_routes text[], p_runner text, p_lease interval)
returns table (outcome text, message_id uuid, contact_id uuid, conversation_id uuid, created_at timestamptz,
  send_at timestamptz, expires_at timestamptz, account_phone text, status_reason text,
  midnight timestamptz, midnight_in_ms double precision,
  claimed boolean, warnings text[], phone_number_id text, channel text, retry_attempts int, retry_delay_ms int)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  lanes lane_limits[]; t timestamptz; requests accept_request[]; targets accept_target[];
  has_keys boolean := array_remove(p_key, null) <> '{}';
begin
  -- A file in deletion is gone by now, or its deletion waits for us and then sees the message. Lock files first: a
  -- transaction that holds a file lock waits for no lock of ours.
  if array_remove(p_media, null) <> '{}' then
    perform 1 from media where id = any (p_media) order by id for key share;
  end if;
  lanes := array(select l from lock_lanes(p_account, p_now) l);
  t := coalesce(lanes[1].now, clock(p_now));
  requests := array(select row(u.w, u.a, u.k, u.h, u.addr, u.p, u.ty, u.co, u.m, u.cb, u.s,
      coalesce(u.e, greatest(t, coalesce(u.s, t)) + u.v * interval '1 second'), u.ou, u.ow, u.ca, u.ba, u.re, u.me,
      u.f, u.cx, u.cp, u.sn)::accept_request
    from unnest(p_workspace, p_account, p_key, p_hash, p_address, p_priority, p_type, p_content, p_id, p_created_by,
      p_send_at, p_expires_at, p_valid_for, p_on_unknown, p_on_window, p_category, p_batch, p_reference, p_metadata,
      p_media, p_context, p_campaign, p_seen) with ordinality
      u(w, a, k, h, addr, p, ty, co, m, cb, s, e, v, ou, ow, ca, ba, re, me, f, cx, cp, sn, n) order by u.n);
  if has_keys then perform take_keys(p_workspace, p_key, p_hash, p_id, t); end if;
  targets := judge_requests(p_again, lanes, t, requests, find_conversations(requests));
  if array_remove(p_seen, null) <> '{}' then targets := refuse_unseen(requests, targets); end if;
  if has_keys then
    perform free_keys(p_workspace, p_key, p_id, array(select o.outcome from unnest(targets) o));
  end if;
  if (select true from unnest(targets) o where o.outcome = 'accepted' limit 1) then
    if (select true from unnest(targets) o where o.conversation_id is null and o.outcome = 'accepted' limit 1) then
      perform ensure_conversations(p_workspace, p_account, p_address, p_contact, p_conversation,
        array(select o.outcome from unnest(targets) o), t);
      targets := find_conversations(requests, targets);
    end if;
    targets := store_messages(lanes, t, requests, targets, expected_charges(requests, targets, t), p_routes, p_runner,
      p_lease);
    if (select true from unnest(targets) o where o.outranks limit 1) then
      perform advance(array(select o.conversation_id from unnest(targets) o where o.outranks), t);
    end if;
  end if;
  return query
  select case when u.outcome = 'stored' then 'accepted' else u.outcome end,
    case when u.outcome = 'replayed' then coalesce(i.resource_id, u.id) else u.id end,
    coalesce(m.contact_id, u.contact_id), coalesce(m.conversation_id, u.conversation_id), coalesce(m.created_at, t),
    coalesce(m.send_at, u.send_at), coalesce(m.expires_at, u.expires_at), l.phone,
    case when u.outcome = 'account_not_connected' then l.status_reason end,
    case when u.outcome = 'daily_limit_reached' then l.tomorrow end,
    case when u.outcome = 'daily_limit_reached' then 1000 * extract(epoch from l.tomorrow - t)::float8 end,
    coalesce(u.begun, false), coalesce(m.warnings, case when u.send_at > t
      and coalesce(u.on_window, l.on_window_closed) <> 'send'
      and not window_open(u.heard, null, u.send_at) then '{window_may_close}'::text[] end),
    l.phone_number_id, l.channel, x.retry_attempts, x.retry_delay_ms
  from unnest(requests, targets) with ordinality u
  left join unnest(lanes) l on l.account_id = u.account_id
  left join lateral (select o.* from account o where u.outcome in ('accepted', 'stored') and o.id = u.account_id
    limit 1) x on true
  left join lateral (select o.* from message o where u.outcome = 'stored' and o.id = u.id limit 1) m on true
  -- What an earlier write began has the lease of that write: reconcile releases it.
  left join lateral (select o.resource_id from idempotency o where u.outcome = 'replayed'
    and o.workspace_id = u.workspace_id and o.operation = 'messages.create' and o.key = u.key limit 1) i on true
  order by u.ordinality;
end $$;
