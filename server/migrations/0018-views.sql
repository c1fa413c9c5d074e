-- Views of conversations that somebody saved.

-- owner_id: whose personal view it is, a person's or an API key's; null for one of a team or of the
-- workspace. team_id: of the team whose it is. filter: as the API shows it.
create table saved_view (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  owner_id uuid,
  team_id uuid,
  name text not null,
  filter jsonb not null,
  creator_kind text not null check (creator_kind in ('person', 'api_key')),
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create index saved_view_list on saved_view (workspace_id, owner_id);

-- Of a personal view nobody else hears.
create function saved_view_event() returns trigger language plpgsql as $$
begin
  perform append_event(v.workspace_id, 'saved_view.' || tg_argv[0], null,
      jsonb_build_object('saved_view_id', v.id, 'name', v.name), clock_timestamp())
    from (select case when tg_op = 'DELETE' then old else new end as v) x cross join lateral (select (x.v).*) v
    where v.owner_id is null;
  return null;
end $$;
create trigger saved_view_created_event after insert on saved_view for each row
  execute function saved_view_event('created');
create trigger saved_view_updated_event after update on saved_view for each row
  when (old.updated_at <> new.updated_at) execute function saved_view_event('updated');
create trigger saved_view_deleted_event after delete on saved_view for each row
  execute function saved_view_event('deleted');

alter table saved_view enable row level security;
create policy engine on saved_view to recado_engine using (true) with check (true);
create policy api on saved_view to recado_api using (workspace_id = (select own_workspace()))
  with check (workspace_id = (select own_workspace()));
grant select, insert, update, delete on saved_view to recado_engine, recado_api;

-- A deleted team takes its saved replies and views with it.
create function forget_team() returns trigger language plpgsql as $$
begin
  delete from saved_reply where workspace_id = new.workspace_id and team_id = new.id;
  delete from saved_view where workspace_id = new.workspace_id and team_id = new.id;
  return null;
end $$;
create trigger team_deleted_saved after update on team for each row
  when (old.deleted_at is null and new.deleted_at is not null) execute function forget_team();
