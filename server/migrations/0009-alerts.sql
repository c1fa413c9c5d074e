-- Alerts: rules, what each of them watches, and the alerts that they gave.

-- accounts: those that it watches; null for all. It fires above fire_above and clears below clear_below, for_s and keep_s
-- seconds long. minimum: of fewer there is no data. window_s: the time that it looks back. people: who is
-- told; null for owners and admins. seen: what the last round saw, for its line in the list.
create table alert_rule (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  signal text not null,
  enabled boolean not null default true,
  accounts uuid[],
  fire_above float8 not null,
  clear_below float8 not null,
  minimum int not null default 0,
  window_s int not null default 0,
  for_s int not null default 0,
  keep_s int not null default 0,
  severity text not null check (severity in ('notice', 'warning', 'critical')),
  note text,
  people uuid[],
  muted_until timestamptz,
  seen jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index alert_rule_list on alert_rule (workspace_id, id);
create index alert_rule_signal on alert_rule (signal) where enabled;

-- The state of a rule and a subject that is not simply fine: the state machine of the rounds. changes: when it began to
-- fire and ceased to, in the last hour.
create table alert_watch (
  rule_id uuid not null references alert_rule on delete cascade,
  subject_id uuid not null,
  workspace_id uuid not null,
  state text not null check (state in ('ok', 'pending', 'firing', 'clearing', 'no_data')),
  since timestamptz not null,
  changes timestamptz[] not null default '{}',
  primary key (rule_id, subject_id)
) with (fillfactor = 70);
create index alert_watch_workspace on alert_watch (workspace_id);

-- An alert, from the time when it began to fire until it cleared. subject: its name at that time, for the history.
-- unstable: it fires and clears again and again, and stays one alert. value, n and detail: of the last round. note: of who
-- took it. rule_id: null once the rule is gone.
create table alert (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  rule_id uuid references alert_rule on delete set null,
  signal text not null,
  severity text not null,
  subject_kind text not null check (subject_kind in ('account', 'endpoint', 'template', 'workspace')),
  subject_id uuid not null,
  subject text not null,
  account_id uuid,
  value float8 not null,
  n bigint,
  detail jsonb not null default '{}',
  began_at timestamptz not null,
  cleared_at timestamptz,
  -- When somebody was told last.
  told_at timestamptz not null,
  unstable boolean not null default false,
  taken_by_kind text check (taken_by_kind in ('person', 'api_key')),
  taken_by uuid,
  taken_at timestamptz,
  note text,
  muted_until timestamptz,
  muted_by_kind text check (muted_by_kind in ('person', 'api_key')),
  muted_by uuid
);
create unique index alert_open on alert (rule_id, subject_id) where cleared_at is null;
create index alert_list on alert (workspace_id, id);
create index alert_firing on alert (workspace_id, id) where cleared_at is null;
create index alert_rule_history on alert (rule_id, id);
create index alert_age on alert (cleared_at) where cleared_at is not null;

-- One row: when the last round was. Its lock makes the rounds of all workers one after the other.
create table alert_round (
  id int primary key default 1 check (id = 1),
  at timestamptz not null
) with (fillfactor = 50);

-- Where alerts go. target: what people see of the address. settings: addresses and secrets, encrypted. tells: severities,
-- and "cleared". account_id: of a channel of WhatsApp, who writes; never about itself. failing_since and error: of its
-- last delivery. The channels app and email are there from the start, and once.
create table alert_channel (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  kind text not null check (kind in ('app', 'email', 'webhook', 'slack', 'telegram', 'ntfy', 'whatsapp')),
  name text not null,
  target text,
  settings text,
  account_id uuid,
  tells text[] not null,
  enabled boolean not null default true,
  last_at timestamptz,
  failing_since timestamptz,
  error text,
  created_by_kind text not null check (created_by_kind in ('person', 'api_key', 'system')),
  created_by uuid not null,
  created_at timestamptz not null
);
create unique index alert_channel_built_in on alert_channel (workspace_id, kind) where kind in ('app', 'email');
create index alert_channel_list on alert_channel (workspace_id, id);

-- What a channel is to tell, and how that went. topic: the account or other subject; what begins about one topic within
-- the time of grouping is one delivery, which gathers until a worker takes it for the first time. person_id: whom an
-- e-mail is to. instead_of: the channel that did not take it.
create table alert_delivery (
  id uuid primary key,
  workspace_id uuid not null,
  channel_id uuid not null references alert_channel on delete cascade,
  person_id uuid,
  topic uuid not null,
  news text not null check (news in ('firing', 'repeat', 'unstable', 'cleared', 'test')),
  alerts uuid[] not null,
  critical boolean not null,
  instead_of text,
  state text not null check (state in ('waiting', 'sending', 'sent', 'failed')),
  attempts int not null default 0,
  gathers boolean not null default true,
  due_at timestamptz not null,
  lease_until timestamptz,
  error text,
  duration_ms int,
  created_at timestamptz not null,
  ended_at timestamptz
);
create unique index alert_delivery_group on alert_delivery (channel_id, news, topic, person_id) nulls not distinct
  where gathers and news <> 'test';
create index alert_delivery_due on alert_delivery (channel_id, due_at) where state in ('waiting', 'sending');
create index alert_delivery_list on alert_delivery (workspace_id, id);
create index alert_delivery_age on alert_delivery (ended_at) where ended_at is not null;

-- How a workspace groups and repeats, and the address that is called every minute, encrypted. No row: as usual.
create table alert_setting (
  workspace_id uuid primary key references workspace,
  group_s int not null default 30,
  repeat_s int not null default 14400,
  ping_url text,
  ping_host text,
  pinged_at timestamptz,
  ping_status int,
  ping_error text,
  ping_ms int
);

-- The hours in which a person gets only what is critical, by the clock of their time zone.
create table alert_quiet (
  workspace_id uuid not null references workspace,
  person_id uuid not null references person,
  quiet_from time not null,
  quiet_until time not null,
  time_zone text not null,
  primary key (workspace_id, person_id)
);

create function alert_event() returns trigger language plpgsql as $$
begin
  perform append_event(new.workspace_id, 'alert.' || tg_argv[0], new.account_id,
    jsonb_build_object('alert_id', new.id, 'signal', new.signal, 'severity', new.severity, 'subject', new.subject,
      'value', new.value), case tg_argv[0] when 'firing' then new.began_at when 'cleared' then new.cleared_at
      else new.taken_at end);
  return null;
end $$;
create trigger alert_firing_event after insert on alert for each row execute function alert_event('firing');
create trigger alert_cleared_event after update on alert for each row
  when (old.cleared_at is null and new.cleared_at is not null) execute function alert_event('cleared');
create trigger alert_taken_event after update on alert for each row
  when (new.taken_at is not null and old.taken_at is distinct from new.taken_at) execute function alert_event('taken');

grant select, insert, update, delete on alert_rule, alert_watch, alert, alert_round, alert_channel,
  alert_delivery, alert_setting, alert_quiet to recado_engine;
-- Of a caller who is limited to some accounts, the alerts about these and about no account, and the rules of these.
do $$
declare t text;
  own text := 'workspace_id = (select own_workspace())';
begin
  foreach t in array '{alert_rule,alert_watch,alert,alert_channel,alert_delivery,alert_setting,alert_quiet}'::text[] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy engine on %I to recado_engine using (true) with check (true)', t);
    execute format('create policy api on %I to recado_api using (%s) with check (%2$s)', t, own || case
      when t in ('alert', 'alert_channel') then ' and ((select every_account()) or account_id is null
        or account_id = any ((select own_accounts())::uuid[]))'
      when t = 'alert_rule' then ' and ((select every_account()) or accounts is null
        or accounts <@ (select own_accounts())::uuid[])' else '' end);
    execute format('grant select, insert, update, delete on %I to recado_api', t);
  end loop;
end $$;
