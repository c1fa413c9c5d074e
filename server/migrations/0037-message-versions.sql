-- What messages said before they were edited, and what opens the edits that are sealed with a secret of their message.

-- The texts that edits replaced, the oldest first. content: null for an edit that could not be read; the message then keeps
-- its last known text.
create table message_version (
  message_id uuid not null references message on delete cascade,
  n int not null,
  workspace_id uuid not null,
  account_id uuid not null,
  type text,
  content jsonb,
  at timestamptz not null,
  primary key (message_id, n)
);
alter table message_version enable row level security;
create policy engine on message_version to recado_engine using (true) with check (true);
create policy api on message_version to recado_api using (workspace_id = (select own_workspace())
  and ((select every_account()) or account_id = any ((select own_accounts())::uuid[])));
create policy limited on message_version as restrictive to recado_limited
  using (message_id in (select id from message)) with check (true);
grant select, insert, update, delete on message_version to recado_engine;
grant select on message_version to recado_api;

-- Only the engine reads it. A month later no edit comes any more.
create table message_secret (
  message_id uuid primary key references message on delete cascade,
  secret bytea not null,
  at timestamptz not null
);
create index message_secret_at on message_secret (at);
grant select, insert, update, delete on message_secret to recado_engine;
