// The messages and notes of a conversation in the order of its thread.
import type { MessageType } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface LineRow {
  id: string;
  seq: string;
  at: Date;
  kind: 'message' | 'note';
  direction: 'inbound' | 'outbound' | null;
  /** The name of the contact, the person or the API key; null where it is not known any more. */
  author: string | null;
  source: 'phone' | 'standby' | null;
  type: MessageType | null;
  status: string | null;
  /** Of a message. Null once it was revoked. */
  content: Record<string, unknown> | null;
  /** Of a note. Null once it was deleted. */
  body: string | null;
  /** The names of the files of a note. */
  files: string[] | null;
}

/** The first lines behind a place of the thread. */
export async function linesOf(
  db: Queryable,
  conversationId: string,
  after: string | undefined,
  limit: number,
): Promise<LineRow[]> {
  const beyond = after ?? '-1';
  return db.query<LineRow>(sql`
    select x.id, x.seq::text as seq, x.at, x.kind, x.direction, x.source, x.type, x.status, x.content, x.body,
      case when x.kind = 'note' then array(select coalesce(f.file_name, f.kind) from media f where f.note_id = x.id
        order by f.note_place) end as files,
      case when x.direction = 'inbound' then coalesce(c.name, x.address) else coalesce(p.name, k.name) end as author
    from (
      (select m.id, m.seq, m.created_at as at, 'message' as kind, m.direction, m.source, m.type, m.status, m.address,
          m.contact_id, m.created_by as writer, case when m.revoked_at is null then m.content end as content, null as body
        from message m where m.conversation_id = ${conversationId} and m.seq > ${beyond}::bigint
        order by m.conversation_id, m.seq limit ${limit})
      union all
      (select n.id, n.seq, n.created_at, 'note', null, null, null, null, null, null, n.author, null, n.body
        from note n where n.conversation_id = ${conversationId} and n.seq > ${beyond}::bigint
        order by n.seq limit ${limit})
      order by seq limit ${limit}) x
    left join contact c on c.id = x.contact_id
    left join person p on p.id = x.writer
    left join api_key k on k.id = x.writer
    order by x.seq`);
}
