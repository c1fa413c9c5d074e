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
