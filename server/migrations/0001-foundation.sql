-- The tables of the platform. Every row of a tenant carries its workspace.
create extension if not exists pg_trgm with schema public;

-- People and sessions ---------------------------------------------------------

create table workspace (
  id uuid primary key,
  name text not null,
  -- How long messages are kept once nothing more can become of them. Null for ever.
  keep_messages_days int check (keep_messages_days > 0),
  -- The same for files that were uploaded, once no message needs them any more.
  keep_media_days int check (keep_media_days > 0),
  -- Conversations that nobody waits in close after so many days without a message. Null: they stay open.
  auto_close_days int check (auto_close_days > 0),
  -- What people choose from when they close a conversation.
  close_reasons text[] not null default '{}',
  created_at timestamptz not null default now()
);

-- totp_secret is sealed. It counts once totp_confirmed_at is set; totp_step is the newest step that was used, so that
-- no code works twice. A secret of totp_begun_at that is not confirmed soon is good for nothing.
create table person (
  id uuid primary key,
  email text not null unique,
  name text not null,
  password_hash text not null,
  totp_secret text,
  totp_begun_at timestamptz,
  totp_confirmed_at timestamptz,
  totp_step bigint not null default 0,
  -- Since when the operator keeps the person out of every workspace.
  disabled_at timestamptz,
  created_at timestamptz not null default now()
);

create table recovery_code (
  person_id uuid not null references person,
  hash bytea not null,
  primary key (person_id, hash)
);

-- accounts: those that a member is limited to. Null for all.
create table membership (
  workspace_id uuid not null references workspace,
  person_id uuid not null references person,
  role text not null check (role in ('owner', 'admin', 'agent', 'viewer')),
  accounts uuid[],
  -- Which conversations the person reads: all, those of their teams, or their own.
  conversations text not null default 'all' check (conversations in ('all', 'team', 'own')),
  sees_numbers boolean not null default true,
  disabled_at timestamptz,
  -- Who has left stays as the name beside what they did.
  removed_at timestamptz,
  -- When a session in it was last opened: the next login leads there.
  used_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (workspace_id, person_id)
);
create index membership_person on membership (person_id);

create table setup_token (
  hash bytea primary key,
  created_at timestamptz not null default now()
);

create table invitation (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  email text not null,
  role text not null check (role in ('owner', 'admin', 'agent', 'viewer')),
  accounts uuid[],
  conversations text not null default 'all' check (conversations in ('all', 'team', 'own')),
  sees_numbers boolean not null default true,
  hash bytea not null unique,
  invited_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz
);
create index invitation_list on invitation (workspace_id, id);

-- At most one for each person; it is gone once it was used. made_by: who handed it over; null where it was mailed.
create table password_reset (
  person_id uuid primary key references person,
  hash bytea not null unique,
  made_by uuid,
  expires_at timestamptz not null
);

