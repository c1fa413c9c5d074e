// Failures, and requests that are dear, counted in the database: nobody can try for long, whatever nodes they come to.
import type { Database } from '../../kit/db.ts';
import { type AppError, refuseCommon } from '../../kit/errors.ts';
import type { Clock } from '../../kit/time.ts';
import { refuse } from './errors.ts';
import * as store from './store.ts';

export interface Limit {
  most: number;
  ms: number;
}

const minute = 60_000;

/** So many failures pause further tries of an address, and for a person, each within so long. */
export const loginLimits = {
  address: { most: 5, ms: minute },
  person: { most: 10, ms: 15 * minute },
} satisfies Record<string, Limit>;

/** What the failures of whoever tries to be a person are counted by. */
export const personSubject = (email: string): string => `person ${email}`;

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
export const reserveAll = (needs: Counting, subjects: Record<string, Limit>): Promise<() => Promise<void>> =>
  countAll(needs, subjects, retryAfterSeconds =>
    refuse('too_many_failures', `Try again in ${retryAfterSeconds} seconds.`, { retryAfterSeconds }),
  );

/**
 * Counts a request of each subject, whatever comes of it.
 * @throws AppError where a subject has asked too often; then nothing is counted
 */
export async function countRequest(needs: Counting, subjects: Record<string, Limit>): Promise<void> {
  await countAll(needs, subjects, retryAfterSeconds =>
    refuseCommon('rate_limited', `So many of these are not taken. Try again in ${retryAfterSeconds} seconds.`, {
      retryAfterSeconds,
    }),
  );
}

type Refusal = (retryAfterSeconds: number) => AppError;

async function countAll(needs: Counting, subjects: Record<string, Limit>, refusal: Refusal) {
  const counted: number[] = [];
  const takeBack = () => store.forgiveFailures(needs.db, counted);
  try {
    for (const [subject, limit] of Object.entries(subjects))
      counted.push(await countOne(needs, subject, limit, refusal));
  } catch (error) {
    await takeBack();
    throw error;
  }
  return takeBack;
}

async function countOne({ db, clock }: Counting, subject: string, limit: Limit, refusal: Refusal): Promise<number> {
  const now = clock.now();
  const since = new Date(now - limit.ms);
  const { id, oldest } = await db.transaction(tx =>
    store.reserveFailure(tx, subject, new Date(now), since, limit.most),
  );
  if (!oldest) return id;
  await store.forgiveFailures(db, [id]);
  throw refusal(Math.max(1, Math.ceil((oldest.getTime() - since.getTime()) / 1000)));
}
