// Failures, and requests that are dear, counted in the database: nobody can try for long, whatever nodes they come to.

import { lines } from '../../kit/async/keyed-queue.ts';
import type { Database } from '../../kit/db/database.ts';
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

/** A try whose outcome is not known yet. */
export interface Try {
  /** It turned out to be right, and counts no more. */
  forgive: () => Promise<void>;
  /** It turned out to be wrong. */
  fail: () => Promise<void>;
}

/** Longer than any try takes: whoever has not ended it by then is gone, and it counts as failed. */
const tryMs = 30_000;

/**
 * Counts a try of each subject as failed until it is forgiven, so that tries at the same time cannot slip by.
 * @throws AppError where a subject has failed too often; then nothing is counted
 */
export async function reserveAll(needs: Counting, subjects: Record<string, Limit>): Promise<Try> {
  const ids = await countAll(needs, subjects, true, tooManyFailures);
  return {
    forgive: () => store.forgiveFailures(needs.db, ids),
    fail: () => store.failTries(needs.db, ids),
  };
}

/**
 * Counts a failure of each subject.
 * @throws AppError where a subject has failed too often; then nothing is counted
 */
export async function countFailure(needs: Counting, subjects: Record<string, Limit>): Promise<void> {
  await countAll(needs, subjects, false, tooManyFailures);
}

/**
 * Counts a request of each subject, whatever comes of it.
 * @throws AppError where a subject has asked too often; then nothing is counted
 */
export async function countRequest(needs: Counting, subjects: Record<string, Limit>): Promise<void> {
  await countAll(needs, subjects, false, retryAfterSeconds =>
    refuseCommon('rate_limited', `Too many requests of this kind. Repeat in ${inSeconds(retryAfterSeconds ?? 1)}.`, {
      retryAfterSeconds: retryAfterSeconds ?? 1,
    }),
  );
}

const inSeconds = (seconds: number) => (seconds === 1 ? 'a second' : `${seconds} seconds`);

/** Undefined: as soon as the tries under way are over. */
type Refusal = (retryAfterSeconds: number | undefined) => AppError;

const tooManyFailures: Refusal = retryAfterSeconds =>
  retryAfterSeconds === undefined
    ? refuse('too_many_failures', 'Too many logins are in progress. Repeat in a second.', {
        retryAfterSeconds: 1,
      })
    : refuse('too_many_failures', `Try again in ${inSeconds(retryAfterSeconds)}.`, { retryAfterSeconds });

/** So many of one subject wait for their count at once; with more, as many tries as may fail are under way by far. */
const longestLine = 20;

// The counts of one subject exclude each other: those of this process wait here, and not each with a connection.
const linesOf = new WeakMap<Database, ReturnType<typeof lines>>();

function inLine<Result>(db: Database, subject: string, work: () => Promise<Result>): Promise<Result | undefined> {
  const all = linesOf.get(db) ?? lines(longestLine);
  linesOf.set(db, all);
  return all(subject, work);
}

async function countAll(
  needs: Counting,
  subjects: Record<string, Limit>,
  underWay: boolean,
  refusal: Refusal,
): Promise<number[]> {
  const counted: number[] = [];
  try {
    for (const [subject, limit] of Object.entries(subjects))
      counted.push(await countOne(needs, subject, limit, underWay, refusal));
  } catch (error) {
    if (counted.length > 0) await store.forgiveFailures(needs.db, counted);
    throw error;
  }
  return counted;
}

async function countOne(
  { db, clock }: Counting,
  subject: string,
  limit: Limit,
  underWay: boolean,
  refusal: Refusal,
): Promise<number> {
  const now = clock.now();
  const [at, since, goneSince] = [new Date(now), new Date(now - limit.ms), new Date(now - tryMs)];
  const asked = { subject, at, since, most: limit.most, underWay, goneSince };
  const counted = await inLine(db, subject, () => db.transaction(tx => store.count(tx, asked)));
  if (!counted) throw refusal(undefined);
  if ('id' in counted) return counted.id;
  const { oldest } = counted;
  throw refusal(oldest && Math.max(1, Math.ceil((oldest.getTime() - since.getTime()) / 1000)));
}
