-- People whose availability follows the hours of their teams: online as these begin, offline as they end.

-- in_hours: whether a team of the person worked when the hours were last looked at; null: none has hours. hours_until:
-- until when that holds. hours_of: the sum of the times of the last changes of these teams, which tells any change.
alter table availability add column follows_hours boolean not null default false, add column in_hours boolean,
  add column hours_until timestamptz, add column hours_of numeric;
create index availability_follows on availability (workspace_id, person_id) where follows_hours;

-- A look at the hours is no change.
create or replace function availability_event() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (old.status, old.until, old.follows_hours) is not distinct from
    (new.status, new.until, new.follows_hours) then return null; end if;
  perform append_event(new.workspace_id, 'availability.changed', null, jsonb_build_object('person_id', new.person_id,
    'status', new.status, 'until', to_char(new.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'follows_hours', new.follows_hours), new.since);
  return null;
end $$;
