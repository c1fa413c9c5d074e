// The lane table.
import type { Queryable } from '../kit/db/database.ts';
import { sql } from '../kit/db/sql.ts';

/** Creates the lane of an account. */
export async function createLane(tx: Queryable, accountId: string): Promise<void> {
  await tx.query(sql`insert into lane (account_id) values (${accountId})`);
}

/** Locks the lane of an account: before its row, in each transaction that writes both. */
export async function lockLane(tx: Queryable, accountId: string): Promise<void> {
  await tx.query(sql`select 1 from lane where account_id = ${accountId} for update`);
}

/** Holds a lane until `releaseLane`. */
export async function holdLane(tx: Queryable, accountId: string, reason: string): Promise<void> {
  await tx.query(sql`update lane set held_until = 'infinity', held_reason = ${reason} where account_id = ${accountId}`);
}

/** Lets every kind of messages leave again that the channel did not send. The next claim checks all limits. */
export async function liftRestrictions(tx: Queryable, accountId: string): Promise<void> {
  await tx.query(sql`update lane set held_kinds = default, refused = 0 where account_id = ${accountId}`);
}

/**
 * Ends a hold with one of these reasons now. The next claim checks the limits again, and always checks the quiet hours
 * again.
 */
export async function releaseLane(
  tx: Queryable,
  accountId: string,
  reasons: string[],
  now: Date | null,
): Promise<void> {
  await tx.query(sql`update lane l set quiet_until = '-infinity',
      held_until = case when x.ends then least(l.held_until, clock(${now})) else l.held_until end,
      held_reason = case when not x.ends then l.held_reason end,
      consecutive_failures = case when x.ends then 0 else l.consecutive_failures end
    from (select coalesce(o.held_reason = any (${reasons}), false) as ends from lane o where o.account_id = ${accountId} for update) x
    where l.account_id = ${accountId}`);
}
