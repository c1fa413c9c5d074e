// The unread count of a conversation, and its mark as unread.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** The unread messages of a conversation: at least one if somebody marked it. */
export const unreadCount = sql`greatest(unread_count, marked_unread::int)`;

/** Marks a conversation as unread, or removes the mark. Receipts to the channel do not change. */
export async function markUnread(
  tx: Queryable,
  workspaceId: string,
  { id, isUnread }: { id: string; isUnread: boolean },
  now: Date | null,
): Promise<void> {
  await tx.query(sql`
    with marked as (
      update conversation set marked_unread = ${isUnread}
      where workspace_id = ${workspaceId} and id = ${id} and marked_unread <> ${isUnread} returning *)
    select append_event(workspace_id, ${isUnread ? 'conversation.unread' : 'conversation.read'}, account_id,
      jsonb_build_object('conversation_id', id, 'contact_id', contact_id, 'unread_count', ${unreadCount}), clock(${now}))
    from marked`);
}
