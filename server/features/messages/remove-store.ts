// Deletes messages, with what their conversations and readers show of them.
import { countChanged } from '../../kit/db/count-changed.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** Subtracts messages that are being removed from the unread counts of their conversations, which the caller locked. */
export async function takeFromUnread(tx: Queryable, ids: string[]): Promise<void> {
  await tx.query(sql`
    update conversation v set unread_count = greatest(0, v.unread_count - x.n)
    from (select conversation_id, count(*)::int as n from message
      where id = any (${ids}::uuid[]) and direction = 'inbound' and status = 'received' group by 1) x
    where v.id = x.conversation_id`);
}

/** Deletes the reactions to these messages. */
export async function removeReactions(tx: Queryable, ids: string[]): Promise<void> {
  await tx.query(sql`delete from message_reaction where message_id = any (${ids}::uuid[])`);
}

/** Deletes the messages themselves, after all that belongs to them. Returns how many. */
export async function removeRows(tx: Queryable, ids: string[]): Promise<number> {
  return countChanged(tx, sql`delete from message where id = any (${ids}::uuid[])`);
}
