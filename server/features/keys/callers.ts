// Identifies the caller of an API key, as of now.

import { hashText } from '../../kit/crypto/secrets.ts';
import { isUnavailable, type Queryable } from '../../kit/db/database.ts';
import { groupCommit } from '../../kit/db/group-commit.ts';
import type { Caller } from '../../kit/http/routes.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import { isKey } from './key.ts';
import { findKeys, type LiveKey, noteUse } from './store.ts';

/**
 * Returns the functions that identify the caller of an API key, or of its hash. Undefined if the key is invalid or not allowed from
 * this address. Concurrent lookups share a query, and malformed keys never reach the database.
 */
export function keyCallers({ db, clock, log }: { db: Queryable; clock: Clock; log: Logger }) {
  const group = groupCommit<{ hash: Buffer; address: string }, LiveKey | undefined>({
    write: async asked => {
      const now = new Date(clock.now());
      const found = await findKeys(db, asked, now);
      const used = found.filter(key => key?.stale && key.fromThere).map(key => key?.id ?? '');
      // The last use is informational: nobody waits for it, and a failure loses one minute of it.
      if (used.length > 0)
        noteUse(db, used, now).catch(error => log.debug({ err: error }, 'the last use of a key could not be stored'));
      return found;
    },
    uncertain: isUnavailable,
    max: 500,
    inFlight: 2,
  });
  async function byHash(hash: Buffer, address: string): Promise<Caller | undefined> {
    const found = await group.add({ hash, address });
    return found?.fromThere ? toCaller(found) : undefined;
  }
  return {
    byHash,
    byKey: async (key: string, address: string): Promise<Caller | undefined> =>
      isKey(key) ? byHash(hashText(key), address) : undefined,
  };
}

const toCaller = (key: LiveKey): Caller => ({
  kind: 'api_key',
  id: key.id,
  name: key.name,
  workspaceId: key.workspaceId,
  accounts: key.accounts ?? undefined,
  seesNumbers: key.seesNumbers,
  role: undefined,
  sessionId: undefined,
  permissions: new Set([...key.scopes, 'me.read']),
});
