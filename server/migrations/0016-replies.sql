-- Saved replies: texts that people write often.

-- owner_id: whose own reply it is, a person's or an API key's; null for one of a team or of the
-- workspace. team_id: of the team whose it is. accounts: null for all. files: of media, in their order.
create table saved_reply (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  owner_id uuid,
  team_id uuid,
  shortcut text not null,
  title text not null,
  body text not null,
  files uuid[] not null,
  language text,
  accounts uuid[],
  creator_kind text not null check (creator_kind in ('person', 'api_key')),
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique nulls not distinct (workspace_id, owner_id, team_id, shortcut)
);
create index saved_reply_files on saved_reply using gin (files);

-- How often a reply was used on a day of the last month.
create table saved_reply_use (
  saved_reply_id uuid not null references saved_reply on delete cascade,
  workspace_id uuid not null,
  day date not null,
  uses int not null,
  primary key (saved_reply_id, day)
);

-- Of a reply that is somebody's own nobody else hears.
create function saved_reply_event() returns trigger language plpgsql as $$
begin
  perform append_event(r.workspace_id, 'saved_reply.' || tg_argv[0], null,
      jsonb_build_object('saved_reply_id', r.id, 'shortcut', r.shortcut), clock_timestamp())
    from (select case when tg_op = 'DELETE' then old else new end as r) x cross join lateral (select (x.r).*) r
    where r.owner_id is null;
  return null;
end $$;
create trigger saved_reply_created_event after insert on saved_reply for each row
  execute function saved_reply_event('created');
create trigger saved_reply_updated_event after update on saved_reply for each row
  when (old.updated_at <> new.updated_at) execute function saved_reply_event('updated');
create trigger saved_reply_deleted_event after delete on saved_reply for each row
  execute function saved_reply_event('deleted');

grant select, insert, update, delete on saved_reply, saved_reply_use to recado_engine, recado_api;
alter table saved_reply enable row level security;
create policy engine on saved_reply to recado_engine using (true) with check (true);
-- Of a caller who is limited to some accounts, the replies for all accounts or for one of these.
create policy api on saved_reply to recado_api
  using (workspace_id = (select own_workspace())
    and ((select every_account()) or accounts is null or accounts && (select own_accounts())::uuid[]))
  with check (workspace_id = (select own_workspace()));
alter table saved_reply_use enable row level security;
create policy engine on saved_reply_use to recado_engine using (true) with check (true);
create policy api on saved_reply_use to recado_api
  using (workspace_id = (select own_workspace()) and saved_reply_id in (select id from saved_reply))
  with check (workspace_id = (select own_workspace()) and saved_reply_id in (select id from saved_reply));
