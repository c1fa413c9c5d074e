-- Which worker processes are alive, and what they serve. A row is touched every second and removed at an orderly stop.
create table worker (
  id uuid primary key,
  kinds text[] not null,
  -- The routes of the accounts whose lanes it runs.
  routes text[] not null,
  started_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

-- For the metrics of the last minutes and of the last hour, which are asked account by account.
create index attempt_recent on attempt (account_id, started_at);

-- The sets of SQL functions that are installed, each a schema of its own, and when a process last used one.
create table function_set (
  schema_name text primary key,
  installed_at timestamptz not null default clock_timestamp(),
  used_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
