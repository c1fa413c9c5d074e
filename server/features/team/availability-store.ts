// The table availability: who is online, away or offline.
import type { AvailabilityStatus } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface AvailabilityRow {
  person_id: string;
  name: string;
  status: AvailabilityStatus;
  until: Date | null;
  since: Date | null;
  follows_hours: boolean;
}

/** A choice of a person. Undefined: it stays, or the hours decide. */
interface Choice {
  status: AvailabilityStatus | undefined;
  until: Date | null;
  followsHours: boolean | undefined;
}

/** Who works in a workspace, or one of them, with what they chose. */
export const listAvailability = (db: Queryable, workspaceId: string, personId?: string): Promise<AvailabilityRow[]> =>
  db.query<AvailabilityRow>(sql`select p.id as person_id, p.name, coalesce(a.status, 'away') as status, a.until, a.since,
      coalesce(a.follows_hours, false) as follows_hours
    from membership m join person p on p.id = m.person_id
    left join availability a on a.workspace_id = m.workspace_id and a.person_id = m.person_id
    where m.workspace_id = ${workspaceId} and m.removed_at is null and m.disabled_at is null
      ${personId === undefined ? sql`` : sql`and m.person_id = ${personId}`}
    order by p.name, p.id`);

/** The status that the hours `h` of a person's teams give; null without any. */
const byHours = sql`case h.in_hours when true then 'online' when false then 'offline' end`;

/** Keeps a choice. Without a status, the hours decide about a person who follows them. */
export async function setAvailability(
  tx: Queryable,
  workspaceId: string,
  personId: string,
  { status, until, followsHours }: Choice,
  now: Date | null,
): Promise<void> {
  await tx.query(sql`insert into availability as a (workspace_id, person_id, status, until, since, follows_hours, in_hours,
      hours_until, hours_of)
    select p.workspace_id, p.person_id, coalesce(${status ?? null}::text, ${byHours}, b.status, 'away'),
      ${until}::timestamptz, t.t, f.follows, h.in_hours, h.hours_until, h.hours_of
    from clock(${now}) t(t)
      cross join (select ${workspaceId}::uuid as workspace_id, ${personId}::uuid as person_id) p
      left join availability b on b.workspace_id = p.workspace_id and b.person_id = p.person_id
      cross join lateral (select coalesce(${followsHours ?? null}::boolean, b.follows_hours, false)) f(follows)
      left join lateral team_hours(p.workspace_id, p.person_id, t.t) h on f.follows
    on conflict (workspace_id, person_id) do update set status = excluded.status, until = excluded.until,
      since = case when a.status = excluded.status then a.since else excluded.since end,
      follows_hours = excluded.follows_hours, in_hours = excluded.in_hours, hours_until = excluded.hours_until,
      hours_of = excluded.hours_of`);
}

/**
 * Looks at the hours of some people who follow them, where these may begin or end, or where a team changed. Hours that
 * begin make a person online, and hours that end make them offline. No choice lasts longer. Returns how many it looked at.
 */
export async function followHours(db: Queryable, now: Date | null, most: number): Promise<number> {
  const rows = await db.query(sql`
    with due as materialized (select a.* from availability a cross join clock(${now}) t(t)
      where a.follows_hours and (a.hours_until <= t.t or a.hours_of is distinct from (
        select sum(extract(epoch from g.updated_at)) from team_member m join team g on g.id = m.team_id
        where m.workspace_id = a.workspace_id and m.person_id = a.person_id))
      order by a.person_id limit ${most} for update of a skip locked)
    update availability a set status = coalesce(n.status, a.status), until = case when n.status is null then a.until end,
      since = case when n.status <> a.status then t.t else a.since end, in_hours = h.in_hours, hours_until = h.hours_until,
      hours_of = h.hours_of
    from clock(${now}) t(t) cross join due d cross join lateral team_hours(d.workspace_id, d.person_id, t.t) h
      -- After a stop of the program, hours may have begun and ended since the last look.
      cross join lateral team_hours(d.workspace_id, d.person_id, least(d.hours_until, t.t)) e
      cross join lateral (select case when e.in_hours is distinct from d.in_hours or h.in_hours is distinct from d.in_hours
        then ${byHours} end) n(status)
    where a.workspace_id = d.workspace_id and a.person_id = d.person_id
    returning 1`);
  return rows.length;
}

/**
 * Ends some choices whose time is over: online becomes offline, the others online. The hours decide about people who
 * follow them. Returns how many.
 */
export async function endChoices(db: Queryable, now: Date | null, most: number): Promise<number> {
  const rows = await db.query(sql`update availability a
    set status = case when coalesce(a.in_hours, a.status <> 'online') then 'online' else 'offline' end, until = null,
      since = t.t
    from clock(${now}) t(t)
    where a.ctid = any (array(select ctid from availability where until <= clock(${now}) order by until limit ${most}
      for update skip locked))
    returning 1`);
  return rows.length;
}
