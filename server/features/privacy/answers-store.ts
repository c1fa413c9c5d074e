// Answers that are kept for an Idempotency-Key, where they speak of a person who is erased.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

const escaped = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&');

/**
 * Empties the answers that speak of these contacts or their addresses. The keys stay until they expire, and a repeat is
 * refused: it must not send again what was erased. Only a key that holds an address itself goes. Receipts of erasures stay:
 * they say nothing that the erasure does not keep, and are the answer to each repeat.
 */
export async function emptyAnswers(
  tx: Queryable,
  workspaceId: string,
  contacts: { uuid: string; id: string }[],
  addresses: string[],
): Promise<number> {
  const words = [...contacts.map(({ id }) => id), ...addresses.map(address => JSON.stringify(address))];
  const within = words.map(word => `%${escaped(word)}%`);
  const digits = addresses.map(address => `%${escaped(address.replace(/^\+/, ''))}%`);
  const [row] = await tx.query<{ n: number }>(sql`
    with named as materialized (
      select i.ctid as place, i.key like any (${digits}::text[]) as by_key from idempotency i
      where i.workspace_id = ${workspaceId} and i.hash <> ''::bytea and (i.response like any (${within}::text[]) and i.operation <> 'contacts.erase'
        or i.key like any (${digits}::text[])
        or i.resource_id in (select m.id from message m where m.conversation_id in (
          select id from conversation where contact_id = any (${contacts.map(({ uuid }) => uuid)}::uuid[]))))
      for update),
    gone as (delete from idempotency i using named n where i.ctid = n.place and n.by_key returning 1),
    emptied as (update idempotency i set hash = '', response = null from named n where i.ctid = n.place and not n.by_key returning 1)
    select ((select count(*) from gone) + (select count(*) from emptied))::int as n`);
  return row?.n ?? 0;
}
