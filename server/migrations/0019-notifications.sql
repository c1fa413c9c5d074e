-- Notifications of people, and how they want to hear of them.

-- One for a person and a conversation, or an alert. Once it was read, the next thing begins it anew. count: how often since
-- then. message_id: the newest message that it is about. by: the person or API key who did it. seq grows with each change,
-- for the devices that are told. mail_at: when an unread mention goes out by e-mail.
create sequence notification_seq;
create table notification (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  person_id uuid not null references person,
  account_id uuid,
  conversation_id uuid references conversation on delete cascade,
  alert_id uuid references alert on delete cascade,
  kind text not null
    check (kind in ('mention', 'handed_over', 'assigned', 'not_sent', 'snooze_over', 'message', 'followed', 'queue', 'alert')),
  count int not null default 1,
  message_id uuid,
  by uuid,
  at timestamptz not null,
  read_at timestamptz,
  mail_at timestamptz,
  seq bigint not null default nextval('notification_seq'),
  check ((conversation_id is null) <> (alert_id is null))
) with (fillfactor = 70);
alter sequence notification_seq owned by notification.seq;
create unique index notification_of_conversation on notification (conversation_id, person_id) where conversation_id is not null;
create unique index notification_of_alert on notification (alert_id, person_id) where alert_id is not null;
create index notification_list on notification (workspace_id, person_id, at desc, id desc);
create index notification_unread on notification (workspace_id, person_id, at desc, id desc) where read_at is null;
create index notification_mail on notification (mail_at) where mail_at is not null and read_at is null;
create index notification_age on notification (at);

-- How a person hears of things in a workspace. kinds: the channels of those kinds that they chose for. content: what is
-- shown outside of the app.
create table notification_setting (
  workspace_id uuid not null references workspace,
  person_id uuid not null references person,
  kinds jsonb not null default '{}',
  content text not null check (content in ('text', 'name', 'nothing')),
  sound text not null check (sound in ('drop', 'wood', 'page', 'bell')),
  volume int not null check (volume between 0 and 100),
  counts boolean not null,
  primary key (workspace_id, person_id)
);

-- By which push services know this installation. private_key is sealed.
create table push_key (
  id int primary key default 1 check (id = 1),
  public_key text not null,
  private_key text not null,
  created_at timestamptz not null default now()
);

-- A browser that is told while no page is open: its address at a push service, with the keys that it alone can read by. It
-- ends with its session. told_seq: it was told up to there. due_at: when it may be told again, and of one that is being
-- told, when somebody else may. error: of the last time.
create table push_subscription (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  person_id uuid not null references person,
  session_id uuid not null unique references session on delete cascade,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  language text not null check (language in ('en', 'pt', 'es', 'ar')),
  created_at timestamptz not null,
  told_seq bigint not null,
  due_at timestamptz not null default '-infinity',
  attempts int not null default 0,
  last_at timestamptz,
  error text
) with (fillfactor = 70);
create index push_subscription_list on push_subscription (workspace_id, person_id, id);
create index push_subscription_endpoint on push_subscription (md5(endpoint));
create index push_subscription_due on push_subscription (due_at);

create function end_push() returns trigger language plpgsql as $$
begin
  delete from push_subscription where session_id = old.id;
  return null;
end $$;
create trigger session_pushed after update of revoked_at, workspace_id on session for each row
  when (new.revoked_at is not null or new.workspace_id <> old.workspace_id) execute function end_push();

-- A person who leaves a workspace is told of nothing in it any more.
create function forget_notifications() returns trigger language plpgsql as $$
begin
  delete from notification where workspace_id = old.workspace_id and person_id = old.person_id;
  delete from push_subscription where workspace_id = old.workspace_id and person_id = old.person_id;
  return null;
end $$;
create trigger membership_untold after update of removed_at, disabled_at on membership for each row
  when (coalesce(old.removed_at, old.disabled_at) is null and coalesce(new.removed_at, new.disabled_at) is not null)
  execute function forget_notifications();
create trigger membership_gone_untold after delete on membership for each row execute function forget_notifications();

grant select, insert, update, delete on notification, notification_setting, push_subscription to recado_engine;
grant select, insert on push_key to recado_engine;
grant usage on sequence notification_seq to recado_engine, recado_api;
do $$
declare t text;
begin
  foreach t in array '{notification,notification_setting,push_subscription}'::text[] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy engine on %I to recado_engine using (true) with check (true)', t);
    execute format('create policy api on %I to recado_api using (%s) with check (%2$s)', t,
      'workspace_id = (select own_workspace())' || case t when 'notification' then ' and ((select every_account())
        or account_id is null or account_id = any ((select own_accounts())::uuid[]))' else '' end);
    execute format('grant select, insert, update, delete on %I to recado_api', t);
  end loop;
end $$;
