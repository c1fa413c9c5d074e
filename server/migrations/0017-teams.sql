-- Teams: their members, the accounts whose new conversations are theirs, and who is available.

-- capacity: the most open conversations of all members. hours: when it works, as the API shows it; null: always. A deleted
-- team stays as a name.
create table team (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  mode text not null check (mode in ('manual', 'round_robin', 'balanced')),
  sticky boolean not null,
  capacity int check (capacity > 0),
  reassign_after_minutes int check (reassign_after_minutes > 0),
  offline_policy text not null check (offline_policy in ('keep', 'grace', 'to_team')),
  offline_grace_minutes int not null check (offline_grace_minutes > 0),
  hours jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz
);
create unique index team_name on team (workspace_id, folded(name)) where deleted_at is null;

-- The spans of time in which a team with these hours works, from the first to the last of these days. Those that a change
-- of the clock skips are shorter, or empty.
create function open_spans(p_hours jsonb, p_first date, p_last date)
returns table (opens timestamptz, closes timestamptz) language sql stable as $$
  select (d.day + i.opens) at time zone (p_hours ->> 'time_zone'), (d.day + i.closes) at time zone (p_hours ->> 'time_zone')
  from (select p_first + n as day from generate_series(0, p_last - p_first) n) d
  join jsonb_to_recordset(p_hours -> 'intervals') i(weekday int, opens time, closes time)
    on i.weekday = extract(isodow from d.day)
  where not exists (select from jsonb_array_elements(p_hours -> 'holidays') h where (h ->> 'date')::date = d.day) $$;

-- How many seconds of a span of time a team with these hours works; null without hours.
create function business_seconds(p_hours jsonb, p_from timestamptz, p_until timestamptz) returns float8
language sql stable as $$
  select coalesce(sum(extract(epoch from least(s.closes, p_until) - greatest(s.opens, p_from))), 0)::float8
  from open_spans(p_hours, (p_from at time zone (p_hours ->> 'time_zone'))::date,
    (p_until at time zone (p_hours ->> 'time_zone'))::date) s
  where s.closes > p_from and s.opens < p_until having p_hours is not null $$;

create table team_member (
  team_id uuid not null references team,
  person_id uuid not null references person,
  workspace_id uuid not null,
  capacity int not null check (capacity > 0),
  last_assigned_at timestamptz,
  primary key (team_id, person_id)
);
create index team_member_person on team_member (workspace_id, person_id);

create table team_account (
  account_id uuid primary key references account,
  team_id uuid not null references team,
  workspace_id uuid not null
);
create index team_account_team on team_account (team_id);

-- What a person chose; no row: nothing yet, which counts as away. until: when the choice ends. Who gives out conversations
-- holds the rows of those who are online, by person_id.
create table availability (
  workspace_id uuid not null references workspace,
  person_id uuid not null references person,
  status text not null check (status in ('online', 'away', 'offline')),
  until timestamptz,
  since timestamptz not null,
  primary key (workspace_id, person_id)
);
create index availability_until on availability (until) where until is not null;
create index availability_offline on availability (since) where status = 'offline';

-- A person who left the workspace is in none of its teams.
create function leave_teams() returns trigger language plpgsql as $$
begin
  with gone as (delete from team_member where workspace_id = old.workspace_id and person_id = old.person_id returning team_id)
  update team set updated_at = clock_timestamp() where id in (select team_id from gone);
  return null;
end $$;
create trigger membership_teams_left after update of removed_at on membership for each row
  when (old.removed_at is null and new.removed_at is not null) execute function leave_teams();

create function team_event() returns trigger language plpgsql as $$
begin
  perform append_event(new.workspace_id, 'team.' || tg_argv[0], null,
    jsonb_build_object('team_id', new.id, 'name', new.name), clock_timestamp());
  return null;
end $$;
create trigger team_created_event after insert on team for each row execute function team_event('created');
create trigger team_updated_event after update on team for each row
  when (new.deleted_at is null and old.updated_at <> new.updated_at) execute function team_event('updated');
create trigger team_deleted_event after update on team for each row
  when (old.deleted_at is null and new.deleted_at is not null) execute function team_event('deleted');

create function availability_event() returns trigger language plpgsql as $$
begin
  perform append_event(new.workspace_id, 'availability.changed', null, jsonb_build_object('person_id', new.person_id,
    'status', new.status, 'until', to_char(new.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), new.since);
  return null;
end $$;
create trigger availability_changed_event after insert or update on availability for each row
  execute function availability_event();

grant select, insert, update, delete on team, team_member, team_account, availability to recado_engine;
do $$
declare t text;
begin
  foreach t in array '{team,team_member,team_account,availability}'::text[] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy engine on %I to recado_engine using (true) with check (true)', t);
    execute format('create policy api on %I to recado_api using (%s) with check (%2$s)', t,
      'workspace_id = (select own_workspace())' || case t when 'team_account' then ' and ((select every_account())
        or account_id = any ((select own_accounts())::uuid[]))' else '' end);
    execute format('grant select, insert, update, delete on %I to recado_api', t);
  end loop;
end $$;
