// The lane table.
import type { Queryable } from '../kit/db.ts';
import { sql } from '../kit/sql.ts';

/** Makes the lane of a key, where it is not there yet. */
export async function createLane(tx: Queryable, kind: string, key: string): Promise<void> {
  await tx.query(sql`insert into lane (kind, key) values (${kind}, ${key}) on conflict do nothing`);
}

/** Holds a lane until somebody releases it. */
export async function holdLane(tx: Queryable, kind: string, key: string, reason: string): Promise<void> {
  await tx.query(
    sql`update lane set held_until = 'infinity', held_reason = ${reason} where kind = ${kind} and key = ${key}`,
  );
}

/** Ends a hold of one of these reasons as of now, so that the next claim decides anew. */
export async function releaseLane(
  tx: Queryable,
  kind: string,
  key: string,
  reasons: string[],
  now: Date | null,
): Promise<void> {
  await tx.query(sql`update lane set held_until = least(held_until, present(${now})), held_reason = null, strikes = 0, quiet_until = '-infinity'
    where kind = ${kind} and key = ${key} and held_reason = any (${reasons})`);
}

/** Ends whatever was at work on any lane: only for who knows that no worker lives. */
export async function endRuns(tx: Queryable): Promise<void> {
  await tx.query(sql`update lane set runner = null, lease_until = '-infinity'`);
}
