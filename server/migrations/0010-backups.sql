-- Backups of the installation, and proofs: restores of a backup into a database of their own.

-- file: the path of the backup. taken_at: when its content was. missed: contents of media that should be in it, and are
-- not. runner: the worker that does it, on a schedule; with its heartbeat ends its claim. Commands write a row at their end.
create table backup_run (
  id uuid primary key,
  kind text not null check (kind in ('backup', 'proof')),
  cause text not null check (cause in ('schedule', 'command')),
  state text not null check (state in ('running', 'done', 'failed')),
  file text not null,
  taken_at timestamptz,
  bytes bigint,
  rows bigint,
  messages bigint,
  contents bigint,
  missed bigint,
  duration_ms bigint,
  error text,
  began_at timestamptz not null,
  ended_at timestamptz,
  runner uuid
);
create unique index backup_run_one on backup_run ((true)) where state = 'running';
create index backup_run_last on backup_run (kind, id desc);

-- Of the installation, so request handlers of workspaces have no access.
grant select, insert, update, delete on backup_run to recado_engine;
