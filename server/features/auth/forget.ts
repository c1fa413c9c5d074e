// Deletes expired sessions, tokens, failures and links.
import type { Database } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';
import { longestLimitMs } from './failures.ts';
import { forgetResets } from './password-reset-store.ts';
import { forgetSessions, forgetTokens } from './session-store.ts';
import { forgetFailures } from './store.ts';

const day = 86_400_000;

/** Deletes one batch of expired sessions, refresh tokens, failures and links. Returns whether there may be more. */
export async function forgetOldSessions(db: Database, clock: Clock): Promise<boolean> {
  const ago = (ms: number) => new Date(clock.now() - ms);
  const left = [
    await forgetSessions(db, ago(7 * day)),
    await forgetTokens(db, ago(30 * day)),
    await forgetFailures(db, ago(longestLimitMs)),
    await forgetResets(db, ago(0)),
  ];
  return left.includes(true);
}
