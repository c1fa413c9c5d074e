// The messages that events are about.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { type MessageRow, messageColumns, withFiles } from '../messages/index.ts';

/** These messages (UUIDs), in no order. Those that are gone are missing. */
export async function messagesById(db: Queryable, ids: readonly string[]): Promise<MessageRow[]> {
  const rows =
    await db.query<MessageRow>(sql`select ${messageColumns} from message m join account a on a.id = m.account_id
    where m.id = any (${[...ids]}::uuid[])`);
  const byWorkspace = new Map<string, MessageRow[]>();
  for (const row of rows) byWorkspace.set(row.workspace_id, [...(byWorkspace.get(row.workspace_id) ?? []), row]);
  const shown = await Promise.all([...byWorkspace].map(([workspaceId, own]) => withFiles(db, workspaceId, own)));
  return shown.flat();
}
