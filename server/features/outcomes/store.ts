// Unknown and missing outcomes: how they are resolved, reported and restored.

import { sweepInChunks } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** Resolves unknown outcomes, and reports messages that were never delivered. Each step returns the changed accounts. */
export const outcomeMaintenance = (db: Queryable, now: () => Date | null): (() => Promise<string[]>)[] => [
  () => sweepInChunks(now, () => db.query(sql`select account_id, done from resolve_unknown(${now()})`)),
  () => sweepInChunks(now, () => db.query(sql`select report_undelivered(${now()}) as done`)),
];

/** Reports messages that should have left long ago, though nothing holds them that we know of. */
export async function reportStuck(db: Queryable, now: Date | null): Promise<void> {
  await db.query(sql`select report_stuck(${now})`);
}

/** Gives receipts of unknown outcomes some more time: after one in which perhaps none could come. */
export async function prolongGracePeriods(db: Queryable, now: Date | null): Promise<void> {
  await db.query(sql`select prolong_grace_periods(${now})`);
}

/** Marks messages after a restore: see mark_restored. */
export async function markRestored(tx: Queryable, resume: boolean): Promise<{ unknown: number; held: number }> {
  const [row] = await tx.query<{ unknown: number; held: number }>(sql`select * from mark_restored(${resume})`);
  return row ?? { unknown: 0, held: 0 };
}
