// Failures that are counted in the database, so that nobody can try for long, whatever nodes they come to.
import type { Database } from '../../kit/db.ts';
import type { Clock } from '../../kit/time.ts';
import { refuse } from './errors.ts';
import * as store from './store.ts';

export interface Limit {
  failures: number;
  ms: number;
}

const minute = 60_000;

/** So many failures pause further tries of an address, and for a person, each within so long. */
export const loginLimits = {
  address: { failures: 5, ms: minute },
  person: { failures: 10, ms: 15 * minute },
} satisfies Record<string, Limit>;

/** The longest stretch of any limit: older failures count for nothing. */
export const longestLimitMs = 60 * minute;

export interface Counting {
  /** The engine's: who tries may have no workspace yet. */
  db: Database;
  clock: Clock;
}

/**
 * Counts a try of each subject as failed until it is forgiven, so that tries at the same time cannot slip by. Gives the
 * function that forgives them.
 * @throws AppError where a subject has failed too often; then nothing is counted
 */
export async function reserveAll(needs: Counting, subjects: Record<string, Limit>): Promise<() => Promise<void>> {
  const reserved: number[] = [];
  const forgive = () => store.forgiveFailures(needs.db, reserved);
  try {
    for (const [subject, limit] of Object.entries(subjects)) reserved.push(await reserve(needs, subject, limit));
  } catch (error) {
    await forgive();
    throw error;
  }
  return forgive;
}

async function reserve({ db, clock }: Counting, subject: string, limit: Limit): Promise<number> {
  const now = clock.now();
  const since = new Date(now - limit.ms);
  const { id, oldest } = await db.transaction(tx =>
    store.reserveFailure(tx, subject, new Date(now), since, limit.failures),
  );
  if (!oldest) return id;
  await store.forgiveFailures(db, [id]);
  const retryAfterSeconds = Math.max(1, Math.ceil((oldest.getTime() - since.getTime()) / 1000));
  throw refuse('too_many_failures', `Try again in ${retryAfterSeconds} seconds.`, { retryAfterSeconds });
}
