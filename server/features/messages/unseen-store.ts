// Messages and notes of others in a conversation since a writer looked at it: see refuse_unseen.
import type { Problem } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { toId } from '../../kit/ids.ts';
import { presentWho, type WhoRow, who } from '../../kit/who.ts';

/** Whether an account has this message or note. */
export async function wasThere(db: Queryable, accountId: string, id: string): Promise<boolean> {
  const rows = await db.query(sql`select 1 from message where id = ${id} and account_id = ${accountId}
    union all select 1 from note where id = ${id} and account_id = ${accountId}`);
  return rows.length > 0;
}

const most = 20;

/** The messages and notes of others since the one that the writer had seen, the oldest first. */
export async function whatCame(
  db: Queryable,
  conversationId: string,
  { seenId = null, writer = null }: { seenId: string | null | undefined; writer: string | null | undefined },
): Promise<NonNullable<Problem['came']>> {
  const rows = await db.query<{ id: string; kind: 'message' | 'note'; at: Date; writer: WhoRow | null }>(sql`
    with seen as (select coalesce((select seq from message where id = ${seenId}), (select seq from note where id = ${seenId}), 0) as seq),
    came as (
      select * from (select o.id, 'message' as kind, o.created_at as at, o.created_by as author, o.seq from message o, seen
        where o.conversation_id = ${conversationId} and o.seq > seen.seq and o.direction = 'outbound' and o.type <> 'reaction'
          and o.campaign_id is null and not o.imported and o.status <> 'cancelled'
          and (o.created_by <> ${writer}::uuid or o.source = 'phone') order by o.seq limit ${most}) m
      union all select n.id, 'note', n.created_at, n.author, n.seq from note n, seen
        where n.conversation_id = ${conversationId} and n.seq > seen.seq and n.deleted_at is null
          and n.author <> ${writer}::uuid)
    select id, kind, at, ${who(sql`came.author`)} as writer from came order by seq limit ${most}`);
  return rows.map(row => ({ id: toId(row.kind, row.id), by: presentWho(row.writer), at: row.at.toISOString() }));
}
