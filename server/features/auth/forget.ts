// What has outlived its use.
import type { Database } from '../../kit/db.ts';
import type { Clock } from '../../kit/time.ts';
import { longestLimitMs } from './failures.ts';
import { forgetResets } from './password-reset-store.ts';
import { forgetSessions } from './session-store.ts';
import { forgetFailures } from './store.ts';

const day = 86_400_000;

/** Forgets sessions and refresh tokens that are good for nothing any more, failures that count no more, and old links. */
export async function forgetOldSessions(db: Database, clock: Clock): Promise<void> {
  const ago = (ms: number) => new Date(clock.now() - ms);
  await forgetSessions(db, ago(7 * day), ago(30 * day));
  await forgetFailures(db, ago(longestLimitMs));
  await forgetResets(db, ago(0));
}
