// Removes what happened to an account that leaves nothing behind.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** Removes the events of an account from the log. */
export async function forgetEvents(tx: Queryable, accountId: string): Promise<void> {
  await tx.query(sql`delete from event where account_id = ${accountId}`);
}
