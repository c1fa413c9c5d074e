// The tables team, team_member and team_account.
import type { AvailabilityStatus, BusinessHours, OfflinePolicy, TeamMode } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';

/** What people set of a team. */
export interface TeamSettings {
  name: string;
  mode: TeamMode;
  sticky: boolean;
  capacity: number | null;
  reassign_after_minutes: number | null;
  offline_policy: OfflinePolicy;
  offline_grace_minutes: number;
  hours: BusinessHours | null;
}

export interface MemberRow {
  person_id: string;
  name: string;
  status: AvailabilityStatus;
  until: string | null;
  capacity: number;
  open: number;
  last_assigned_at: string | null;
}

export interface TeamRow extends TeamSettings {
  id: string;
  open_until: Date | null;
  accounts: string[];
  members: MemberRow[];
  open: number;
  unassigned: number;
  waiting_since: Date | null;
  created_at: Date;
  updated_at: Date;
}

const time = (at: Fragment) => sql`to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** When the hours of a team `g` end that it works in at the moment, by spans that follow each other. */
const openUntil = (now: Date | null) => sql`(
  select min(s.closes) from (select (clock(${now}) at time zone (g.hours ->> 'time_zone'))::date as day) d
  cross join lateral open_spans(g.hours, d.day, d.day + 8) s
  where s.closes > clock(${now}) and s.closes <= (d.day + 8)::timestamp at time zone (g.hours ->> 'time_zone')
    and not exists (select 1 from open_spans(g.hours, d.day, d.day + 8) n where n.opens = s.closes)
    and exists (select 1 from open_spans(g.hours, d.day, d.day) o where o.opens <= clock(${now}) and o.closes > clock(${now})))`;

const shown = (now: Date | null) => sql`select g.id, g.name, g.mode, g.sticky, g.capacity, g.reassign_after_minutes,
    g.offline_policy, g.offline_grace_minutes, g.hours, ${openUntil(now)} as open_until, g.created_at, g.updated_at, o.open, o.unassigned, o.waiting_since,
    array(select a.account_id from team_account a where a.team_id = g.id order by a.account_id) as accounts,
    coalesce((select jsonb_agg(jsonb_build_object('person_id', m.person_id, 'name', p.name, 'capacity', m.capacity,
        'status', coalesce(a.status, 'away'), 'until', ${time(sql`a.until`)}, 'last_assigned_at', ${time(sql`m.last_assigned_at`)},
        'open', (select count(*) from conversation c where c.assignee_id = m.person_id and c.state = 'open'
          and c.workspace_id = m.workspace_id and takes_room(c, clock(${now})))) order by p.name, p.id)
      from team_member m join person p on p.id = m.person_id
      left join availability a on a.workspace_id = m.workspace_id and a.person_id = m.person_id
      where m.team_id = g.id), '[]') as members
  from team g cross join lateral (select count(*)::int as open,
    (count(*) filter (where c.assignee_id is null))::int as unassigned,
    min(c.waiting_since) filter (where c.assignee_id is null) as waiting_since
    from conversation c where c.team_id = g.id and c.state = 'open') o`;

/** The teams of a workspace, by name. */
export const listTeams = (db: Queryable, workspaceId: string, now: Date | null): Promise<TeamRow[]> =>
  db.query<TeamRow>(sql`${shown(now)} where g.workspace_id = ${workspaceId} and g.deleted_at is null
    order by folded(g.name), g.id`);

export async function findTeam(
  db: Queryable,
  workspaceId: string,
  id: string,
  now: Date | null,
): Promise<TeamRow | undefined> {
  const [row] = await db.query<TeamRow>(sql`${shown(now)} where g.workspace_id = ${workspaceId} and g.id = ${id}
    and g.deleted_at is null`);
  return row;
}

/** Whether a workspace has the team. */
export async function hasTeam(db: Queryable, workspaceId: string, id: string): Promise<boolean> {
  const rows = await db.query(
    sql`select 1 from team where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null`,
  );
  return rows.length > 0;
}

/** Lets the changes of the teams of a workspace run one after the other. */
export async function oneAtATime(tx: Queryable, workspaceId: string): Promise<void> {
  await tx.query(sql`select 1 from workspace where id = ${workspaceId} for no key update`);
}

/** The names of the teams of a workspace that are in use, folded: whether this one is among them, and how many there are. */
export async function countTeams(
  tx: Queryable,
  workspaceId: string,
  name: string,
  except: string | null,
): Promise<{ total: number; taken: boolean }> {
  const [row] = await tx.query<{ total: number; taken: boolean }>(sql`select count(*)::int as total,
      coalesce(bool_or(folded(name) = folded(${name}) and id is distinct from ${except}::uuid), false) as taken
    from team where workspace_id = ${workspaceId} and deleted_at is null`);
  return row ?? { total: 0, taken: false };
}

export async function insertTeam(
  tx: Queryable,
  workspaceId: string,
  id: string,
  row: TeamSettings,
  now: Date,
): Promise<void> {
  await tx.query(sql`insert into team (id, workspace_id, name, mode, sticky, capacity, reassign_after_minutes, offline_policy,
      offline_grace_minutes, hours, created_at, updated_at)
    values (${id}, ${workspaceId}, ${row.name}, ${row.mode}, ${row.sticky}, ${row.capacity}, ${row.reassign_after_minutes},
      ${row.offline_policy}, ${row.offline_grace_minutes}, ${row.hours}, ${now}, ${now})`);
}

export async function updateTeam(tx: Queryable, id: string, row: TeamSettings, now: Date): Promise<void> {
  await tx.query(sql`update team set name = ${row.name}, mode = ${row.mode}, sticky = ${row.sticky},
      capacity = ${row.capacity}, reassign_after_minutes = ${row.reassign_after_minutes},
      offline_policy = ${row.offline_policy}, offline_grace_minutes = ${row.offline_grace_minutes}, hours = ${row.hours},
      updated_at = greatest(${now}, updated_at + interval '1 millisecond')
    where id = ${id}`);
}

/** Of these people those who may answer in the workspace. */
export async function ableAmong(db: Queryable, workspaceId: string, people: string[]): Promise<Set<string>> {
  const rows = await db.query<{ person_id: string }>(sql`select person_id from membership
    where workspace_id = ${workspaceId} and person_id = any (${people}::uuid[]) and removed_at is null and role <> 'viewer'`);
  return new Set(rows.map(row => row.person_id));
}

export interface NewMember {
  person: string;
  capacity: number;
}

/** Makes these people the members. Members who stay keep their turn. */
export async function setMembers(
  tx: Queryable,
  workspaceId: string,
  teamId: string,
  members: NewMember[],
): Promise<void> {
  const people = members.map(({ person }) => person);
  await tx.query(sql`delete from team_member where team_id = ${teamId} and person_id <> all (${people}::uuid[])`);
  await tx.query(sql`insert into team_member (team_id, workspace_id, person_id, capacity)
    select ${teamId}::uuid, ${workspaceId}::uuid, u.person, u.capacity
    from unnest(${people}::uuid[], ${members.map(({ capacity }) => capacity)}::int[]) u(person, capacity)
    on conflict (team_id, person_id) do update set capacity = excluded.capacity`);
}

/** Of these accounts those of the workspace that the caller sees. */
export async function accountsAmong(db: Queryable, workspaceId: string, accounts: string[]): Promise<Set<string>> {
  const rows = await db.query<{ id: string }>(sql`select id from account
    where workspace_id = ${workspaceId} and id = any (${accounts}::uuid[]) and deleted_at is null`);
  return new Set(rows.map(row => row.id));
}

/** Gives the new conversations of these accounts, and of no others, to a team. */
export async function setAccounts(
  tx: Queryable,
  workspaceId: string,
  teamId: string,
  accounts: string[],
): Promise<void> {
  await tx.query(sql`delete from team_account where team_id = ${teamId} and account_id <> all (${accounts}::uuid[])`);
  await tx.query(sql`insert into team_account (account_id, team_id, workspace_id)
    select u.account, ${teamId}::uuid, ${workspaceId}::uuid from unnest(${accounts}::uuid[]) u(account)
    on conflict (account_id) do update set team_id = excluded.team_id`);
}

/** An account that is deleted is of no team. */
export async function forgetAccount(tx: Queryable, accountId: string): Promise<void> {
  await tx.query(sql`delete from team_account where account_id = ${accountId}`);
}

/** Deletes a team: its conversations that are not closed are of none. The team stays as a name in their threads. */
export async function deleteTeam(
  tx: Queryable,
  workspaceId: string,
  id: string,
  by: string,
  now: Date,
): Promise<boolean> {
  const rows = await tx.query(sql`update team set deleted_at = ${now} where workspace_id = ${workspaceId} and id = ${id}
    and deleted_at is null returning 1`);
  if (rows.length === 0) return false;
  await tx.query(sql`delete from team_member where team_id = ${id}`);
  await tx.query(sql`delete from team_account where team_id = ${id}`);
  await tx.query(sql`update conversation set team_id = null, reassign_due_at = null, assigned_at = ${now}, assigned_by = ${by},
      assign_reason = null
    where team_id = ${id} and state <> 'closed'`);
  return true;
}
