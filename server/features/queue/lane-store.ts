// The lane table.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

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

/**
 * Locks the lanes of all accounts of a workspace, before a contact is deleted. A message that is being stored for the
 * contact is there by then and can be cancelled, or finds the contact deleted.
 */
export async function lockLanes(tx: Queryable, workspaceId: string): Promise<void> {
  await tx.query(sql`select 1 from lane where account_id in (select id from account where workspace_id = ${workspaceId})
    order by account_id for update`);
}

/** Locks the lanes of accounts, in order. Returns the time after that. */
export async function lockLanesOf(tx: Queryable, accountIds: readonly string[], now: Date | null): Promise<Date> {
  await tx.query(
    sql`select 1 from lane where account_id = any (${[...accountIds]}::uuid[]) order by account_id for update`,
  );
  const [row] = await tx.query<{ at: Date }>(sql`select clock(${now}) as at`);
  if (!row) throw new Error('no time');
  return row.at;
}

/** The state of a locked lane, which nobody else changes until the end of the transaction. */
export interface LockedLane {
  now: Date;
  /** Seconds until the account's next day. */
  next_day_seconds: number;
  queued: number;
  left_today: number;
  rejects: boolean;
}

/** Locks the lane of an account and reads its limits. */
export async function lockLaneWithLimits(
  tx: Queryable,
  accountId: string,
  now: Date | null,
): Promise<LockedLane | undefined> {
  const [lane] = await tx.query<LockedLane>(
    sql`select now, ceil(extract(epoch from tomorrow - now))::int as next_day_seconds, queued, left_today, rejects
      from lock_lanes(array[${accountId}]::uuid[], ${now})`,
  );
  return lane;
}

/** The account (UUID) of a message. */
export async function accountOfMessage(tx: Queryable, messageId: string): Promise<string> {
  const [message] = await tx.query<{ id: string }>(sql`select account_id as id from message where id = ${messageId}`);
  if (!message) throw new Error('no such message');
  return message.id;
}

/** Locks the lane of the account of a message. */
export async function lockLaneOf(
  tx: Queryable,
  workspaceId: string,
  messageId: string,
  now: Date | null,
): Promise<(LockedLane & { accountId: string }) | undefined> {
  const [message] = await tx.query<{ id: string }>(
    sql`select account_id as id from message where id = ${messageId} and workspace_id = ${workspaceId}`,
  );
  const lane = message && (await lockLaneWithLimits(tx, message.id, now));
  return lane && { ...lane, accountId: message.id };
}
