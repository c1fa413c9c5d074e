// Counts the rows that a statement changes.
import type { Queryable } from './database.ts';
import { type Fragment, sql } from './sql.ts';

/** Runs a statement without RETURNING, and returns how many rows it deleted, changed or inserted. */
export async function countChanged(tx: Queryable, statement: Fragment): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    sql`with changed as (${statement} returning 1) select count(*) as n from changed`,
  );
  return row?.n ?? 0;
}
