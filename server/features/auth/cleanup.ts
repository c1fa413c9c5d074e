// Deletes expired sessions, tokens, failures and links.
import type { Database } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';
import { longestLimitMs } from './failures.ts';
import { deleteExpiredResets } from './password-reset-store.ts';
import { deleteEndedSessions, deleteUsedTokens } from './session-store.ts';
import { deleteOldFailures } from './store.ts';

const day = 86_400_000;

/** Deletes one batch of expired sessions, refresh tokens, failures and links. Returns whether there may be more. */
export async function deleteExpiredSessions(db: Database, clock: Clock): Promise<boolean> {
  const ago = (ms: number) => new Date(clock.now() - ms);
  const left = [
    await deleteEndedSessions(db, ago(7 * day)),
    await deleteUsedTokens(db, ago(30 * day)),
    await deleteOldFailures(db, ago(longestLimitMs)),
    await deleteExpiredResets(db, ago(0)),
  ];
  return left.includes(true);
}
