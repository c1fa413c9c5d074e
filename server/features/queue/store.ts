// The table open_message: messages become ready and expire with time, and are released for a reason.

import { sweepInChunks } from '../../kit/db/chunks.ts';
import type { Database, Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** Told of accounts whose scheduled messages are queued, in the transaction that queues them. */
export type OnQueued = (tx: Queryable, accounts: readonly string[]) => Promise<void>;

/** Queues scheduled messages and expires others. Each step returns the accounts whose lanes may have something to do. */
export const queueMaintenance = (
  db: Database,
  now: () => Date | null,
  onQueued: OnQueued | undefined,
): (() => Promise<string[]>)[] => [
  () => sweepInChunks(now, () => db.transaction(tx => queueDue(tx, now(), onQueued))),
  () => sweepInChunks(now, () => db.atomic.query(sql`select account_id, done from expire_messages(${now()})`)),
];

async function queueDue(tx: Queryable, now: Date | null, onQueued: OnQueued | undefined) {
  const rows = await tx.query<{ account_id: string; done: number }>(
    sql`select account_id, done from queue_due(${now})`,
  );
  if (rows.length > 0) await onQueued?.(tx, [...new Set(rows.map(({ account_id: id }) => id))].sort());
  return rows;
}

/** Ends the waiting of a message for its file. */
export async function releaseFile(db: Queryable, messageId: string, now: Date | null): Promise<void> {
  await db.query(sql`select release_file(${now}, ${messageId})`);
}

/** The accounts with these routes that have a message which may be sent now. */
export async function readyLanes(db: Queryable, routes: readonly string[], now: Date | null): Promise<string[]> {
  const rows = await db.query<{ key: string }>(sql`select ready_lanes(${routes}::text[], ${now}) as key`);
  return rows.map(row => row.key);
}

/** The waiting reasons that defer single messages. */
export type Deferral = 'new_conversation_limit' | 'recipient_limit' | 'restricted';

/** The most messages that one transaction releases: very many may be deferred. */
const releasedAtOnce = 5_000;

/** Makes ready a chunk of the messages that wait for these reasons. Returns whether there may be more. */
export async function releaseDeferred(
  tx: Queryable,
  accountId: string,
  reasons: Deferral[],
  now: Date | null,
): Promise<boolean> {
  const [row] = await tx.query<{ n: number }>(
    sql`select release_deferred(${now}, ${accountId}, ${reasons}::text[], ${releasedAtOnce}) as n`,
  );
  return row?.n === releasedAtOnce;
}

/** What does not hold of the queue between two transactions, with how many rows; empty where all is well. */
export const checkQueue = (db: Queryable): Promise<{ what: string; n: number }[]> =>
  db.query(sql`select what, n from check_queue()`);
