// Reads what a typing indicator answers.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface Received {
  id: string;
  channel_message_id: string;
  account_id: string;
  channel: string;
  phone_number_id: string;
}

/** The newest message that the person wrote in a conversation, without an id if there is none; undefined if there is no such conversation. */
export async function newestReceived(
  db: Queryable,
  workspaceId: string,
  conversationId: string,
): Promise<Received | { id: null } | undefined> {
  const [row] = await db.query<
    Received | { id: null }
  >(sql`select m.id, m.channel_message_id, v.account_id, a.channel, a.phone_number_id
    from conversation v join account a on a.id = v.account_id
    left join lateral (select o.id, o.channel_message_id from message o where o.conversation_id = v.id
      and o.direction = 'inbound' and o.type <> 'system' order by o.seq desc limit 1) m on true
    where v.workspace_id = ${workspaceId} and v.id = ${conversationId}`);
  return row;
}

/** Whether there is a message. */
export const wasReceived = (newest: Received | { id: null }): newest is Received => newest.id !== null;
