// Responses stored for an Idempotency-Key that mention an erased person.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

const escaped = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&');

/**
 * Empties stored responses that mention these contacts or their addresses. The keys stay until they expire and reject
 * a retry, which must not send again what was erased. A key that contains an address is deleted. Erasure receipts
 * stay: the erasure keeps the same data, and they answer each retry.
 */
export async function emptyStoredResponses(
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
