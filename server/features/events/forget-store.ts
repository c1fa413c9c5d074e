// Removes events of the log: of an account that leaves nothing behind, and of messages that are being removed.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** Removes the events of an account from the log. */
export async function forgetEvents(tx: Queryable, accountId: string): Promise<void> {
  await tx.query(sql`delete from event where account_id = ${accountId}`);
}

/** Removes the events of these messages from the log, and returns their ids. */
export async function forgetEventsOf(
  tx: Queryable,
  messages: string[],
): Promise<{ id: number; workspace_id: string }[]> {
  return tx.query(sql`delete from event
    where message_id = any (${messages}::uuid[]) returning id, workspace_id`);
}
