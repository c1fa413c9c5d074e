// Responses stored for an Idempotency-Key that mention an erased person.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

const escaped = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&');

/**
 * Empties stored responses that mention these contacts or their addresses. The keys stay until they expire and reject
 * a retry, which must not send again what was erased; they are hashes and name nobody. Erasure receipts stay: the
 * erasure keeps the same data, and they answer each retry. An interrupted batch has no response yet: its id finds its key.
 */
export async function emptyStoredResponses(
  tx: Queryable,
  workspaceId: string,
  contacts: { uuid: string; id: string }[],
  addresses: string[],
): Promise<number> {
  const words = [...contacts.map(({ id }) => id), ...addresses.map(address => JSON.stringify(address))];
  const within = words.map(word => `%${escaped(word)}%`);
  const [row] = await tx.query<{ n: number }>(sql`
    with named as materialized (
      select i.ctid as place from idempotency i
      where i.workspace_id = ${workspaceId} and i.hash <> ''::bytea and (i.response like any (${within}::text[]) and i.operation <> 'contacts.erase'
        or i.resource_id in (select unnest(array[m.id, m.batch_id]) from message m where m.conversation_id in (
          select id from conversation where contact_id = any (${contacts.map(({ uuid }) => uuid)}::uuid[]))))
      for update),
    emptied as (update idempotency i set hash = '', response = null from named n where i.ctid = n.place returning 1)
    select count(*)::int as n from emptied`);
  return row?.n ?? 0;
}
