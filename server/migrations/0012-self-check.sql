-- The last self-check of each workspace. checks: those that have ended.
create table self_check (
  workspace_id uuid primary key references workspace,
  run uuid not null,
  by_kind text not null check (by_kind in ('person', 'api_key')),
  by_id uuid not null,
  checks jsonb not null default '[]',
  began_at timestamptz not null,
  ended_at timestamptz
) with (fillfactor = 50);

grant select, insert, update, delete on self_check to recado_engine, recado_api;
alter table self_check enable row level security;
create policy engine on self_check to recado_engine using (true) with check (true);
create policy api on self_check to recado_api using (workspace_id = (select own_workspace()) and (select every_account()))
  with check (workspace_id = (select own_workspace()) and (select every_account()));
