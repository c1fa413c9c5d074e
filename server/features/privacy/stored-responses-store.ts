// Responses stored for an Idempotency-Key that mention an erased person.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { emptyAnswers } from '../../kit/http/idempotency.ts';

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
  return emptyAnswers(tx, workspaceId, {
    words: [...contacts.map(({ id }) => id), ...addresses.map(address => JSON.stringify(address))],
    butFor: 'contacts.erase',
    resourceIds: sql`select unnest(array[m.id, m.batch_id]) from message m where m.conversation_id in (
      select id from conversation where contact_id = any (${contacts.map(({ uuid }) => uuid)}::uuid[]))`,
  });
}
