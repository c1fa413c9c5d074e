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
}

/** Who works in a workspace, or one of them, with what they chose. */
export const listAvailability = (db: Queryable, workspaceId: string, personId?: string): Promise<AvailabilityRow[]> =>
  db.query<AvailabilityRow>(sql`select p.id as person_id, p.name, coalesce(a.status, 'away') as status, a.until, a.since
    from membership m join person p on p.id = m.person_id
    left join availability a on a.workspace_id = m.workspace_id and a.person_id = m.person_id
    where m.workspace_id = ${workspaceId} and m.removed_at is null and m.disabled_at is null
      ${personId === undefined ? sql`` : sql`and m.person_id = ${personId}`}
    order by p.name, p.id`);

/** Keeps what a person chose. The same choice again changes nothing. */
export async function setAvailability(
  tx: Queryable,
  workspaceId: string,
  personId: string,
  { status, until }: { status: AvailabilityStatus; until: Date | null },
  now: Date | null,
): Promise<void> {
  await tx.query(sql`insert into availability as a (workspace_id, person_id, status, until, since)
    values (${workspaceId}, ${personId}, ${status}, ${until}, clock(${now}))
    on conflict (workspace_id, person_id) do update set status = excluded.status, until = excluded.until,
      since = case when a.status = excluded.status then a.since else excluded.since end
    where (a.status, a.until) is distinct from (excluded.status, excluded.until)`);
}

/** Ends some choices whose time is over: online becomes offline, the others online. Returns how many. */
export async function endChoices(db: Queryable, now: Date | null, most: number): Promise<number> {
  const rows = await db.query(sql`update availability a
    set status = case a.status when 'online' then 'offline' else 'online' end, until = null, since = t.t
    from clock(${now}) t(t)
    where a.ctid = any (array(select ctid from availability where until <= clock(${now}) order by until limit ${most}
      for update skip locked))
    returning 1`);
  return rows.length;
}
