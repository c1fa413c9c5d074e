// What a typing indicator answers, and the request to show one.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface Received {
  id: string;
  conversation_id: string;
  channel_message_id: string;
  account_id: string;
}

/** The newest message that the person wrote in a conversation, without an id if there is none; undefined if there is no such conversation. */
export async function newestReceived(
  db: Queryable,
  workspaceId: string,
  conversationId: string,
): Promise<Received | { id: null } | undefined> {
  const [row] = await db.query<
    Received | { id: null }
  >(sql`select m.id, v.id as conversation_id, m.channel_message_id, v.account_id
    from conversation v
    left join lateral (select o.id, o.channel_message_id from message o where o.conversation_id = v.id
      and o.direction = 'inbound' and o.type <> 'system' order by o.seq desc limit 1) m on true
    where v.workspace_id = ${workspaceId} and v.id = ${conversationId}`);
  return row;
}

/** Lets the read lane show the writer that we are typing. WhatsApp shows it for 25 seconds, so later it is too late. */
export async function requestTyping(tx: Queryable, message: Received, now: Date | null): Promise<void> {
  await tx.query(sql`
    insert into read_mark (account_id, conversation_id, channel_message_id, marked_at, due_at, typing_until)
    select account_id, id, ${message.channel_message_id}, clock(${now}), clock(${now}), clock(${now}) + interval '25 seconds'
    from conversation where id = ${message.conversation_id} for key share
    on conflict (account_id, conversation_id) do update set channel_message_id = excluded.channel_message_id,
      marked_at = excluded.marked_at, attempts = 0, due_at = excluded.due_at, typing_until = excluded.typing_until`);
}

/** Whether there is a message. */
export const wasReceived = (newest: Received | { id: null }): newest is Received => newest.id !== null;
