// The table segment_member: who is in a static list.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';

/** Changes a list; its readers hear of it if somebody came or left. Returns how many did. */
async function change(tx: Queryable, workspaceId: string, segmentId: string, changed: Fragment): Promise<number> {
  const [row] = await tx.query<{ n: number }>(sql`with changed as (${changed}),
    told as (update segment set revision = revision + 1, updated_at = clock_timestamp()
      where workspace_id = ${workspaceId} and id = ${segmentId} and exists (select from changed))
    select count(*)::int as n from changed`);
  return row?.n ?? 0;
}

/** Puts contacts into a list. Returns how many were not in it. */
export const addMembers = (
  tx: Queryable,
  workspaceId: string,
  segmentId: string,
  contactIds: string[],
): Promise<number> =>
  change(
    tx,
    workspaceId,
    segmentId,
    // A contact that is being deleted is deleted first, or comes into no list.
    sql`insert into segment_member (segment_id, contact_id, workspace_id)
      select ${segmentId}, c.id, c.workspace_id from (select id, workspace_id from contact where workspace_id = ${workspaceId}
        and id = any (${contactIds}::uuid[]) and deleted_at is null order by id for key share) c
      on conflict do nothing returning 1`,
  );

/** Takes contacts out of a list. Returns how many were in it. */
export const removeMembers = (
  tx: Queryable,
  workspaceId: string,
  segmentId: string,
  contactIds: string[],
): Promise<number> =>
  change(
    tx,
    workspaceId,
    segmentId,
    sql`delete from segment_member where workspace_id = ${workspaceId} and segment_id = ${segmentId}
      and contact_id = any (${contactIds}::uuid[]) returning 1`,
  );

/** Takes contacts out of every list. */
export async function leaveLists(tx: Queryable, workspaceId: string, contactIds: string[]): Promise<void> {
  await tx.query(sql`delete from segment_member where workspace_id = ${workspaceId}
    and contact_id = any (${contactIds}::uuid[])`);
}

/** The names of the lists of the contact `c`, for an export of a person. */
export const listsOfContact = sql`array(select s.name from segment_member m join segment s on s.id = m.segment_id
  where m.contact_id = c.id order by s.name)`;
