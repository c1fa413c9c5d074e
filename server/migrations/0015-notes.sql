-- Notes that people of ours write about a conversation for each other. A note is no message, so nothing can send it. seq: its place
-- among the messages. body: null once it is deleted. mentions: the people who are named.
create table note (
  id uuid primary key,
  seq bigint not null default nextval('message_seq'),
  workspace_id uuid not null,
  account_id uuid not null,
  conversation_id uuid not null references conversation on delete cascade,
  episode_id uuid,
  author uuid not null,
  body text,
  mentions uuid[] not null default '{}',
  created_at timestamptz not null,
  edited_at timestamptz,
  deleted_at timestamptz,
  check ((body is null) = (deleted_at is not null))
);
create index note_thread on note (conversation_id, seq);
create index note_created on note (workspace_id, created_at);
-- For the search, which reads the newest first.
create index note_list on note (workspace_id, seq);

grant select, insert, update, delete on note to recado_engine;
alter table note enable row level security;
create policy engine on note to recado_engine using (true) with check (true);
create policy api on note to recado_api
  using (workspace_id = (select own_workspace())
    and ((select every_account()) or account_id = any ((select own_accounts())::uuid[])))
  with check (workspace_id = (select own_workspace())
    and ((select every_account()) or account_id = any ((select own_accounts())::uuid[])));
grant select, insert, update, delete on note to recado_api;
grant usage on sequence message_seq to recado_api;
