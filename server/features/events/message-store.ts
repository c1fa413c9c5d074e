// The messages that events are about.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { type MessageRow, messageColumns, withFiles } from '../messages/index.ts';
import type { Subject } from './subject.ts';

/** These messages (UUIDs), in no order. It leaves out messages that are gone. */
export async function messagesById(db: Queryable, ids: readonly string[]): Promise<MessageRow[]> {
  const rows =
    await db.query<MessageRow>(sql`select ${messageColumns} from message m join account a on a.id = m.account_id
    where m.id = any (${[...ids]}::uuid[])`);
  const byWorkspace = new Map<string, MessageRow[]>();
  for (const row of rows) byWorkspace.set(row.workspace_id, [...(byWorkspace.get(row.workspace_id) ?? []), row]);
  const shown = await Promise.all([...byWorkspace].map(([workspaceId, own]) => withFiles(db, workspaceId, own)));
  return shown.flat();
}

const mostMessages = 1_000;

const messagesFor = {
  message: (id: string) => sql`m.id = ${id}`,
  conversation: (id: string) => sql`m.conversation_id = ${id}`,
  contact: (id: string) => sql`m.conversation_id in (select c.id from conversation c where c.contact_id = ${id})`,
};

/** The newest messages of a subject, and their events in rows of many. */
export async function messagesAbout(
  db: Queryable,
  { kind, id }: Pick<Subject, 'kind' | 'id'>,
): Promise<{ messages: string[]; events: number[] }> {
  const rows = await db.query<{ id: string; events: number[] | null }>(
    sql`select m.id, m.events from message m where ${messagesFor[kind](id)} order by m.seq desc limit ${mostMessages}`,
  );
  return { messages: rows.map(row => row.id), events: rows.flatMap(({ events }) => events ?? []) };
}
