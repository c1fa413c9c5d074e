// Splits work that is too large for one transaction.
import type { Queryable } from './database.ts';
import { type Fragment, sql } from './sql.ts';

/** Runs `piece` repeatedly, each with its own COMMIT, until one handles fewer than `whole`. Returns the sum. */
export async function inChunks(whole: number, piece: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const done = await piece();
    sum += done;
    if (done < whole) return sum;
  }
}

/** The most messages that a step of maintenance takes at once. */
const sweptAtOnce = 500;
/** How long a step of maintenance runs while work is left, in milliseconds. The next sweep does the rest. */
const sweptMs = 1_000;

/**
 * Runs `chunk` repeatedly until one does fewer than `whole`, or the step has run long enough. Returns the accounts of
 * all rows, whose lanes may have something to do.
 */
export async function sweepInChunks(
  now: () => Date | null,
  chunk: () => Promise<{ account_id?: string; done: number }[]>,
  whole = sweptAtOnce,
): Promise<string[]> {
  const passedMs = () => now()?.getTime() ?? performance.now();
  const accounts = new Set<string>();
  const end = passedMs() + sweptMs;
  for (;;) {
    const rows = await chunk();
    for (const row of rows) if (row.account_id !== undefined) accounts.add(row.account_id);
    const done = rows.reduce((sum, row) => sum + row.done, 0);
    if (done < whole || passedMs() >= end) return [...accounts];
  }
}

/** Few enough to delete quickly, even from a table with millions of rows. */
const deletedAtOnce = 10_000;

/** Deletes one batch of expired rows of a table. Returns whether there may be more. */
export async function deleteExpired(db: Queryable, table: Fragment, isOld: Fragment): Promise<boolean> {
  const [row] = await db.query<{ n: number }>(sql`
    with gone as (
      delete from ${table} where ctid = any (array(select ctid from ${table} where ${isOld} limit ${deletedAtOnce})) returning 1)
    select count(*) as n from gone`);
  return row?.n === deletedAtOnce;
}
