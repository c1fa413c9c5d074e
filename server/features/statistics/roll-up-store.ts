// Adds the changes of counts to the kept counts.
import { sweepInChunks } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** The most rows of changes that a step adds up at once. */
const rowsAtOnce = 20_000;

/** Steps of a sweep. They change the lanes of no account. */
export const countMaintenance = (db: Queryable, now: () => Date | null): (() => Promise<string[]>)[] => [
  () => sweepInChunks(now, () => db.query(sql`select roll_up_counts() as done`), rowsAtOnce),
  () => sweepInChunks(now, () => db.query(sql`select roll_up_times() as done`), rowsAtOnce),
  () => sweepInChunks(now, () => db.query(sql`select roll_up_lists() as done`), rowsAtOnce),
];
