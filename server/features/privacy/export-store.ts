// All messages of a person with their data, page by page.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import {
  type AttemptRow,
  attemptsOf,
  messageColumns as columns,
  type EventRow,
  type MessageRow,
  presentMessage as present,
  withFiles,
} from '../messages/index.ts';

/** The newest message, in order of acceptance. */
export async function newestSeq(db: Queryable, workspaceId: string): Promise<number> {
  const [row] = await db.query<{ seq: number }>(
    sql`select coalesce(max(seq), 0) as seq from message where workspace_id = ${workspaceId}`,
  );
  return row?.seq ?? 0;
}

/** The messages of these contacts after `after`, up to and including `until`, oldest first, with their timelines. */
export async function exportPage(
  db: Queryable,
  workspaceId: string,
  contacts: string[],
  after: number,
  until: number,
  max: number,
): Promise<{ messages: object[]; last: number | undefined }> {
  const found = await db.query<MessageRow>(sql`select ${columns} from (
      select x.* from (select id from conversation where contact_id = any (${contacts}::uuid[]) and workspace_id = ${workspaceId}) s
      cross join lateral (select m.* from message m where m.conversation_id = s.id and m.workspace_id = ${workspaceId}
        and m.seq > ${after} and m.seq <= ${until} order by m.seq limit ${max}) x
      order by x.seq limit ${max}) m
    join account a on a.id = m.account_id order by m.seq`);
  const rows = await withFiles(db, workspaceId, found);
  const ids = rows.map(row => row.id);
  const events = await db.query<EventRow & { message_id: string }>(
    sql`select message_id, number, type, at, data from events_of(${ids}::uuid[]) order by message_id, number`,
  );
  const attempts = await db.query<AttemptRow & { message_id: string }>(sql`
    select message_id, number, status, class, code, title, channel_message_id, started_at, ended_at
    from ${attemptsOf(sql`${ids}::uuid[]`)} a where class is distinct from 'echo' order by message_id, number`);
  const mine = <Row extends { message_id: string }>(all: Row[], id: string) =>
    all.filter(row => row.message_id === id).map(({ message_id: _, ...row }) => row);
  return {
    messages: rows.map(row => ({ ...present(row), events: mine(events, row.id), attempts: mine(attempts, row.id) })),
    last: rows.at(-1)?.seq,
  };
}
