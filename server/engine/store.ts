// The lane table.
import type { Queryable } from '../kit/db/database.ts';
import { sql } from '../kit/db/sql.ts';

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

/**
 * Ends a hold of one of these reasons as of now, so that the next claim decides anew; about the quiet hours it decides
 * anew in any case.
 */
export async function releaseLane(
  tx: Queryable,
  kind: string,
  key: string,
  reasons: string[],
  now: Date | null,
): Promise<void> {
  await tx.query(sql`update lane l set quiet_until = '-infinity',
      held_until = case when x.ends then least(l.held_until, present(${now})) else l.held_until end,
      held_reason = case when not x.ends then l.held_reason end,
      strikes = case when x.ends then 0 else l.strikes end
    from (select coalesce(o.held_reason = any (${reasons}), false) as ends from lane o where o.kind = ${kind} and o.key = ${key} for update) x
    where l.kind = ${kind} and l.key = ${key}`);
}

/** Ends whatever was at work on any lane: only for who knows that no worker lives. */
export async function endRuns(tx: Queryable): Promise<void> {
  await tx.query(sql`update lane set runner = null, lease_until = '-infinity'
    where runner is not null or lease_until > '-infinity'`);
}
