// Deletes read marks of messages and conversations that are being removed.
import { countChanged } from '../../kit/db/count-changed.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** Deletes the read marks that name these messages. Returns how many. */
export async function removeReadMarks(tx: Queryable, messages: string[]): Promise<number> {
  return countChanged(
    tx,
    sql`delete from read_mark r using message m where m.id = any (${messages}::uuid[]) and m.direction = 'inbound'
      and r.account_id = m.account_id and r.conversation_id = m.conversation_id and r.channel_message_id = m.channel_message_id`,
  );
}

/** Deletes the read marks of these conversations. Returns how many. */
export async function removeReadMarksOf(tx: Queryable, conversations: string[]): Promise<number> {
  return countChanged(tx, sql`delete from read_mark where conversation_id = any (${conversations}::uuid[])`);
}
