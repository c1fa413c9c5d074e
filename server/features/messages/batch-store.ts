// The table message_batch: what was sent together, and how far it is.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';

export interface BatchRow {
  id: string;
  total: number;
  accepted: number;
  created_at: Date;
  by_status: Record<string, number>;
  /** Whether anything of it is not settled, be it of an account that the caller may not see. */
  waits: boolean;
}

/** Stores a batch; a repeat finds it there. Gives when it was made. */
export async function insertBatch(
  db: Queryable,
  batch: { id: string; workspaceId: string; createdBy: string; total: number; accepted: number },
): Promise<Date> {
  const [row] = await db.query<{ created_at: Date }>(sql`
    insert into message_batch (id, workspace_id, total, accepted, created_by)
    values (${batch.id}, ${batch.workspaceId}, ${batch.total}, ${batch.accepted}, ${batch.createdBy})
    on conflict (id) do update set accepted = excluded.accepted returning created_at`);
  return row?.created_at ?? new Date(0);
}

interface BatchCaller {
  workspaceId: string;
  id: string;
  accounts: readonly string[] | undefined;
}

/** Whether a caller sees all of a batch. */
const isWhole = ({ accounts, id }: BatchCaller): Fragment =>
  accounts === undefined ? sql`true` : sql`b.created_by is not distinct from ${id}`;

/** Batches with their progress, as a caller sees them. */
const shown = (caller: BatchCaller, batches: Fragment): Fragment => sql`
  select b.id, case when ${isWhole(caller)} then b.total else v.n end as total,
    case when ${isWhole(caller)} then b.accepted else v.n end as accepted, b.created_at, v.by_status, batch_waits(b.id) as waits
  from (${batches}) b cross join lateral (
    select coalesce(sum(s.n), 0)::int as n, coalesce(jsonb_object_agg(s.status, s.n), '{}') as by_status
    from (select status, count(*) as n from message where batch_id = b.id group by 1) s) v`;

/** The batches of which a caller sees anything. */
const visible = (caller: BatchCaller): Fragment => sql`b.workspace_id = ${caller.workspaceId}
  and (${isWhole(caller)} or exists (select 1 from message m where m.batch_id = b.id))`;

/** A page of batches, newest first. */
export async function listBatches(
  db: Queryable,
  caller: BatchCaller,
  page: PageRequest,
): Promise<{ rows: BatchRow[]; total: number }> {
  const after = page.after ? sql`and b.id < ${page.after[0]}` : sql``;
  const rows = await db.query<BatchRow>(
    sql`${shown(
      caller,
      sql`select b.* from message_batch b where ${visible(caller)} ${after}
      order by b.id desc limit ${page.limit + 1} offset ${page.offset}`,
    )} order by b.id desc`,
  );
  const [count] = await db.query<{ total: number }>(sql`select count(*) as total from (
    select 1 from message_batch b where ${visible(caller)} limit ${countedTo + 1}) x`);
  return { rows, total: count?.total ?? 0 };
}

/**
 * A batch with its progress. In a batch of another caller, a limited caller sees only the messages of its accounts, and
 * no batch without any.
 */
export async function findBatch(db: Queryable, caller: BatchCaller, id: string): Promise<BatchRow | undefined> {
  const [row] = await db.query<BatchRow>(
    shown(caller, sql`select b.* from message_batch b where ${visible(caller)} and b.id = ${id}`),
  );
  return row;
}
