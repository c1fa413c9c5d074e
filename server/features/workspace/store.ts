// The table workspace.
import type { Queryable } from '../../kit/db.ts';
import { sql } from '../../kit/sql.ts';

export interface WorkspaceRow {
  id: string;
  name: string;
  keep_messages_days: number | null;
  created_at: Date;
}

export async function findWorkspace(db: Queryable, id: string): Promise<WorkspaceRow | undefined> {
  const [row] = await db.query<WorkspaceRow>(
    sql`select id, name, keep_messages_days, created_at from workspace where id = ${id}`,
  );
  return row;
}

/** Changes what is given; null for the days keeps messages for ever. */
export async function updateWorkspace(
  tx: Queryable,
  id: string,
  name: string | undefined,
  keepDays: number | null | undefined,
): Promise<void> {
  await tx.query(sql`update workspace set name = coalesce(${name ?? null}, name),
      keep_messages_days = case when ${keepDays !== undefined} then ${keepDays ?? null}::int else keep_messages_days end
    where id = ${id}`);
}
