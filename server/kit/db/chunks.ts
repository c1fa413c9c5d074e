// Work that is too much for one transaction.
import type { Queryable } from './database.ts';
import { type Fragment, sql } from './sql.ts';

/** Does a piece after the other, each with a COMMIT of its own, until one was less than `whole`; gives the sum. */
export async function inPieces(whole: number, piece: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const done = await piece();
    sum += done;
    if (done < whole) return sum;
  }
}

/** So few rows that their going takes no time to speak of, also where the table has millions of them. */
const forgottenAtOnce = 10_000;

/** Deletes some rows of a table that have outlived their use. Gives whether there may be more. */
export async function forgetSome(db: Queryable, table: Fragment, isOld: Fragment): Promise<boolean> {
  const [row] = await db.query<{ n: number }>(sql`
    with gone as (
      delete from ${table} where ctid = any (array(select ctid from ${table} where ${isOld} limit ${forgottenAtOnce})) returning 1)
    select count(*) as n from gone`);
  return row?.n === forgottenAtOnce;
}
