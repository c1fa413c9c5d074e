-- A change of many conversations at once, in pieces: a piece that a crash ends is done again.
create table conversation_job (
  id uuid primary key,
  workspace_id uuid not null,
  by_id uuid not null,
  action text not null check (action in ('close', 'snooze', 'assign', 'label', 'unlabel')),
  -- Of a snooze; null until the person writes.
  until timestamptz,
  reason text,
  -- Of an assignment; null for nobody.
  person_id uuid,
  team_id uuid,
  label_id uuid,
  state text not null default 'running' check (state in ('running', 'done', 'stopped', 'undoing', 'undone')),
  total int not null,
  done int not null default 0,
  skipped int not null default 0,
  undone int not null default 0,
  created_at timestamptz not null,
  ended_at timestamptz
);
create index conversation_job_open on conversation_job (created_at) where state in ('running', 'undoing');
create index conversation_job_own on conversation_job (workspace_id, by_id, id);

-- A conversation of a job. before: what it was, to undo it. mark: the time that the change gave it.
create table conversation_job_item (
  job_id uuid not null references conversation_job on delete cascade,
  conversation_id uuid not null references conversation on delete cascade,
  workspace_id uuid not null,
  account_id uuid not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'skipped', 'undone', 'kept')),
  before jsonb,
  mark timestamptz,
  primary key (job_id, conversation_id)
);
create index conversation_job_item_state on conversation_job_item (job_id, state, conversation_id);
create index conversation_job_item_conversation on conversation_job_item (conversation_id);

grant select, insert, update, delete on conversation_job, conversation_job_item to recado_engine;
alter table conversation_job enable row level security;
alter table conversation_job_item enable row level security;
create policy engine on conversation_job to recado_engine using (true) with check (true);
create policy engine on conversation_job_item to recado_engine using (true) with check (true);
create policy api on conversation_job to recado_api
  using (workspace_id = (select own_workspace())) with check (workspace_id = (select own_workspace()));
create policy api on conversation_job_item to recado_api
  using (workspace_id = (select own_workspace())
    and ((select every_account()) or account_id = any ((select own_accounts())::uuid[])))
  with check (workspace_id = (select own_workspace())
    and ((select every_account()) or account_id = any ((select own_accounts())::uuid[])));
grant select, insert, update, delete on conversation_job, conversation_job_item to recado_api;
