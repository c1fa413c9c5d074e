// The table message_batch: what was sent together, and how far it is.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

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

/**
 * A batch with its progress. In a batch of another caller, a limited caller sees only the messages of its accounts, and
 * no batch without any.
 */
export async function findBatch(
  db: Queryable,
  caller: { workspaceId: string; id: string; accounts: readonly string[] | undefined },
  id: string,
): Promise<BatchRow | undefined> {
  const whole = caller.accounts === undefined ? sql`true` : sql`b.created_by is not distinct from ${caller.id}`;
  const [row] = await db.query<BatchRow>(sql`
    select b.id, case when ${whole} then b.total else v.n end as total, case when ${whole} then b.accepted else v.n end as accepted,
      b.created_at, v.by_status, batch_waits(b.id) as waits
    from message_batch b cross join lateral (
      select coalesce(sum(s.n), 0)::int as n, coalesce(jsonb_object_agg(s.status, s.n), '{}') as by_status
      from (select status, count(*) as n from message where batch_id = b.id group by 1) s) v
    where b.workspace_id = ${caller.workspaceId} and b.id = ${id} and (${whole} or v.n > 0)`);
  return row;
}