create table session (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  person_id uuid not null references person,
  address text,
  user_agent text,
  created_at timestamptz not null,
  -- When its tokens were last renewed.
  renewed_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index session_person on session (person_id, id);
create index session_workspace on session (workspace_id, id);

-- Each works once; one that comes a second time ends its session.
create table refresh_token (
  hash bytea primary key,
  session_id uuid not null references session on delete cascade,
  created_at timestamptz not null,
  used_at timestamptz
);
create index refresh_token_session on refresh_token (session_id);

-- subject: the address that logins come from, or the person that they are for. under_way: what comes of the try is not
-- known yet; it counts as failed until then.
create table login_failure (
  id bigint generated always as identity primary key,
  subject text not null,
  failed_at timestamptz not null,
  under_way boolean not null default false
);
create index login_failure_recent on login_failure (subject, id);

-- hint: the beginning of the key, by which people know it again. accounts and addresses: null for all.
create table api_key (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  hash bytea not null unique,
  hint text not null,
  test boolean not null,
  scopes text[] not null,
  sees_numbers boolean not null default true,
  accounts uuid[],
  addresses inet[],
  created_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index api_key_list on api_key (workspace_id, id);

-- Figures for a screen, which a link shows without a login. accounts: null for all.
create table wall_view (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  hash bytea not null unique,
  accounts uuid[],
  time_zone text not null,
  creator_kind text not null check (creator_kind in ('person', 'api_key')),
  created_by uuid not null,
  created_at timestamptz not null,
  last_shown_at timestamptz
);
create index wall_view_list on wall_view (workspace_id, id);

-- Who did what to what, from where. Rows are added and never changed. workspace_id is null where nobody's workspace is
-- meant, like a login with an address that nobody has.
create table audit_entry (
  id bigint generated always as identity primary key,
  -- What the API shows as the id: it says nothing of how many entries others have.
  public_id uuid not null default gen_random_uuid(),
  -- Of which transaction it is, so that an export can say what there was at its beginning.
  xid xid8 not null default pg_current_xact_id(),
  workspace_id uuid,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('person', 'api_key', 'nobody', 'system')),
  actor_id uuid,
  -- Compared by bytes, so that those that begin alike lie together.
  action text not null collate "C",
  target_kind text,
  target_id uuid,
  address text,
  request_id text,
  detail jsonb not null default '{}'
);
create index audit_entry_list on audit_entry (workspace_id, id);
create index audit_entry_actor on audit_entry (workspace_id, actor_id, id) where actor_id is not null;
create index audit_entry_target on audit_entry (workspace_id, target_id, id) where target_id is not null;
create index audit_entry_time on audit_entry (workspace_id, at);
-- Few: whether the installation ever had another workspace.
create index audit_entry_removed on audit_entry (id) where action = 'workspace.removed';
create index audit_entry_action on audit_entry (workspace_id, action, id);
-- Why somebody did it, in their words, with the contacts that it was about: nobody can change the log, so no text is in
-- it. These go when one of the contacts is erased.
create table audit_reason (
  entry bigint primary key,
  workspace_id uuid not null references workspace,
  contacts uuid[] not null,
  reason text not null
);
create index audit_reason_contacts on audit_reason using gin (contacts);
create function refuse_change() returns trigger language plpgsql as $$
begin raise exception 'the audit log is only ever added to' using errcode = '42501'; end $$;
create trigger audit_entry_stays before update or delete or truncate on audit_entry
  for each statement execute function refuse_change();

-- What people and programs asked of the API in the last week: written in batches after the answers. Many: one tree, a
-- summary by time for the sweep, and no reference that each row would check.
create table request (
  id uuid not null,
  workspace_id uuid not null,
  at timestamptz not null,
  method text not null,
  path text not null,
  status smallint not null,
  code text,
  duration_ms int not null,
  caller_kind text not null check (caller_kind in ('person', 'api_key')),
  caller_id uuid not null,
  address text not null,
  request_id text not null,
  primary key (workspace_id, id)
);
create index request_refused on request (workspace_id, id) where status >= 400;
create index request_time on request using brin (at) with (autosummarize = on);

-- Accounts and lanes ----------------------------------------------------------

-- Apps at Meta, as each workspace knows them. name: the app in the URL of its webhooks, and the lane of what names no
-- account is the id. app_secret and verify_token are encrypted.
create table meta_app (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  app_id text not null,
  name text not null unique,
  app_secret text not null,
  verify_token text not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default clock_timestamp(),
  unique (workspace_id, app_id)
);

create table account (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  channel text not null,
  -- The capabilities of the channel that SQL asks for: see contract/channels.ts.
  needs_session boolean not null,
  own_ids boolean not null,
  simulated boolean not null,
  -- Which processes run its lanes: those that serve this route. It is the channel, except that an account with an open
  -- session has `<channel>:<worker>`, for the process that holds the session.
  route text not null,
  -- Null: no phone was ever linked.
  phone text,
  phone_number_id text not null,
  -- What the channel calls the business that the number is of, as far as its webhooks have told.
  business_id text,
  status text not null check (status in ('connected', 'disconnected', 'needs_attention')),
  status_reason text,
  -- The warning of a channel that still sends: needs_attention until somebody resumes.
  warning text,
  -- When the channel ended the number: disconnected until the channel or somebody resumes it.
  ended_at timestamptz,
  time_zone text not null default 'UTC',
  rate_messages int not null check (rate_messages > 0),
  rate_seconds int not null check (rate_seconds > 0),
  per_day int check (per_day > 0),
  concurrency int not null default 10 check (concurrency > 0),
  -- Conversations that we open in a day: with people who have not written for 24 hours.
  new_per_day int check (new_per_day > 0),
  -- A bucket for each recipient: so many at once, one back every so many seconds. Null for none.
  recipient_burst int check (recipient_burst > 0),
  recipient_seconds int check (recipient_seconds > 0),
  -- At most so long, at random, between two sends.
  jitter_ms int not null default 0 check (jitter_ms >= 0),
  -- From and until when, by the account's clock, only messages of high priority leave.
  quiet_from time,
  quiet_until time,
  -- The daily limit grows from warm_up_first to per_day in warm_up_days days from warm_up_start.
  warm_up_start date,
  warm_up_first int check (warm_up_first > 0),
  warm_up_days int check (warm_up_days > 0),
  -- Somebody chose to have none, so the first link begins none.
  no_warm_up boolean not null default false,
  -- What happens to what the daily limit does not allow: rejected, or held until midnight.
  on_limit text not null default 'reject' check (on_limit in ('reject', 'hold')),
  max_queued int not null default 100000 check (max_queued > 0),
  -- What becomes of an unknown outcome that no receipt has told within the window.
  on_unknown text not null default 'hold' check (on_unknown in ('hold', 'retry', 'fail')),
  unknown_window_s int not null default 600 check (unknown_window_s > 0),
  retry_attempts int not null default 4 check (retry_attempts between 1 and 20),
  retry_delay_ms int not null default 5000 check (retry_delay_ms > 0),
  undelivered_after_s int not null default 86400 check (undelivered_after_s > 0),
  -- What happens to queued messages whose template WhatsApp pauses or rejects.
  on_template_paused text not null default 'hold' check (on_template_paused in ('hold', 'fail')),
  -- Whether marketing templates go to the endpoint for marketing: with the plain one as a fallback, only, or never.
  marketing_endpoint text not null default 'prefer' check (marketing_endpoint in ('prefer', 'only', 'off')),
  -- What becomes of a free-form message while the 24-hour window of its conversation is closed; send: the channel decides.
  on_window_closed text not null default 'reject' check (on_window_closed in ('reject', 'hold', 'send')),
  -- Which of several messaging accounts of the number its messages are of. Null: the number has one.
  messaging_account_id text,
  last_receipt_at timestamptz,
  -- The app whose webhooks are about it, and its access token, encrypted; null where the configuration has them.
  meta_app_id uuid references meta_app,
  access_token text,
  credentials_changed_at timestamptz not null default clock_timestamp(),
  -- What the channel says about the number, and when it is asked again.
  verified_name text,
  name_status text,
  quality text,
  throughput text,
  messaging_limit text,
  -- Its other facts of the number and its business, by the names of the API; and the state of our webhook.
  number_facts jsonb not null default '{}',
  webhooks jsonb,
  -- The last time that the channel lowered a limit: {at, from, to}. Null after it raised one.
  limit_lowered jsonb,
  checked_at timestamptz,
  check_due_at timestamptz not null default now(),
  -- The limits that somebody set, and those of the channel. rate_messages, rate_seconds and new_per_day are what follows.
  setting_rate_messages int check (setting_rate_messages > 0),
  setting_rate_seconds int check (setting_rate_seconds > 0),
  setting_new_per_day int check (setting_new_per_day > 0),
  channel_per_second int check (channel_per_second > 0),
  channel_new_per_day int check (channel_new_per_day > 0),
  -- Until when the channel lets it begin no conversation.
  new_paused_until timestamptz,
  -- Of the channel's quota of chats with people who never wrote: what is left, and until when it holds. Null: no quota,
  -- or no end.
  new_chats_left int check (new_chats_left >= 0),
  new_chats_until timestamptz,
  -- When somebody last ended its trouble by hand: what the channel tells of before then is known.
  resumed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Whether it has the demo data of its workspace. removed: no list shows it, late receipts still find it.
  demo text check (demo in ('present', 'removed')),
  deleted_at timestamptz
);
create unique index account_demo on account (workspace_id) where demo = 'present';
create unique index account_number on account (channel, phone_number_id) where deleted_at is null;
-- What comes late for deleted ones, too.
create index account_any_number on account (channel, phone_number_id);
-- For processes that keep credentials in memory.
create index account_credentials on account (credentials_changed_at) where access_token is not null;
create index account_check on account (check_due_at) where access_token is not null and deleted_at is null;
create index account_list on account (workspace_id, id) where deleted_at is null;

-- WhatsApp Web ----------------------------------------------------------------

-- The link of an account to a phone, and who holds its session. since: of the state. wants: what its gateway is to do.
-- code: the current one to link with. credentials are encrypted. holder is the worker that has the session until
-- lease_until; the fence grows with each holder, so that nothing of an earlier one is written later. epoch counts the
-- connections. link_starts: when somebody last began to link. failures: since it was last open. open_at: when it is opened again. refused_version: the version of
-- WhatsApp Web that WhatsApp rejected. name: what the phone calls itself. rhythm: the usual pauses.
create table web_session (
  account_id uuid primary key references account,
  workspace_id uuid not null references workspace,
  state text not null default 'unlinked' check (state in
    ('unlinked', 'linking', 'connected', 'reconnecting', 'logged_out', 'banned', 'outdated', 'failed')),
  reason text,
  cause text check (cause in ('passkey_required', 'used_elsewhere', 'phone_may_keep', 'unreachable')),
  disconnect_code int,
  since timestamptz not null default clock_timestamp(),
  wants text not null default 'off' check (wants in ('off', 'link', 'on')),
  link_method text check (link_method in ('qr', 'pairing_code')),
  link_phone text,
  link_starts timestamptz[] not null default '{}',
  code jsonb,
  phone text,
  lid text,
  name text,
  linked_at timestamptz,
  consented_at timestamptz,
  consented_by_kind text,
  consented_by uuid,
  credentials text,
  holder uuid,
  fence bigint not null default 0,
  lease_until timestamptz not null default '-infinity',
  epoch bigint not null default 0,
  failures int not null default 0,
  -- How often in a row another program took the connection (440).
  replaced int not null default 0,
  open_at timestamptz,
  refused_version text,
  rhythm jsonb
) with (fillfactor = 50);
-- Few: the sessions that a gateway may take.
create index web_session_wanted on web_session (lease_until) where wants <> 'off';

-- What a session has to remember: the Signal keys of the library, and keys of ours. value is encrypted.
create table web_session_key (
  account_id uuid not null references account,
  type text not null,
  key_id text not null collate "C",
  value text not null,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (account_id, type, key_id)
);
-- To delete old ones of ours.
create index web_session_key_age on web_session_key (type, changed_at)
  where type in ('sent-message', 'known-number', 'retry', 'poll');

-- Settings of the whole installation that change while it runs.
create table installation_setting (
  name text primary key,
  value jsonb not null,
  changed_at timestamptz not null default clock_timestamp()
);

-- Templates of a business account, as the channel has them. The version grows with every change, for caches.
create table template (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  business_id text not null,
  channel_template_id text,
  name text not null,
  language text not null,
  category text not null,
  status text not null,
  reason text,
  quality text,
  parameter_format text not null default 'positional' check (parameter_format in ('named', 'positional')),
  components jsonb not null,
  version int not null default 1,
  -- The version that the queue knows: messages that use an older one have to be held or released.
  applied_version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index template_name on template (workspace_id, business_id, name, language) where deleted_at is null;
create index template_list on template (workspace_id, id);
create index template_unapplied on template (id) where applied_version < version;

-- What changed on a template, and why.
create table template_change (
  template_id uuid not null references template,
  number int not null,
  workspace_id uuid not null references workspace,
  at timestamptz not null,
  change text not null,
  old_value text,
  new_value text,
  reason text,
  primary key (template_id, number)
);

-- What an account did on past days of its own time zone, in messages that were called for and conversations that it opened
-- with them. The current day is in its lane.
create table daily_usage (
  account_id uuid not null references account,
  day date not null,
  sent int not null default 0,
  conversations_opened int not null default 0,
  primary key (account_id, day)
);

-- Apart from what is sent, so that a flood of inbound messages locks nobody who sends.
create table daily_received (
  account_id uuid not null references account,
  day date not null,
  received int not null default 0,
  primary key (account_id, day)
) with (fillfactor = 50);

-- The queue of one account. Who writes in the account's part of open_message locks this row first, in the order of the
-- accounts: that is the only lock of the engine. Only its key is indexed, so that updates are HOT.
-- The rate: calls are those in flight, and window_at and window_n say when those of the last stretch ended, and how many;
-- window_total is their sum, or more.
create table lane (
  account_id uuid primary key,
  held_until timestamptz not null default '-infinity',
  held_reason text,
  consecutive_failures int not null default 0,
  -- Calls in a row that the channel refused for an error of its own.
  refused int not null default 0,
  -- Until when the channel sends no free-form messages, no templates, no marketing templates.
  held_kinds timestamptz[] not null default '{-infinity,-infinity,-infinity}',
  -- When messages were last claimed.
  claimed_at timestamptz not null default '-infinity',
  -- Until then only messages of high priority leave.
  quiet_until timestamptz not null default '-infinity',
  window_at timestamptz[] not null default '{}',
  window_n int[] not null default '{}',
  window_total int not null default 0,
  in_flight int not null default 0,
  queued int not null default 0,
  -- The day that it is for the account, and what was used of its limits. A day that ends becomes daily_usage.
  day date,
  sent int not null default 0,
  conversations_opened int not null default 0
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

create function keep_usage() returns trigger language plpgsql as $$
begin
  insert into daily_usage as d (account_id, day, sent, conversations_opened)
    select old.account_id, old.day, old.sent, old.conversations_opened where old.sent > 0 or old.conversations_opened > 0
    on conflict (account_id, day) do update set sent = d.sent + excluded.sent,
      conversations_opened = d.conversations_opened + excluded.conversations_opened;
  return null;
end $$;
create trigger lane_day_ended after update of day on lane for each row
  when (old.day is distinct from new.day and old.day is not null) execute function keep_usage();

-- Contacts and conversations --------------------------------------------------

create table contact (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text,
  -- As those of a message.
  reference text,
  metadata jsonb,
  -- The language of the person, as somebody set it, and the values of the workspace's own fields, by key. field_sources
  -- says of each where it came from: who set it, and when. Null for none.
  language text,
  fields jsonb,
  field_sources jsonb,
  -- Since when the channel cannot deliver to the person, until they are heard of.
  unreachable_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  -- The contact of the same person that has its history now; deleted_at is set too.
  merged_into uuid references contact,
  -- The import that created it.
  import_id uuid
);
create index contact_by_import on contact (import_id, id) where import_id is not null;
create index contact_unreachable on contact (id) where unreachable_at is not null;
create index contact_merged on contact (merged_into) where merged_into is not null;
create index contact_list on contact (workspace_id, id) where deleted_at is null;
create index contact_reference on contact (workspace_id, reference, id) where reference is not null and deleted_at is null;

-- A text as searches compare it: without case and accents. Built in, unlike unaccent, and immutable, so indexes may use it.
create function folded(p_text text) returns text language sql immutable strict parallel safe as $$
  select lower(translate(regexp_replace(normalize(p_text, nfd), '[\u0300-\u036f]', '', 'g'), 'øØłŁđĐ', 'oOlLdD')) $$;
-- Every beginning, behind a space, and every end of every word of a name: a part of a word is looked up as what an end
-- begins with, and of more words the first is an end and the last a beginning. These lists are as long as what is found,
-- where most trigrams have lists as long as there are contacts.
-- In plpgsql, as its loop takes a third of the time of a query.
create function name_parts(p_name text) returns tsvector language plpgsql immutable strict parallel safe as $$
declare parts text[] = '{}'; word text;
begin
  foreach word in array string_to_array(recado.folded(p_name), ' ') loop
    for n in 1 .. length(word) loop
      parts := array_append(parts, left(substr(word, n), 32));
      if n <= 32 then parts := array_append(parts, ' ' || left(word, n)); end if;
    end loop;
  end loop;
  return array_to_tsvector(parts);
end $$;
-- The parts that all names have which have p_text somewhere in them.
create function name_query(p_text text) returns tsquery language sql immutable strict parallel safe as $$
  select string_agg('''' || case when n > 1 and n = cardinality(words) then ' ' else '' end
      || replace(replace(left(word, 32), '\', '\\'), '''', '''''') || ''''
      || case when cardinality(words) = 1 then ':*' else '' end, ' & ')::tsquery
    from string_to_array(recado.folded(p_text), ' ') words, unnest(words) with ordinality u(word, n) where word <> '' $$;
create index contact_name on contact using gin (name_parts(name)) where deleted_at is null;
-- Statistics of it would help nobody, and have every name taken apart.
alter index contact_name alter column 1 set statistics 0;

-- For the list by name: those without a name come last. A column, as row-level security keeps the place of a page from
-- an index of an expression.
alter table contact add column sort_name text collate "C" not null
  generated always as (coalesce(folded(name), chr(1114111))) stored;
create index contact_by_name on contact (workspace_id, sort_name, id) where deleted_at is null;
create index contact_by_time on contact (workspace_id, created_at, id) where deleted_at is null;
create index contact_language on contact (workspace_id, language, id) where language is not null and deleted_at is null;
create index contact_fields on contact using gin (fields jsonb_path_ops) where fields is not null and deleted_at is null;

-- The values of fields as searches compare them, up to 64 letters of each.
create function field_texts(p_fields jsonb) returns tsvector language plpgsql immutable strict parallel safe as $$
declare parts text[] = '{}'; key text; word text;
begin
  for key in select jsonb_object_keys(p_fields) loop
    continue when jsonb_typeof(p_fields -> key) not in ('string', 'number');
    word := left(recado.folded(p_fields ->> key), 64);
    if word <> '' then parts := array_append(parts, word); end if;
  end loop;
  return array_to_tsvector(parts);
end $$;
-- The query for texts that begin with p_text.
create function field_query(p_text text) returns tsquery language sql immutable strict parallel safe as $$
  select ('''' || replace(replace(left(recado.folded(p_text), 64), '\', '\\'), '''', '''''') || ''':*')::tsquery
    where recado.folded(p_text) <> '' $$;
create index contact_field_texts on contact using gin (field_texts(fields))
  where fields is not null and deleted_at is null;
alter index contact_field_texts alter column 1 set statistics 0;

-- The workspace's own fields of contacts. Values are in contact.fields under the key. deleted_at: the values are being
-- removed; those of contacts up to swept_to are gone, and the key is free once all are.
create table contact_field (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  key text not null,
  name text not null,
  type text not null check (type in ('text', 'number', 'date', 'yes_no', 'choice')),
  choices text[],
  position int not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  swept_to uuid,
  check ((choices is not null) = (type = 'choice'))
);
create unique index contact_field_key on contact_field (workspace_id, key);

-- Labels, of contacts or of conversations. deleted_at: nobody sees it, and what has it is being freed of it.
create table label (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  color text not null,
  kind text not null check (kind in ('contact', 'conversation')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index label_name on label (workspace_id, kind, folded(name)) where deleted_at is null;
create index label_deleted on label (id) where deleted_at is not null;

create table contact_label (
  label_id uuid not null references label,
  contact_id uuid not null references contact on delete cascade,
  workspace_id uuid not null,
  primary key (label_id, contact_id) include (workspace_id)
);
create index contact_label_contact on contact_label (contact_id);

-- Named groups of contacts: those that fit a filter, or those that somebody put into a list. The filter is as the API has
-- it. saved_count: how many fitted when it was saved, if they were few enough to count.
create table segment (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  kind text not null check (kind in ('filter', 'list')),
  filter jsonb,
  revision int not null default 1,
  saved_count int,
  saved_at timestamptz not null default clock_timestamp(),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  check ((filter is not null) = (kind = 'filter'))
);
create unique index segment_name on segment (workspace_id, folded(name));

create table segment_member (
  segment_id uuid not null references segment on delete cascade,
  contact_id uuid not null references contact on delete cascade,
  workspace_id uuid not null,
  primary key (segment_id, contact_id)
);
create index segment_member_contact on segment_member (contact_id);

-- How a channel reaches or names a contact: 'phone' (E.164), 'bsuid' (Meta's business-scoped user id), 'parent_bsuid'
-- (the same for all businesses of a parent company), 'username', or 'lid' (WhatsApp's own id of a person, on WhatsApp Web). Of several of a kind the newest is shown.
create table contact_address (
  workspace_id uuid not null references workspace,
  kind text not null check (kind in ('phone', 'bsuid', 'parent_bsuid', 'username', 'lid')),
  value text not null,
  contact_id uuid not null references contact,
  number bigint generated always as identity,
  primary key (workspace_id, kind, value) include (contact_id)
);
create index contact_address_contact on contact_address (contact_id);
create index contact_address_value on contact_address using gin (value gin_trgm_ops);

-- The addresses of deleted contacts, as hashes: who is erased later under one of them, is erased with these. They go with
-- the erasure.
create table former_address (
  workspace_id uuid not null,
  hash bytea not null,
  contact_id uuid not null references contact,
  primary key (contact_id, hash)
);
create index former_address_hash on former_address (workspace_id, hash);

-- How we know that a person wants messages, or wants none. The person: by a word, a button of a template, a choice in
-- WhatsApp, or the page behind a link. The channel: by a rejected marketing message. A caller: somebody who is logged in
-- (person), an API key, or an import.
create domain opt_out_source as text
  check (value in ('word', 'button', 'whatsapp', 'rejection', 'page', 'person', 'api', 'import'));

-- Who wants no messages: marketing ones, or any. On erasure the reason goes.
create table opt_out (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  contact_id uuid not null references contact,
  category text not null check (category in ('marketing', 'all')),
  reason text,
  source opt_out_source not null,
  created_by uuid,
  created_at timestamptz not null,
  unique (contact_id, category)
);
create index opt_out_list on opt_out (workspace_id, id);

-- The hashes of the addresses of deleted contacts with an opt-out: it holds for the next contact with such an address.
create table opt_out_address (
  workspace_id uuid not null,
  hash bytea not null,
  opt_out_id uuid not null references opt_out on delete cascade,
  primary key (workspace_id, hash, opt_out_id)
);
create index opt_out_address_of on opt_out_address (opt_out_id);

create function address_hash(p_workspace uuid, p_address text) returns bytea language sql immutable parallel safe as
  $$ select sha256(convert_to(concat_ws(' ', p_workspace, p_address), 'UTF8')) $$;

-- The opt-outs of a deleted contact pass to the contact that gets one of its addresses. Who gets the address after it
-- gets none of them.
create function keep_opt_outs() returns trigger language plpgsql as $$
declare kept uuid[]; own constant bytea = address_hash(new.workspace_id, new.value);
begin
  with gone as (delete from opt_out_address where workspace_id = new.workspace_id and hash = own returning opt_out_id)
    select array_agg(opt_out_id) into kept from gone;
  if kept is null then return null; end if;
  update opt_out o set contact_id = new.contact_id
    where o.id in (select distinct on (x.category) x.id from opt_out x
        where x.id = any (kept) and x.contact_id <> new.contact_id order by x.category, x.id desc)
      and not exists (select 1 from opt_out y where y.contact_id = new.contact_id and y.category = o.category);
  return null;
end $$;
create trigger contact_address_opt_outs after insert on contact_address for each row execute function keep_opt_outs();

-- Each wish about messages, its source and its proof. Rows are only added. A row without a contact is of an erased
-- person, and has the hashes of their addresses. A legal basis makes it a consent.
create table opt_out_ledger (
  seq bigint generated always as identity primary key,
  id uuid not null default gen_random_uuid(),
  workspace_id uuid not null references workspace,
  contact_id uuid references contact,
  hashes bytea[] not null default '{}',
  kind text not null check (kind in ('in', 'out')),
  category text not null check (category in ('marketing', 'all')),
  source opt_out_source not null,
  -- The account that it was said to, and what shows it: message_id, word.
  account_id uuid,
  proof jsonb not null default '{}',
  actor_kind text check (actor_kind in ('person', 'api_key')),
  created_by uuid,
  reason text,
  legal_basis text,
  wording text,
  -- When the person consented, where that was before.
  given_at timestamptz,
  at timestamptz not null
);
create index opt_out_ledger_list on opt_out_ledger (workspace_id, seq);
create index opt_out_ledger_contact on opt_out_ledger (contact_id, seq);
create index opt_out_ledger_hashes on opt_out_ledger using gin (hashes) where hashes <> '{}';
create index opt_out_ledger_message on opt_out_ledger ((proof ->> 'message_id')) where proof ? 'message_id';

-- The settings of opt-outs; no row: the defaults. The lists have folded words. other_words: the
-- built-in ones that differ from their default.
create table opt_out_setting (
  workspace_id uuid primary key references workspace,
  effect text not null default 'marketing' check (effect in ('marketing', 'all')),
  answers boolean not null default true,
  stop_answer text,
  start_answer text,
  needs_consent boolean not null default false,
  stop_words text[] not null default '{}',
  start_words text[] not null default '{}',
  other_words text[] not null default '{}'
);

-- The newest answer that told a person what their word did. It leaves although the person opted out.
create table opt_out_answer (
  contact_id uuid not null references contact,
  action text not null check (action in ('stop', 'start')),
  workspace_id uuid not null references workspace,
  message_id uuid not null unique,
  at timestamptz not null,
  primary key (contact_id, action)
);

-- Messages that may mean an opt-out, for the people who read them: those close to a word, and words of imported history.
create table opt_out_suggestion (
  id uuid primary key,
  workspace_id uuid not null,
  account_id uuid not null,
  message_id uuid not null unique,
  phrase text not null,
  state text not null default 'open' check (state in ('open', 'taken', 'dismissed')),
  decided_kind text check (decided_kind in ('person', 'api_key')),
  decided_by uuid,
  decided_at timestamptz,
  created_at timestamptz not null
);
create index opt_out_suggestion_list on opt_out_suggestion (workspace_id, id);
-- Imports of contacts from files. settings: default_country, dates, if_known, create_labels, opt_out_category. columns:
-- name, values, guess and target of each. place: the row of the file that the work is behind. version: each change of
-- the settings begins another check. runner works on it until lease_until.
create table contact_import (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  state text not null check (state in ('uploading', 'uploaded', 'checking', 'ready', 'running', 'finished', 'failed',
    'cancelled', 'undoing', 'undone')),
  bytes bigint not null default 0,
  sha256 text,
  encoding text,
  delimiter text,
  header boolean,
  columns jsonb not null default '[]',
  settings jsonb not null default '{}',
  counts jsonb not null default '{}',
  -- The labels of its rows, those of them that the import creates, and once it runs their ids by name.
  labels text[] not null default '{}',
  new_labels text[] not null default '{}',
  label_ids jsonb not null default '{}',
  -- Whether the file is in contact_import_part.
  stored boolean not null default true,
  version int not null default 0,
  place int not null default 0,
  done int not null default 0,
  total int not null default 0,
  error jsonb,
  runner uuid,
  lease_until timestamptz,
  created_kind text not null check (created_kind in ('person', 'api_key')),
  created_by uuid not null,
  created_at timestamptz not null,
  checked_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  undone_at timestamptz,
  -- When the file and the rows were deleted.
  expired_at timestamptz
) with (fillfactor = 50);
create index contact_import_list on contact_import (workspace_id, id);
create index contact_import_due on contact_import (id) where state in ('checking', 'running', 'undoing');
create index contact_import_file on contact_import (workspace_id, sha256) where sha256 is not null;

-- The bytes of their files, in order, until the import runs.
create table contact_import_part (
  import_id uuid not null,
  number int not null,
  workspace_id uuid not null,
  bytes bytea not null,
  primary key (import_id, number)
);

-- What the rows of a file give. key: the number, or the reference of a row without one; null where neither is known.
-- fresh: the id of a contact that the row may create, and of an opt-out. before: what the import changed, as it was.
-- cells: those of an invalid row, and of one that a person mended. kept: values for campaigns, by the keys of columns.
create table contact_import_row (
  import_id uuid not null,
  number int not null,
  workspace_id uuid not null,
  fate text not null check (fate in ('new', 'known', 'duplicate', 'invalid', 'created', 'updated', 'unchanged', 'skipped')),
  code text,
  message text,
  wrong_column int,
  suggestion jsonb,
  cells text[],
  mended boolean not null default false,
  key text,
  fresh uuid not null,
  contact_id uuid,
  name text,
  phone text,
  reference text,
  language text,
  fields jsonb,
  labels text[],
  opt_out text,
  opted_out boolean not null default false,
  unreachable boolean not null default false,
  before jsonb,
  written_at timestamptz,
  kept jsonb,
  primary key (import_id, number)
) with (fillfactor = 50);
create index contact_import_row_key on contact_import_row (key, import_id) where key is not null;
create index contact_import_row_code on contact_import_row (import_id, code, number) where code is not null;

-- Contacts that turned out to be one person, until they are merged. contact_id is the smaller id.
create table contact_merge (
  contact_id uuid not null references contact,
  other_id uuid not null references contact,
  workspace_id uuid not null references workspace,
  requested_at timestamptz not null,
  -- Not before: a call to one of them was under way.
  due_at timestamptz not null,
  primary key (contact_id, other_id)
);
create index contact_merge_due on contact_merge (due_at);

create table conversation (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  account_id uuid not null references account,
  contact_id uuid not null references contact,
  last_message_at timestamptz not null,
  unread_count int not null default 0,
  -- Somebody marked it as unread, until the next read.
  marked_unread boolean not null default false,
  -- For the index: with unread_count itself, each message that comes would be an update of all indexes.
  unread boolean not null generated always as (unread_count > 0 or marked_unread) stored,
  sent_count int not null default 0,
  received_count int not null default 0,
  -- The window is open for 24 hours after the person wrote, or called us, or took a call of ours.
  last_received_at timestamptz,
  last_called_at timestamptz,
  -- Who has the conversation, where the channel lets several answer: we, or somebody else, since when, and in which role.
  -- All null while nobody else ever had it.
  owner text check (owner in ('us', 'other')),
  owner_role text,
  owned_at timestamptz,
  -- Whether somebody of ours has to look at it. state_reason: what opened it, or why a person closed it; state_by: that
  -- person or API key. All null until the first episode.
  state text not null default 'closed' check (state in ('open', 'snoozed', 'closed')),
  state_since timestamptz,
  state_by uuid,
  state_reason text,
  -- infinity: until they write.
  snoozed_until timestamptz,
  -- The newest stretch of work: see episode.
  episode_id uuid,
  -- The oldest message that no person answered, here or on the phone. Nobody waits while the state is closed.
  waiting_since timestamptz,
  -- Of the last answer. answered_by: null for the phone.
  answered_at timestamptz,
  answered_by uuid,
  -- Whose it is: a person, or a program (bot) by its API key. assign_reason: why it was given, in the words of who did it, or
  -- one of the words of the contract.
  assignee_kind text check (assignee_kind in ('person', 'bot')),
  assignee_id uuid check ((assignee_id is null) = (assignee_kind is null)),
  assigned_at timestamptz,
  assigned_by uuid,
  assign_reason text,
  -- Of which team it is. reassign_due_at: when it goes back to the team, unless the assignee has answered.
  team_id uuid,
  reassign_due_at timestamptz,
  -- The day whose budget of new conversations counted this one.
  opened_on date,
  -- When the recipient's bucket is full again.
  recipient_full_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  unique (account_id, contact_id) include (workspace_id)
) with (fillfactor = 70);
create index conversation_contact on conversation (contact_id);
create index conversation_list on conversation (workspace_id, last_message_at desc, id desc);
create index conversation_unread on conversation (workspace_id, last_message_at desc, id desc) where unread;
create index conversation_open on conversation (workspace_id, last_message_at desc, id desc) where state = 'open';
create index conversation_waiting on conversation (workspace_id, waiting_since)
  where state = 'open' and waiting_since is not null;
create index conversation_snoozed on conversation (workspace_id, last_message_at desc, id desc) where state = 'snoozed';
create index conversation_assignee on conversation (assignee_id, last_message_at desc, id desc) where assignee_id is not null;
-- What counts for the capacity of a person and of a team, and what waits for a team.
create index conversation_load on conversation (assignee_id) where state = 'open' and assignee_id is not null;
create index conversation_team_open on conversation (team_id, waiting_since, id) where state = 'open' and team_id is not null;
create index conversation_team on conversation (team_id, last_message_at desc, id desc) where team_id is not null;
create index conversation_reassign on conversation (reassign_due_at) where reassign_due_at is not null;
create index conversation_snooze_end on conversation (snoozed_until) where state = 'snoozed';

create table conversation_label (
  label_id uuid not null references label,
  conversation_id uuid not null references conversation on delete cascade,
  workspace_id uuid not null,
  account_id uuid not null,
  primary key (label_id, conversation_id)
);
create index conversation_label_conversation on conversation_label (conversation_id);

-- How many contacts, and how many conversations of an account and unread ones among them, there are at the moment. A
-- contact is of no account.
create table list_count (
  id bigint generated always as identity primary key,
  workspace_id uuid not null,
  account_id uuid,
  list text not null check (list in ('contacts', 'conversations', 'unread')),
  entries bigint not null,
  unique nulls not distinct (workspace_id, account_id, list)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- What has changed in them and is not folded into them yet.
create table list_delta (
  id bigint generated always as identity primary key,
  workspace_id uuid not null,
  account_id uuid,
  list text not null,
  entries bigint not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- Messages --------------------------------------------------------------------

create sequence message_seq;

-- Which file of ours a message carries; no text is ever in it.
create function carried_file(p_content jsonb) returns text language sql immutable parallel safe as $$
  select coalesce(p_content->>'id', jsonb_path_query_first(p_content, '$.header.*.id') #>> '{}',
    jsonb_path_query_first(p_content, '$.components[*].parameters[*].*.id') #>> '{}',
    jsonb_path_query_first(p_content, '$.components[*].cards[*].components[*].parameters[*].*.id') #>> '{}',
    jsonb_path_query_first(p_content, '$.action.cards[*].header.*.id') #>> '{}') $$;
-- What there is of messages, for readers: the engine writes here what it has decided on open_message. seq is the order of
-- acceptance. workspace, account and contact are those of the conversation, whose key vouches for them. The last two bytes
-- of the id of an outbound one are zero: its attempts are named by it (see attempt).
create table message (
  id uuid primary key,
  seq bigint not null default nextval('message_seq'),
  workspace_id uuid not null,
  account_id uuid not null,
  conversation_id uuid not null references conversation,
  contact_id uuid not null,
  direction text not null check (direction in ('outbound', 'inbound')),
  address text not null,
  type text not null,
  content jsonb not null,
  -- Of an inbound one, in the channel's words: what it is about, and which ad led the person here.
  context jsonb,
  referral jsonb,
  -- phone: the business wrote it on its own phone. standby: somebody else had the conversation, and we only heard of it.
  source text check (source in ('phone', 'standby')),
  -- Of WhatsApp Web: the address of the chat at WhatsApp, and in a group that of the writer.
  chat text,
  -- Whether it came with the history of a new link: it was written before, and counts in no statistics.
  imported boolean not null default false,
  -- Of an inbound one: the group that it was written in.
  group_id text,
  edited_at timestamptz,
  -- When its writer deleted it for everybody. What it says is kept.
  revoked_at timestamptz,
  status text not null check (status in ('scheduled', 'queued', 'sending', 'unknown', 'sent', 'failed', 'delivered', 'read', 'played', 'cancelled', 'expired', 'received')),
  priority smallint not null default 1,
  send_at timestamptz,
  expires_at timestamptz,
  on_unknown text check (on_unknown in ('hold', 'retry', 'fail')),
  -- Null: as the account says. send: it needs no window, or the channel has none.
  on_window_closed text check (on_window_closed in ('reject', 'hold', 'send')),
  -- Of a template, as WhatsApp classes it.
  category text check (category in ('marketing', 'utility', 'authentication')),
  -- What the caller was warned of when it was accepted.
  warnings text[],
  batch_id uuid,
  campaign_id uuid,
  -- What the caller calls it, and keeps with it. metadata: an object of texts; null for none.
  reference text,
  metadata jsonb,
  reported_at timestamptz,
  duplicated_at timestamptz,
  channel_message_id text,
  error_code text,
  error_title text,
  created_by uuid,
  event_count int not null default 0,
  -- Its events in rows of many. Those with a row of their own are found by event.message_id.
  events bigint[],
  -- Its only attempt was accepted, and receipts update this row alone: see unfold_evidence. pricing: as in attempt.
  keeps_evidence boolean,
  pricing jsonb,
  created_at timestamptz not null,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  played_at timestamptz,
  failed_at timestamptz,
  -- What it costs, where there is a rate card: an estimate when it was accepted, then what the channel says. charge_day: by
  -- the account's clock. charge_card: the number of the card that made it. charge_amount: null where the card has no
  -- rate. charge_type: what the channel said of it as it was delivered; null for an estimate.
  charge_day date,
  charge_card int,
  charge_amount numeric,
  charge_surcharge numeric,
  charge_category text,
  charge_country text,
  charge_type text,
  -- What indexes are by instead of columns that change with each step of an outbound message: they stay as they are while it
  -- is called and told of, so its row is rewritten in its page, and no index gets an entry (HOT).
  -- The status, but not while one of ours is on its way: message_span leads to these.
  listed_status text generated always as (case when direction = 'inbound' or source is not null
    or status not in ('queued', 'sending', 'sent', 'delivered', 'read', 'played') then status end) stored,
  -- The channel's id of what came from the channel.
  received_id text generated always as (case when direction = 'inbound' or source is not null then channel_message_id end) stored,
  -- The file of one that has no outcome yet.
  open_file text generated always as (case when direction = 'outbound'
    and type in ('image', 'video', 'audio', 'document', 'sticker', 'interactive', 'template')
    and status in ('scheduled', 'queued', 'sending', 'unknown') then carried_file(content) end) stored
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
alter sequence message_seq owned by message.seq;
create index message_file on message (workspace_id, open_file) where open_file is not null;
create index message_duplicated on message (duplicated_at) where duplicated_at is not null;
create index message_reported on message (reported_at) where reported_at > '-infinity';
create index message_reference on message (workspace_id, reference, seq) where reference is not null;
create index message_campaign on message (campaign_id, seq) where campaign_id is not null;
create index message_of_batch on message (batch_id) where batch_id is not null;
create unique index message_received on message (account_id, received_id, address) where direction = 'inbound';
create unique index message_echo on message (account_id, received_id) where direction = 'outbound' and source is not null;
-- The readers' indexes.
-- With the account, which the wall asks for, so that counting reads the index alone.
create index message_list on message (workspace_id, seq) include (account_id);
-- With what message_gauge counts by, so that no list by these looks at more than it shows.
create index message_by_kind on message (workspace_id, account_id, direction, type, seq);
create index message_by_status on message (workspace_id, listed_status, account_id, direction, type, seq) where listed_status is not null;
create index message_thread on message (conversation_id, seq) include (workspace_id, account_id);
-- The files of a conversation, without a look at its texts.
create index message_files on message (conversation_id, seq)
  where type in ('image', 'video', 'audio', 'document', 'sticker');
create index message_unread on message (conversation_id, seq) where direction = 'inbound' and listed_status = 'received';
create index message_created on message (workspace_id, created_at);
-- What failed of a range of time, by its error.
create index message_failed on message (workspace_id, created_at, account_id, error_code) where listed_status = 'failed' and direction = 'outbound';

-- Up to when report_undelivered has looked at what a workspace has sent, for accounts that wait so long for a receipt.
create table delivery_watch (
  workspace_id uuid not null,
  after_s int not null,
  looked_until timestamptz not null,
  primary key (workspace_id, after_s)
) with (fillfactor = 50);

-- The last reaction of each side to a message. emoji: null for one that was removed; at tells which of two was the last.
create table message_reaction (
  message_id uuid not null,
  by text not null check (by in ('contact', 'account')),
  workspace_id uuid not null,
  account_id uuid not null,
  emoji text,
  at timestamptz not null,
  primary key (message_id, by)
);

-- A message of type reaction is attached to its target once it is received, or accepted by the channel. Its context
-- names the target by the channel's id, in both directions.
create function keep_reaction() returns trigger language plpgsql as $$
begin
  insert into message_reaction as r (message_id, by, workspace_id, account_id, emoji, at)
    select t.id, case new.direction when 'inbound' then 'contact' else 'account' end, new.workspace_id, new.account_id,
      nullif(new.content->>'emoji', ''), coalesce(new.sent_at, new.created_at)
    from (
      (select k.message_id as id from attempt k
        where k.account_id = new.account_id and k.channel_message_id = new.context->>'id' limit 1)
      union all
      (select o.id from message o where o.account_id = new.account_id and o.received_id = new.context->>'id'
        and o.direction = 'inbound' limit 1)) t limit 1
    on conflict (message_id, by) do update set emoji = excluded.emoji, at = excluded.at where r.at <= excluded.at;
  return null;
end $$;
create trigger message_reacted after insert or update of status on message for each row
  when (new.type = 'reaction' and new.status in ('sent', 'delivered', 'read', 'received')) execute function keep_reaction();

-- The queue: the messages that have no outcome yet. A row is narrow, and goes with the outcome.
-- head: the one candidate of its conversation, or its call under way, or its unknown outcome while that holds the
-- conversation. ready_at: not before; of a head also what its conversation waits for, which wait_reason names; of an unknown
-- one the end of its hold. fence: the number of its last attempt; while it is sending, runner, started_at and lease_until are
-- of that. usage_day: the day whose limit has counted it. evidence: what a receipt has told of the call that is under way.
-- resolve_by: when the grace period of an unknown one is over; null where an operator has to decide. needs_window: it is
-- held while the window of its conversation is closed. A held message is no head and in no line; wait_reason names its
-- reason, and it is queued again at ready_at, or by the event that ends the reason.
create table open_message (
  id uuid primary key,
  seq bigint not null,
  workspace_id uuid not null,
  account_id uuid not null,
  conversation_id uuid not null,
  priority smallint not null,
  state text not null check (state in ('scheduled', 'queued', 'held', 'sending', 'unknown')),
  head boolean not null,
  ready_at timestamptz not null,
  wait_reason text,
  expires_at timestamptz,
  on_unknown text,
  failed_attempts int not null default 0,
  fence int not null default 0,
  usage_day date,
  evidence text,
  runner text,
  started_at timestamptz,
  lease_until timestamptz,
  resolve_by timestamptz,
  stuck_at timestamptz,
  needs_window boolean not null default false,
  -- As the channel limits it: 1 free-form, 2 a template, 3 a marketing template. See held_kinds of lane.
  kind smallint not null default 1,
  campaign_id uuid,
  -- With open_head: never two calls in a conversation.
  check (head or state <> 'sending')
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
create unique index open_head on open_message (conversation_id) where head;
create index open_ready on open_message (account_id, priority, ready_at, seq) where head and state = 'queued';
-- Empty where no conversation has a line.
create index open_line on open_message (conversation_id, priority, seq) where not head;
create index open_behind on open_message (account_id, seq) where not head and state = 'queued';
-- Queued again with its place of a day: it may leave though the day is full for others.
create index open_placed on open_message (account_id, ready_at) where head and state = 'queued' and usage_day is not null;
create index open_calls on open_message (lease_until) where state = 'sending';
create index open_unknown on open_message (ready_at) where head and state = 'unknown';
-- For receipts of messages whose call had no outcome.
create index open_unheard on open_message (account_id) where state = 'unknown';
create index open_resolve on open_message (resolve_by) where state = 'unknown' and resolve_by is not null;
create index open_held on open_message (account_id, ready_at) where state = 'held';
create index open_held_until on open_message (ready_at) where state = 'held';
create index open_scheduled on open_message (account_id, ready_at) where state = 'scheduled';
create index open_due on open_message (ready_at) where state = 'scheduled';
create index open_expiry on open_message (expires_at) where expires_at is not null;
create index open_stuck on open_message (stuck_at) where stuck_at is not null;
-- How much of a campaign is in the queue of an account.
create index open_campaign on open_message (campaign_id, account_id, state) where campaign_id is not null;
create index open_window on open_message (account_id, conversation_id) where needs_window;
create index open_window_heads on open_message (account_id, ready_at) where needs_window and head and state = 'queued';

-- How many messages there were, by the quarter of an hour in which they were accepted or received: days and hours of any
-- time zone are sums of quarters. code: the error of failed ones, or empty. accepted: messages that the channel accepted.
create table message_count (
  workspace_id uuid not null,
  quarter timestamptz not null,
  account_id uuid not null,
  direction text not null,
  type text not null,
  status text not null,
  code text not null,
  messages int not null,
  accepted int not null,
  primary key (workspace_id, quarter, account_id, direction, type, status, code)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
create index message_count_failed on message_count (workspace_id, quarter) where status = 'failed';

-- The same of outbound messages, by what they were and who had them sent. template and category are of templates;
-- calling_code is that of the recipient's number.
create table outbound_count (
  workspace_id uuid not null,
  quarter timestamptz not null,
  account_id uuid not null,
  status text not null,
  template text,
  category text,
  calling_code text,
  campaign_id uuid,
  created_by uuid,
  messages int not null,
  accepted int not null,
  unique nulls not distinct (workspace_id, quarter, account_id, status, template, category, calling_code, campaign_id,
    created_by)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- The same in fewer rows, for reports of long ranges. Without system messages and calls. all: by quarters, of all accounts
-- together, and at is the quarter. The others: by days of UTC, and at is the day. Of account, key is its id.
create table grouped_count (
  workspace_id uuid not null,
  counted_by text not null check (counted_by in ('all', 'account', 'template', 'campaign', 'sender', 'country')),
  at timestamptz not null,
  account_id uuid,
  key text,
  direction text not null,
  status text not null,
  messages int not null,
  accepted int not null,
  unique nulls not distinct (workspace_id, counted_by, at, account_id, key, direction, status)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- How many messages there are at the moment, without those that were deleted. priority is that of what waits or is under
-- way, and 1 of everything else.
create table message_gauge (
  workspace_id uuid not null,
  account_id uuid not null,
  direction text not null,
  type text not null,
  status text not null,
  priority smallint not null,
  messages bigint not null,
  primary key (workspace_id, account_id, direction, type, status, priority)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- How many outbound messages of ours are queued, sending, sent, delivered, read or played, in each stretch of 512 of seq:
-- where lists of these find them. A stretch without any has no row.
create table message_span (
  workspace_id uuid not null,
  account_id uuid not null,
  type text not null,
  status text not null,
  span bigint not null,
  messages int not null,
  primary key (workspace_id, account_id, type, status, span)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
create index message_span_empty on message_span (span) where messages = 0;

-- What has changed in the counts and is not folded into them yet. messages counts what is deleted too, present does not.
create table message_delta (
  id bigint generated always as identity primary key,
  workspace_id uuid not null,
  quarter timestamptz not null,
  account_id uuid not null,
  direction text not null,
  type text not null,
  status text not null,
  priority smallint not null,
  code text not null,
  template text,
  category text,
  calling_code text,
  campaign_id uuid,
  created_by uuid,
  span bigint,
  messages int not null,
  accepted int not null,
  present int not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
-- What of the queue of an account is not folded yet, as its day begins: that of one may not cost what all have changed.
create index message_delta_queued on message_delta (account_id) where direction = 'outbound' and status = 'queued';

-- How long messages and answers took, as histograms: n in a bucket of an hour in UTC, that of their acceptance, and the same
-- of its day. stage:
-- queue until the call, call until its answer, network until the receipt of the delivery; response from the first
-- message of a person until somebody answers, response_hours the same in the hours of the team. The n-th bucket is about 1.15^n ms.
create table latency_count (
  workspace_id uuid not null,
  stage text not null check (stage in ('queue', 'call', 'network', 'response', 'response_hours')),
  span text not null check (span in ('hour', 'day')),
  at timestamptz not null,
  account_id uuid not null,
  bucket smallint not null,
  n int not null,
  primary key (workspace_id, stage, span, at, account_id, bucket)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- Changes of them that are not folded yet.
create table latency_delta (
  id bigint generated always as identity primary key,
  workspace_id uuid not null,
  stage text not null,
  hour timestamptz not null,
  account_id uuid not null,
  bucket smallint not null,
  n int not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- One call to the channel for one message, or why there was none. It is written when the outcome is recorded, or a receipt
-- came before that: while the call is under way, the open row is all there is of it. The token travels with the call and comes
-- back in every receipt; it is the id of the message with the number of the attempt in its last two bytes. Where
-- message.keeps_evidence, status, the times and pricing are as the record wrote them, and the message has what came since.
create table attempt (
  token uuid primary key,
  message_id uuid not null,
  account_id uuid not null,
  number int not null,
  runner text not null,
  status text not null check (status in ('sending', 'not_sent', 'unknown', 'sent', 'failed', 'delivered', 'read', 'played')),
  class text,
  code text,
  title text,
  channel_message_id text,
  started_at timestamptz not null,
  ended_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  played_at timestamptz,
  failed_at timestamptz,
  -- What the channel says that the message costs: category, type, model, billable and origin.
  pricing jsonb
);
create index attempt_channel_message on attempt (account_id, channel_message_id) where channel_message_id is not null;

-- Receipts of messages whose channel id is not known yet.
create table orphan_receipt (
  account_id uuid not null references account,
  channel_message_id text not null,
  status text not null,
  at timestamptz not null,
  code text not null default '',
  title text not null default '',
  pricing jsonb,
  received_at timestamptz not null,
  primary key (account_id, channel_message_id, status, at, code)
);

-- Signals of trouble and notices that were applied to an account, so that a repeat of one does not pause it again. They
-- are kept as long as a webhook can be processed again.
create table applied_signal (
  account_id uuid not null references account,
  hash bytea not null,
  applied_at timestamptz not null,
  primary key (account_id, hash)
);

-- Conversations whose messages we have read, to be shown to their writers as blue ticks.
create table read_mark (
  account_id uuid not null references account,
  conversation_id uuid not null references conversation,
  channel_message_id text not null,
  marked_at timestamptz not null,
  -- Until when the writer is shown with it that we are typing.
  typing_until timestamptz,
  attempts int not null default 0,
  due_at timestamptz not null,
  primary key (account_id, conversation_id)
);

-- Up to 1,000 messages that were accepted by one request.
create table message_batch (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  total int not null,
  accepted int not null,
  created_by uuid,
  created_at timestamptz not null default now()
);
create index message_batch_list on message_batch (workspace_id, id);

-- One answer a key, which is kept as its SHA-256 in hex: response is what other requests than a single message were answered, to the byte; sealed (s1.…) where
-- there is a secret in it. Without http_status the work is not over.
-- holder: which request is at work under the key, until at_work_until at least.
create table idempotency (
  workspace_id uuid not null references workspace,
  operation text not null,
  key text not null,
  hash bytea not null,
  resource_id uuid,
  http_status int,
  response text,
  holder uuid,
  at_work_until timestamptz,
  created_at timestamptz not null,
  primary key (workspace_id, operation, key)
);
create index idempotency_age on idempotency (created_at);
-- For `recado secrets`.
create index idempotency_sealed on idempotency (workspace_id) where response like 's1.%';

-- Media -----------------------------------------------------------------------

-- A content is kept once in a workspace, under its hash; it goes when no media has it any more.
-- store: where it is (disk, s3, cloudinary). The row is there before the file, and goes after it. stored_at: since when
-- the file is whole. holders: how many are at work to put it or to make media of it, until held_until at most; while
-- there are any it stays. deleting_at: since when its file is being removed, so that nobody counts on it. lost_at: since
-- when a stored one is known not to be in any store; stored_at is null then, until it is found or put again.
create table media_content (
  workspace_id uuid not null references workspace,
  sha256 text not null,
  store text not null,
  size bigint not null,
  mime_type text not null,
  stored_at timestamptz,
  holders int not null default 0,
  held_until timestamptz,
  deleting_at timestamptz,
  lost_at timestamptz,
  primary key (workspace_id, sha256)
);
create index media_content_size on media_content (workspace_id) include (size, stored_at, holders);
create index media_content_deleting on media_content (deleting_at) where deleting_at is not null;

-- What was made of a content so that it can be sent as something else: a voice note, a sticker. Where it is one already,
-- converted_sha256 is its own. The row goes with either content.
create table media_conversion (
  workspace_id uuid not null,
  sha256 text not null,
  format text not null check (format in ('voice', 'sticker')),
  converted_sha256 text not null,
  primary key (workspace_id, sha256, format),
  foreign key (workspace_id, sha256) references media_content on delete cascade,
  foreign key (workspace_id, converted_sha256) references media_content on delete cascade
);
create index media_conversion_made on media_conversion (workspace_id, converted_sha256);

-- A file: one that was uploaded, or one that came with a message, whose channel_media_id we fetch it by.
-- due_at: when a pending one is to be fetched; lease_until: until when a worker is at it. sha256 of one that is not stored:
-- it was, and its content was lost.
create table media (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  account_id uuid,
  message_id uuid,
  direction text not null check (direction in ('uploaded', 'received')),
  status text not null check (status in ('pending', 'stored', 'failed', 'expired')),
  kind text not null check (kind in ('image', 'video', 'audio', 'document', 'sticker')),
  sha256 text,
  size bigint,
  mime_type text,
  -- What its sender called it, and what they said that it was.
  file_name text,
  declared_type text,
  width int,
  height int,
  -- The hash of a small picture of it.
  thumbnail_sha256 text,
  channel_media_id text,
  -- Of a received one: what the channel says of it, to be checked.
  expected_sha256 text,
  expected_size bigint,
  attempts int not null default 0,
  due_at timestamptz,
  lease_until timestamptz,
  error_code text,
  error_title text,
  created_by uuid,
  created_at timestamptz not null,
  stored_at timestamptz
);
create index media_list on media (workspace_id, id);
create index media_by_kind on media (workspace_id, kind, id);
create index media_by_direction on media (workspace_id, direction, id);
create index media_by_status on media (workspace_id, status, id) where status <> 'stored';
create index media_message on media (message_id) where message_id is not null;
-- A part that its message has left behind, as another one needs it.
create index media_left on media (id) where direction = 'received' and message_id is null;
create index media_pending on media (account_id, due_at) where status = 'pending';
create index media_by_content on media (workspace_id, sha256) where sha256 is not null;
create index media_by_thumbnail on media (workspace_id, thumbnail_sha256) where thumbnail_sha256 is not null;

-- Under which id the channel knows a content of a type for an account, and until when. kind: the type of message that
-- carries it, which decides how WhatsApp Web encrypts it.
create table media_upload (
  account_id uuid not null references account,
  sha256 text not null,
  mime_type text not null,
  kind text not null,
  channel_media_id text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (account_id, sha256, mime_type, kind)
);

-- Inbound ---------------------------------------------------------------------

-- What a channel posted to us, byte for byte, stored before it is answered. lane_key is the account that it concerns.
-- headers: those that we keep. workspace_id: set when it is processed, if everything in it is about this workspace.
-- retried: it is processed again, or was. failures: the number of failed tries to apply it.
create table inbound_payload (
  id bigint generated always as identity primary key,
  public_id uuid not null default gen_random_uuid(),
  app text not null,
  lane_key uuid not null,
  headers jsonb not null default '{}',
  body bytea not null,
  received_at timestamptz not null,
  processed_at timestamptz,
  workspace_id uuid,
  retried boolean not null default false,
  failures int not null default 0
);
create index inbound_payload_list on inbound_payload (workspace_id, public_id) where workspace_id is not null;
create index inbound_payload_open on inbound_payload (lane_key, id) where processed_at is null;
-- For forgetting those of one lane, the oldest first.
create index inbound_payload_read on inbound_payload (lane_key, id) where processed_at is not null;

-- Items of payloads that could not be applied, with the reason. place: which item of the payload it is; below zero it is
-- the whole payload, or the rest of many items. workspace_id:
-- null for an item of no workspace. created_at: when the payload arrived. retried_at: since when it is tried again.
-- discarded_at: a discarded item stays as a row without its content, so that a retry of its payload does not restore it.
create table dead_letter (
  id bigint generated always as identity primary key,
  public_id uuid not null default gen_random_uuid(),
  payload_id bigint not null references inbound_payload,
  place int not null default 0,
  workspace_id uuid,
  account_id uuid,
  item jsonb,
  code text not null,
  reason text not null,
  created_at timestamptz not null,
  retried_at timestamptz,
  discarded_at timestamptz,
  unique (payload_id, place)
);
create index dead_letter_list on dead_letter (workspace_id, public_id) where workspace_id is not null;

-- Inbound messages that were erased or forgotten in the last 100 days, as hashes: neither a channel that posts one again
-- nor a retry of a dead letter, whose webhook stays for 90 days, brings it back.
create table erased_inbound (
  workspace_id uuid not null,
  hash bytea primary key,
  erased_at timestamptz not null
);

-- Campaigns -------------------------------------------------------------------

-- One message to many people. settings: as the contract has them. step_at: when its lane takes the next step; null where
-- only a person moves it. frozen_to: the contacts up to this one have been looked at for its list; frozen_at: the list
-- is complete. unapplied: its queued messages do not fit its state yet.
create table campaign (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  state text not null check (state in ('draft', 'scheduled', 'missed', 'preparing', 'running', 'paused', 'held', 'done', 'cancelled')),
  -- Why it is held or missed: code, detail, until. note: what somebody wrote as they paused or cancelled it.
  reason jsonb,
  note text,
  state_at timestamptz not null,
  settings jsonb not null,
  account_ids uuid[] not null,
  revision int not null default 1,
  created_by jsonb not null,
  started_by jsonb,
  -- The accounts that its starter is limited to; null for all. Segments look at the facts of no others.
  scope uuid[],
  asked_by jsonb,
  asked_at timestamptz,
  approved_by jsonb,
  approved_at timestamptz,
  start_at timestamptz,
  frozen_to uuid,
  frozen_at timestamptz,
  looked_at int not null default 0,
  listed int not null default 0,
  people int not null default 0,
  wave int not null default 1,
  wave_at timestamptz,
  -- Until when outcomes do not count for its stop rules: somebody resumed it in spite of them.
  judged_from timestamptz,
  step_at timestamptz,
  unapplied boolean not null default false,
  -- Whether an event has told that 80 % of its cap are spent.
  spend_warned boolean not null default false,
  started_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index campaign_list on campaign (workspace_id, id);
create index campaign_step on campaign (step_at) where step_at is not null;
create index campaign_stopped on campaign (workspace_id) where state in ('paused', 'held', 'cancelled');

-- Who gets a campaign, and who was left out. A recipient has a message if and only if message_id says so. number: the
-- place in the order of the list. zone: the time zone of the person. kept: until their turn, the values of columns of an
-- import that the message says. No foreign key on campaign: its check would take longer than the row, and who adds rows
-- has the campaign locked.
create table campaign_recipient (
  campaign_id uuid not null,
  contact_id uuid not null,
  number int not null,
  account_id uuid,
  variant smallint,
  language text,
  zone text,
  wave smallint not null default 1,
  due_at timestamptz not null,
  state text not null check (state in ('pending', 'accepted', 'left_out', 'rejected', 'cancelled')),
  reason text,
  message_id uuid unique,
  accepted_at timestamptz,
  reply_kind text check (reply_kind in ('sure', 'likely')),
  reply_message_id uuid,
  replied_at timestamptz,
  opted_out_at timestamptz,
  kept jsonb,
  primary key (campaign_id, contact_id)
) with (fillfactor = 80);
create unique index campaign_recipient_list on campaign_recipient (campaign_id, number);
create index campaign_recipient_due on campaign_recipient (campaign_id, account_id, wave, due_at, number) where state = 'pending';
create index campaign_recipient_contact on campaign_recipient (contact_id);
create index campaign_recipient_accepted on campaign_recipient (campaign_id, accepted_at) where accepted_at is not null;
create index campaign_recipient_left on campaign_recipient (campaign_id, reason, number) where state in ('left_out', 'rejected');
create index campaign_recipient_replied on campaign_recipient (campaign_id, replied_at) where replied_at is not null;

-- How many recipients and messages of a campaign there are in each state. of: recipient, message, reply or opted_out.
-- code: the reason or the code of an error, or empty.
create table campaign_count (
  campaign_id uuid not null references campaign on delete cascade,
  of text not null,
  value text not null,
  code text not null,
  n bigint not null,
  primary key (campaign_id, of, value, code)
) with (fillfactor = 50);
-- Changes of them that are not folded yet.
create table campaign_delta (
  id bigint generated always as identity primary key,
  campaign_id uuid not null,
  of text not null,
  value text not null,
  code text not null,
  n bigint not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
create index campaign_delta_of on campaign_delta (campaign_id);

-- Above how many people a second person must approve a campaign; no row or null: none.
create table campaign_setting (
  workspace_id uuid primary key references workspace,
  approval_above int
);

-- Caps of a person count these.
create index message_marketing on message (contact_id, created_at) where category = 'marketing';

-- Events ----------------------------------------------------------------------

-- Facts, append-only, written in the transaction of the fact. Read in order by (xid, id) below pg_snapshot_xmin.
-- A row is one event, or a row of many: a transition of several messages of a workspace in one transaction. The n-th
-- message of it has the event id + n - 1, so the ids of rows are 1,024 apart. The view logged_event shows single events.
-- number counts the events of one message. Where all messages are of one account, account_id names it.
create table event (
  id bigint generated always as identity (start with 1024 increment by 1024) primary key,
  xid xid8 not null default pg_current_xact_id(),
  workspace_id uuid not null,
  type text not null,
  account_id uuid,
  message_id uuid,
  number int,
  messages uuid[],
  accounts uuid[],
  data jsonb not null default '{}',
  at timestamptz not null,
  check (messages is null or message_id is null and cardinality(messages) between 1 and 1024)
);
create index event_order on event (xid, id);
create index event_message on event (message_id, number) where message_id is not null;
-- For `updated_since` of lists of messages: each change of a message is an event.
create index event_time on event (workspace_id, at) where message_id is not null or messages is not null;
-- To find the notices about a person.
create index event_notice on event (workspace_id, id) where type = 'account.notice_received';

-- Privacy ---------------------------------------------------------------------

-- The receipts of contacts that were erased. contacts: the contact, and those that were deleted before and had the same
-- addresses. addresses: what is still to be looked for; empty once all is gone, which is when erased_at is set. Of the
-- raw webhooks, by their ids, those up to raw_after have been looked through, and those up to raw_until are to be: the
-- last one that there was when that began.
create table erasure (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  contact_id uuid not null unique,
  contacts uuid[] not null,
  addresses text[] not null,
  counts jsonb not null default '{}',
  raw_after bigint not null default 0,
  raw_until bigint,
  actor_kind text not null check (actor_kind in ('person', 'api_key')),
  actor_id uuid not null,
  begun_at timestamptz not null,
  erased_at timestamptz
);
create index erasure_list on erasure (workspace_id, id);
