// Unknown and missing outcomes: how they are resolved, reported and restored.

import { sweepInChunks } from '../../kit/db/chunks.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** The most events of a workspace that a step of the watchdog looks at. */
const eventsAtOnce = 100;

/** Resolves unknown outcomes, and reports messages that were never delivered. Each step returns the changed accounts. */
export const outcomeMaintenance = (db: Queryable, now: () => Date | null): (() => Promise<string[]>)[] => [
  () => sweepInChunks(now, () => db.query(sql`select account_id, done from resolve_unknown(${now()})`)),
  () => sweepInChunks(now, () => db.query(sql`select report_undelivered(${now()}) as done`), eventsAtOnce),
];

/** Reports messages that should have left long ago, though nothing holds them that we know of. */
export async function reportStuck(db: Queryable, now: Date | null): Promise<void> {
  await db.query(sql`select report_stuck(${now})`);
}

/** Gives receipts of unknown outcomes some more time: after one in which perhaps none could come. */
export async function prolongGracePeriods(db: Queryable, now: Date | null): Promise<void> {
  await db.query(sql`select prolong_grace_periods(${now})`);
}

const recovery = 'recovery';

/** When the database was last marked as restored or recovered, by its own clock; undefined if it never was. */
export async function lastRecovery(db: Queryable): Promise<Date | undefined> {
  const [row] = await db.query<{ at: Date }>(
    sql`select changed_at as at from installation_setting where name = ${recovery}`,
  );
  return row?.at;
}

/** Marks messages after a restore, and that it was done: see mark_restored. */
export async function markRestored(tx: Queryable, resume: boolean): Promise<{ unknown: number; held: number }> {
  await tx.query(sql`insert into installation_setting as s (name, value, changed_at)
    values (${recovery}, ${JSON.stringify({ resume })}::jsonb, clock_timestamp())
    on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at`);
  const [row] = await tx.query<{ unknown: number; held: number }>(sql`select * from mark_restored(${resume})`);
  return row ?? { unknown: 0, held: 0 };
}
