-- Hooks: addresses that other programs call, and what became of each call.

-- hash: of its token, which nobody can read again. contacts: whom it writes to. template: null where it writes texts only.
-- variables: what fills those of the template. limit_n messages in limit_s seconds.
create table hook (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  hash bytea not null unique,
  token_end text not null,
  account_id uuid not null references account,
  contacts uuid[] not null,
  template text,
  language text,
  variables text[],
  format text check (format in ('alertmanager', 'grafana', 'uptime_kuma', 'text')),
  tells_resolved boolean not null,
  group_s int not null,
  limit_n int not null,
  limit_s int not null,
  created_by_kind text not null check (created_by_kind in ('person', 'api_key')),
  created_by uuid not null,
  created_at timestamptz not null
);
create index hook_list on hook (workspace_id, id);
create index hook_account on hook (account_id);

-- A call. account_id: of the hook at that time. subject: a hash of what it is about; fingerprint: with its state. body: what
-- is to be told, and null once nothing is. group_id: the first of the calls that are told in one message. The columns below
-- are of that one: how often it was tried, when first, who was told, and the messages. due_at: when it is to be told, and of
-- one that is being told, when somebody else may.
create table hook_call (
  id uuid primary key,
  -- The order in which calls came.
  seq bigint generated always as identity,
  hook_id uuid not null references hook on delete cascade,
  workspace_id uuid not null,
  account_id uuid not null,
  at timestamptz not null,
  format text,
  state text,
  title text,
  source text,
  link text,
  body text,
  subject bytea,
  fingerprint bytea,
  outcome text not null check (outcome in ('waiting', 'sent', 'failed', 'repeated', 'left_out', 'rejected')),
  error text,
  due_at timestamptz,
  group_id uuid,
  attempts int not null default 0,
  begun_at timestamptz,
  told uuid[] not null default '{}',
  messages uuid[] not null default '{}'
);
create index hook_call_list on hook_call (hook_id, seq);
create index hook_call_day on hook_call (hook_id, at);
create index hook_call_subject on hook_call (hook_id, subject, seq) where subject is not null;
create index hook_call_due on hook_call (hook_id, due_at) where outcome = 'waiting';
create index hook_call_limit on hook_call (hook_id, begun_at) where begun_at is not null;
create index hook_call_age on hook_call (at);

create function hook_event() returns trigger language plpgsql as $$
declare h hook := case when tg_op = 'DELETE' then old else new end;
begin
  perform append_event(h.workspace_id, 'hook.' || tg_argv[0], h.account_id,
    jsonb_build_object('hook_id', h.id, 'name', h.name), clock_timestamp());
  return null;
end $$;
create trigger hook_created_event after insert on hook for each row execute function hook_event('created');
create trigger hook_updated_event after update on hook for each row when (old.hash = new.hash)
  execute function hook_event('updated');
create trigger hook_rotated_event after update on hook for each row when (old.hash <> new.hash)
  execute function hook_event('rotated');
create trigger hook_revoked_event after delete on hook for each row execute function hook_event('revoked');

grant select, insert, update, delete on hook, hook_call to recado_engine;
do $$
declare t text;
begin
  foreach t in array '{hook,hook_call}'::text[] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy engine on %I to recado_engine using (true) with check (true)', t);
    execute format('create policy api on %I to recado_api using (%s) with check (%2$s)', t,
      'workspace_id = (select own_workspace()) and ((select every_account())
        or account_id = any ((select own_accounts())::uuid[]))');
    execute format('grant select, insert, update, delete on %I to recado_api', t);
  end loop;
end $$;
