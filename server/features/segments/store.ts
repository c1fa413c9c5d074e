// The table segment.
import type { SegmentFilter, SegmentKind } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, sql } from '../../kit/db/sql.ts';
import { countedTo } from '../../kit/http/routes.ts';
import { newUuid, toId } from '../../kit/ids.ts';

export interface SegmentRow {
  id: string;
  name: string;
  kind: SegmentKind;
  filter: SegmentFilter | null;
  revision: number;
  saved_count: number | null;
  saved_at: Date;
  /** Of a list, counted up to 10,001. */
  members: number;
  created_at: Date;
  updated_at: Date;
}

const columns = sql`s.id, s.name, s.kind, s.filter, s.revision, s.saved_count, s.saved_at, s.created_at, s.updated_at,
  (select count(*)::int from (select 1 from segment_member m where m.segment_id = s.id limit ${countedTo + 1}) x) as members`;

/** The segments of a workspace, by name. */
export const listSegments = (db: Queryable, workspaceId: string, kind?: SegmentKind): Promise<SegmentRow[]> =>
  db.query<SegmentRow>(
    sql`select ${columns} from segment s where ${all([
      sql`s.workspace_id = ${workspaceId}`,
      kind !== undefined && sql`s.kind = ${kind}`,
    ])} order by folded(s.name), s.id`,
  );

/** The segments with these ids that are there. */
export const segmentsById = (db: Queryable, workspaceId: string, ids: string[]): Promise<SegmentRow[]> =>
  db.query<SegmentRow>(sql`select ${columns} from segment s
    where s.workspace_id = ${workspaceId} and s.id = any (${ids}::uuid[])`);

export const findSegment = async (db: Queryable, workspaceId: string, id: string): Promise<SegmentRow | undefined> =>
  (await segmentsById(db, workspaceId, [id]))[0];

/** Has the changes of segments of a workspace happen one after the other, so that their rules hold. */
export async function oneAtATime(tx: Queryable, workspaceId: string): Promise<void> {
  await tx.query(sql`select 1 from workspace where id = ${workspaceId} for no key update`);
}

/** Whether a segment has the name, other than `except`. */
export async function hasName(tx: Queryable, workspaceId: string, name: string, except?: string): Promise<boolean> {
  const rows = await tx.query(sql`select 1 from segment where workspace_id = ${workspaceId}
    and folded(name) = folded(${name}) and id is distinct from ${except ?? null}::uuid`);
  return rows.length > 0;
}

/** How many segments a workspace has. */
export async function countSegments(tx: Queryable, workspaceId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    sql`select count(*) as n from segment where workspace_id = ${workspaceId}`,
  );
  return row?.n ?? 0;
}

/** The name of a segment that leaves this one out, if there is one. */
export async function whoLeavesOut(tx: Queryable, workspaceId: string, id: string): Promise<string | undefined> {
  const [row] = await tx.query<{ name: string }>(sql`select name from segment where workspace_id = ${workspaceId}
    and filter -> 'leave_out' ? ${toId('segment', id)} order by folded(name) limit 1`);
  return row?.name;
}

export interface NewSegment {
  name: string;
  kind: SegmentKind;
  filter: SegmentFilter | null;
  savedCount: number | null;
}

export async function insertSegment(tx: Queryable, workspaceId: string, segment: NewSegment): Promise<string> {
  const id = newUuid();
  const filter = segment.filter && JSON.stringify(segment.filter);
  await tx.query(sql`insert into segment (id, workspace_id, name, kind, filter, saved_count)
    values (${id}, ${workspaceId}, ${segment.name}, ${segment.kind}, ${filter}, ${segment.savedCount})`);
  return id;
}

/** Changes the name, or the filter with the count of the moment. */
export async function changeSegment(
  tx: Queryable,
  workspaceId: string,
  id: string,
  { name, saved }: { name?: string | undefined; saved?: { filter: SegmentFilter; count: number | null } | undefined },
): Promise<void> {
  const filter = saved ? JSON.stringify(saved.filter) : null;
  await tx.query(sql`update segment set name = coalesce(${name ?? null}, name), filter = coalesce(${filter}::jsonb, filter),
      saved_count = case when ${saved !== undefined} then ${saved?.count ?? null}::int else saved_count end,
      saved_at = case when ${saved !== undefined} then clock_timestamp() else saved_at end,
      revision = revision + 1, updated_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id}`);
}

export async function deleteSegment(tx: Queryable, workspaceId: string, id: string): Promise<void> {
  await tx.query(sql`delete from segment where workspace_id = ${workspaceId} and id = ${id}`);
}
