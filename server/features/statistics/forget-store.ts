// Removes the counts of an account whose messages are all gone.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** Removes the counts of a deleted account, from statistics and lists. */
export async function forgetCounts(tx: Queryable, accountId: string): Promise<void> {
  // First what all accounts have together: what is not folded yet is not in it.
  await tx.query(sql`
    update grouped_count g set messages = g.messages - c.messages, accepted = g.accepted - c.accepted
    from (select workspace_id, quarter, direction, status, sum(messages) as messages, sum(accepted) as accepted
      from message_count where account_id = ${accountId} and type not in ('system', 'call') group by 1, 2, 3, 4) c
    where g.workspace_id = c.workspace_id and g.counted_by = 'all' and g.at = c.quarter and g.account_id is null
      and g.key is null and g.direction = c.direction and g.status = c.status`);
  await tx.query(sql`delete from grouped_count where account_id = ${accountId}`);
  await tx.query(sql`delete from message_delta where account_id = ${accountId}`);
  await tx.query(sql`delete from message_count where account_id = ${accountId}`);
  await tx.query(sql`delete from outbound_count where account_id = ${accountId}`);
  await tx.query(sql`delete from message_gauge where account_id = ${accountId}`);
  await tx.query(sql`delete from message_span where account_id = ${accountId}`);
  await tx.query(sql`delete from latency_delta where account_id = ${accountId}`);
  await tx.query(sql`delete from latency_count where account_id = ${accountId}`);
  await tx.query(sql`delete from list_delta where account_id = ${accountId}`);
  await tx.query(sql`delete from list_count where account_id = ${accountId}`);
}
