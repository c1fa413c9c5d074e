// Removes events of the log: of an account that leaves nothing behind, and of messages that are being removed.
import { call } from '../../kit/db/call.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { rowOf } from './log-store.ts';

/** Removes the events of an account from the log. */
export async function forgetEvents(tx: Queryable, accountId: string): Promise<void> {
  await tx.query(sql`delete from event where account_id = ${accountId}`);
}

/**
 * Removes the events of these messages from the log, and returns their ids. Those in rows of many stay there, and show
 * nothing without their message: see sweepEvents.
 */
export async function forgetEventsOf(
  tx: Queryable,
  messages: string[],
): Promise<{ id: number; workspace_id: string }[]> {
  return tx.query(sql`
    with own as (delete from event where message_id = any (${messages}::uuid[]) returning id, workspace_id)
    select id, workspace_id from own union all
    select n.id, m.workspace_id from message m cross join lateral unnest(m.events) n(id) where m.id = any (${messages}::uuid[])`);
}

/** Removes the rows of the log that these events were in, where no message of them is left. */
export async function sweepEvents(tx: Queryable, events: readonly number[]): Promise<void> {
  const rows = [...new Set(events.map(rowOf))];
  if (rows.length > 0) await call(tx, 'sweep_events', { p_rows: rows });
}
