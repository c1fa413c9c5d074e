// Removes the counts of an account whose messages are all gone.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** Removes the counts of a deleted account, from statistics and lists. */
export async function forgetCounts(tx: Queryable, accountId: string): Promise<void> {
  await tx.query(sql`delete from message_delta where account_id = ${accountId}`);
  await tx.query(sql`delete from message_count where account_id = ${accountId}`);
  await tx.query(sql`delete from outbound_count where account_id = ${accountId}`);
  await tx.query(sql`delete from message_gauge where account_id = ${accountId}`);
  await tx.query(sql`delete from latency_delta where account_id = ${accountId}`);
  await tx.query(sql`delete from latency_count where account_id = ${accountId}`);
  await tx.query(sql`delete from list_delta where account_id = ${accountId}`);
  await tx.query(sql`delete from list_count where account_id = ${accountId}`);
}
