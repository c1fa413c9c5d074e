// The table endpoint_replay: replays and recoveries, which run in pieces.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import type { Position } from '../events/index.ts';
import type { ReplayRow } from './endpoint.ts';
import type { EventSelection } from './matching.ts';

const columns = sql`r.id, r.workspace_id, r.endpoint_id, r.kind, r.from_at, r.until_at, r.event_types, r.after, r.examined,
  r.queued, r.created_at, r.ended_at`;

export interface NewReplay {
  id: string;
  workspaceId: string;
  endpointId: string;
  kind: ReplayRow['kind'];
  from: Date;
  until: Date;
  eventTypes: string[] | null;
  /** Where it begins in the log; undefined for its begin. */
  after: Position | undefined;
  createdBy: string;
}

export async function insertReplay(tx: Queryable, replay: NewReplay, now: Date): Promise<void> {
  const { after } = replay;
  await tx.query(sql`insert into endpoint_replay (id, workspace_id, endpoint_id, kind, from_at, until_at, event_types, after_xid, after,
      created_by, created_at)
    values (${replay.id}, ${replay.workspaceId}, ${replay.endpointId}, ${replay.kind}, ${replay.from}, ${replay.until},
      ${replay.eventTypes}::text[], ${after?.xid ?? '0'}::xid8, ${after?.id ?? 0}, ${replay.createdBy}, ${now})`);
}

export async function findReplay(db: Queryable, endpointId: string, id: string): Promise<ReplayRow | undefined> {
  const [row] = await db.query<ReplayRow>(
    sql`select ${columns} from endpoint_replay r where r.id = ${id} and r.endpoint_id = ${endpointId}`,
  );
  return row;
}

/** A page of the replays and recoveries of an endpoint, newest first. */
export async function listReplays(
  db: Queryable,
  endpointId: string,
  page: PageRequest,
): Promise<{ rows: ReplayRow[]; total: number }> {
  const after = page.after ? sql`and r.id < ${page.after[0]}::uuid` : sql``;
  const rows = await db.query<ReplayRow>(sql`select ${columns} from endpoint_replay r
    where r.endpoint_id = ${endpointId} ${after} order by r.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(sql`select count(*) as total from
    (select 1 from endpoint_replay where endpoint_id = ${endpointId} limit ${countedTo + 1}) x`);
  return { rows, total: count?.total ?? 0 };
}

/** Whether an endpoint has a replay with work left. */
export async function isReplaying(tx: Queryable, endpointId: string): Promise<boolean> {
  const rows = await tx.query(
    sql`select 1 as n from endpoint_replay where endpoint_id = ${endpointId} and ended_at is null limit 1`,
  );
  return rows.length > 0;
}

/** Replays that have work left, the oldest first. */
export async function runningReplays(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    sql`select id from endpoint_replay where ended_at is null order by created_at limit 20`,
  );
  return rows.map(row => row.id);
}

export type RunningReplay = ReplayRow & { after_xid: string; selection: EventSelection | undefined };

/** Locks a replay that has work left, unless another process works on it. `selection`: what its endpoint gets, if it is there. */
export async function lockReplay(tx: Queryable, id: string): Promise<RunningReplay | undefined> {
  const [row] = await tx.query<ReplayRow & { after_xid: string }>(sql`select ${columns}, r.after_xid::text as after_xid
    from endpoint_replay r where r.id = ${id} and r.ended_at is null for update skip locked`);
  if (!row) return undefined;
  const [selection] =
    await tx.query<EventSelection>(sql`select id, workspace_id, event_types, accounts, permissions, filter
    from endpoint where id = ${row.endpoint_id}`);
  return { ...row, selection };
}

/** Records a piece of a locked replay. */
export async function advanceReplay(
  tx: Queryable,
  id: string,
  piece: { after: Position; examined: number; queued: number; done: boolean },
  now: Date | null,
): Promise<void> {
  await tx.query(sql`update endpoint_replay set after_xid = ${piece.after.xid}::xid8, after = ${piece.after.id},
      examined = examined + ${piece.examined}, queued = queued + ${piece.queued},
      ended_at = case when ${piece.done}::boolean then clock(${now}) end
    where id = ${id}`);
}

/** The next deliveries of an endpoint that failed within a time: for good, or an attempt of what waits. */
export async function failedDeliveries(
  tx: Queryable,
  { endpoint_id, from_at, until_at, after }: ReplayRow,
  limit: number,
): Promise<number[]> {
  const rows = await tx.query<{ seq: number }>(sql`
    select seq from (
      (select seq from ended_delivery where endpoint_id = ${endpoint_id} and status = 'failed'
        and seq > ${after} and ended_at >= ${from_at} and ended_at < ${until_at} order by seq limit ${limit})
      union all
      (select d.seq from open_delivery d where d.endpoint_id = ${endpoint_id} and d.round > 0
        and d.seq > ${after} and exists (select 1 from delivery_attempt a where a.endpoint_id = d.endpoint_id and a.delivery_seq = d.seq
          and a.started_at >= ${from_at} and a.started_at < ${until_at} and a.error is not null)
        order by d.seq limit ${limit})) x order by seq limit ${limit}`);
  return rows.map(row => row.seq);
}
