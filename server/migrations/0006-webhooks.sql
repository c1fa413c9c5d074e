-- Outgoing webhooks: endpoints, the deliveries of events to them, and the attempts that failed.

-- event_types: types and groups (message.*); null for all. accounts: null for all. permissions: what the one who chose the
-- events could see; the endpoint gets no event beyond. headers and the secrets are encrypted. former_secrets is an
-- encrypted list of secrets that sign too, each until its time, and the last until former_until. from_xid and seen_before: events of older transactions, and these events, came before the endpoint. A
-- restore sets from_xid to its own transaction, and event_listener says which of the restored events are done.
create table endpoint (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  url text not null,
  description text,
  event_types text[],
  accounts uuid[],
  permissions text[] not null,
  filter jsonb,
  headers text,
  header_names text[] not null default '{}',
  format text not null default 'recado' check (format in ('recado')),
  rate_messages int,
  rate_seconds int,
  concurrency int not null default 10,
  status text not null default 'active' check (status in ('active', 'paused', 'disabled')),
  disabled_reason text check (disabled_reason in ('gone', 'failing', 'access_lost')),
  secret text not null,
  former_secrets text,
  former_until timestamptz,
  from_xid xid8 not null default pg_snapshot_xmin(pg_current_snapshot()),
  seen_before bigint[] not null default '{}',
  creator_kind text not null check (creator_kind in ('person', 'api_key')),
  created_by uuid not null,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create index endpoint_list on endpoint (workspace_id, id);
create index endpoint_creator on endpoint (created_by);

-- The lane of an endpoint: the lock of its deliveries, and who posts them. runner: the process that posts, until
-- lease_until or its end. tat: when the next request may begin, for the rate limit. held_until: the endpoint asked for a
-- pause with Retry-After. told_at: when an event told last that it fails. erasures: counts the transactions that erased
-- something in the workspace, so that no body of before is posted.
create table delivery_lane (
  endpoint_id uuid primary key,
  workspace_id uuid not null,
  runner uuid,
  lease_until timestamptz not null default '-infinity',
  tat timestamptz not null default '-infinity',
  held_until timestamptz not null default '-infinity',
  consecutive_failures int not null default 0,
  failing_since timestamptz,
  told_at timestamptz not null default '-infinity',
  erasures bigint not null default 0
) with (fillfactor = 50);

-- An event for an endpoint, until it is delivered or given up. seq gives the order; its public id is made of seq and
-- created_at. order_key: the conversation of the event, else its account, else its workspace. head: the one delivery of
-- its key that may be attempted. round: the attempts since it was queued, or queued again by hand. woken: a success of
-- another one has made it due early.
create table open_delivery (
  seq bigint generated always as identity,
  workspace_id uuid not null,
  endpoint_id uuid not null,
  event_id bigint not null,
  event_at timestamptz not null,
  event_type text not null,
  account_id uuid,
  order_key uuid not null,
  replay_id uuid,
  head boolean not null,
  woken boolean not null default false,
  attempts int not null default 0,
  round int not null default 0,
  due_at timestamptz not null,
  created_at timestamptz not null,
  http_status int,
  error text,
  primary key (endpoint_id, seq)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 20000);
create unique index open_delivery_head on open_delivery (endpoint_id, order_key) where head;
create index open_delivery_due on open_delivery (endpoint_id, due_at, seq) where head;
create index open_delivery_next on open_delivery (endpoint_id, order_key, seq);

-- The same once it is over. started_at, duration_ms and excerpt are of the attempt that succeeded, if one did.
create table ended_delivery (
  seq bigint not null,
  workspace_id uuid not null,
  endpoint_id uuid not null,
  event_id bigint not null,
  event_at timestamptz not null,
  event_type text not null,
  account_id uuid,
  order_key uuid not null,
  replay_id uuid,
  status text not null check (status in ('succeeded', 'failed')),
  attempts int not null,
  duration_ms int,
  started_at timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz not null,
  http_status int,
  error text,
  excerpt text,
  primary key (endpoint_id, seq)
);
create index ended_delivery_failed on ended_delivery (endpoint_id, seq) where status = 'failed';
-- To forget what was answered to an event that is erased.
create index ended_delivery_answer on ended_delivery (event_id) where excerpt is not null;

-- Both, for readers.
create view delivery with (security_invoker = true) as
  select d.seq, d.workspace_id, d.endpoint_id, d.event_id, d.event_at, d.event_type, d.account_id, d.replay_id,
    'waiting' as status, d.head, d.round, d.attempts, d.http_status, d.error, d.due_at, d.created_at,
    null::timestamptz as ended_at
  from open_delivery d
  union all
  select d.seq, d.workspace_id, d.endpoint_id, d.event_id, d.event_at, d.event_type, d.account_id, d.replay_id,
    d.status, false, 0, d.attempts, d.http_status, d.error, null, d.created_at, d.ended_at
  from ended_delivery d;

-- An attempt that failed.
create table delivery_attempt (
  endpoint_id uuid not null,
  delivery_seq bigint not null,
  number int not null,
  workspace_id uuid not null,
  event_id bigint not null,
  started_at timestamptz not null,
  duration_ms int not null,
  http_status int,
  error text,
  excerpt text,
  next_at timestamptz,
  primary key (endpoint_id, delivery_seq, number)
);
create index delivery_attempt_answer on delivery_attempt (event_id) where excerpt is not null;

-- Work in pieces: events of a time that are delivered again, or failed deliveries that are attempted again. after: the
-- event or the delivery that was examined last. after_xid: the transaction of that event; of no use in a recovery.
create table endpoint_replay (
  id uuid primary key,
  workspace_id uuid not null,
  endpoint_id uuid not null,
  kind text not null check (kind in ('replay', 'recover')),
  from_at timestamptz not null,
  until_at timestamptz not null,
  event_types text[],
  after_xid xid8 not null default pg_current_xact_id(),
  after bigint not null default 0,
  examined bigint not null default 0,
  queued bigint not null default 0,
  created_by uuid not null,
  created_at timestamptz not null,
  ended_at timestamptz
);
create index endpoint_replay_running on endpoint_replay (created_at) where ended_at is null;
create index endpoint_replay_endpoint on endpoint_replay (endpoint_id);

-- How far a reader of the event log is. It moves in the transaction of the reader's effect. Backups have no transaction
-- ids: after a restore, xid is that of the restore, as it is of all restored events, and event_id tells which are done.
create table event_listener (
  name text primary key,
  xid xid8 not null default pg_current_xact_id(),
  event_id bigint not null
) with (fillfactor = 50);

grant select, insert, update, delete on endpoint, delivery_lane, open_delivery, ended_delivery, delivery_attempt,
  endpoint_replay, event_listener to recado_engine;
grant select on delivery to recado_api, recado_engine;
-- Of a caller who is limited to some accounts, the endpoints of these accounts only.
do $$
declare t text;
  own text := 'workspace_id = (select own_workspace())';
begin
  foreach t in array '{endpoint,delivery_lane,open_delivery,ended_delivery,delivery_attempt,endpoint_replay}'::text[] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy engine on %I to recado_engine using (true) with check (true)', t);
    execute format('create policy api on %I to recado_api using (%s) with check (%2$s)', t, own || case t
      when 'endpoint' then ' and ((select every_account()) or accounts <@ (select own_accounts())::uuid[])'
      else ' and endpoint_id in (select id from endpoint)' end);
    execute format('grant select, insert, update, delete on %I to recado_api', t);
  end loop;
end $$;
