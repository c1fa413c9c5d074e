-- The signals whose rule a workspace was given, so that a new signal reaches it once and a deleted rule stays deleted. A
-- workspace without any is from before this table, or made by a program from before it: it was given the first signals.
create table alert_seed (
  workspace_id uuid not null references workspace,
  signal text not null,
  primary key (workspace_id, signal)
);
alter table alert_seed enable row level security;
create policy engine on alert_seed to recado_engine using (true) with check (true);
create policy api on alert_seed to recado_api using (workspace_id = (select own_workspace()))
  with check (workspace_id = (select own_workspace()));
grant select, insert on alert_seed to recado_engine, recado_api;
