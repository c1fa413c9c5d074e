// Failures and expensive requests, counted in the database, so that limits hold across all nodes.

import { keyedQueue } from '../../kit/async/keyed-queue.ts';
import type { Database } from '../../kit/db/database.ts';
import { AppError, commonProblem } from '../../kit/errors.ts';
import { networkOf } from '../../kit/net/network.ts';
import type { Clock } from '../../kit/time.ts';
import { problem } from './errors.ts';
import { addressesOf } from './session-store.ts';
import * as store from './store.ts';

export interface Limit {
  most: number;
  ms: number;
}

const minute = 60_000;

/** After `most` failures within `ms`, further tries pause. */
export const loginLimits = {
  /** Of one network, for whomever: several people of an office may err, and nobody may guess at many. */
  address: { most: 20, ms: minute },
  /** Wrong links of one network, for setups, invitations and passwords. */
  links: { most: 5, ms: minute },
  /** Of one network for one person. */
  pair: { most: 5, ms: minute },
  /** The same for longer. Beyond as many for the person in all, `strangers` applies too. */
  person: { most: 10, ms: 15 * minute },
  /** Of all networks together from which the person never logged in: strangers must not lock the person out. */
  strangers: { most: 1, ms: minute / 2 },
  /** Of one person within open sessions. Failed logins of strangers do not count here. */
  session: { most: 10, ms: 15 * minute },
} satisfies Record<string, Limit>;

/** The subject that counts failed logins as a person. Narrower subjects of the person begin with it. */
export const personSubject = (email: string): string => `person ${email}`;

/** The subject that counts the wrong links of a network. */
export const linkSubject = (network: string): string => `links ${network}`;

/** The longest window of any limit: older failures do not count. */
export const longestLimitMs = 60 * minute;

export interface Counting {
  /** The engine's connection: a caller may have no workspace yet. */
  db: Database;
  clock: Clock;
}

/** A try with an unknown outcome. */
export interface Try {
  /** The try succeeded: do not count it. */
  forgive: () => Promise<void>;
  /** The try failed. */
  fail: () => Promise<void>;
}

/** Longer than any try takes: after this its process is gone, and the try counts as failed. */
const tryMs = 30_000;

/**
 * Counts a try of each subject as failed until it is forgiven, so that parallel tries cannot exceed the limit.
 * @throws AppError if a subject has failed too often; then nothing is counted
 */
export async function reserveAll(needs: Counting, subjects: Record<string, Limit>): Promise<Try> {
  const ids = await countAll(needs, subjects, true, tooManyFailures);
  return {
    forgive: () => store.forgiveFailures(needs.db, ids),
    fail: () => store.failTries(needs.db, ids),
  };
}

/**
 * Counts a login try: of the network, of the network for this person, and of the person. The count of the person stops
 * nobody by itself. It only slows down networks from which the person has no session.
 * @throws AppError if there were too many; then nothing is counted
 */
export async function reserveLogin(needs: Counting, email: string, network: string): Promise<Try> {
  const person = personSubject(email);
  const own = await reserveAll(needs, {
    [`address ${network}`]: loginLimits.address,
    [`${person} just from ${network}`]: loginLimits.pair,
    [`${person} from ${network}`]: loginLimits.person,
  });
  const all = await reservePerson(needs, email, network).catch(async error => {
    await own.forgive();
    throw error;
  });
  return {
    forgive: async () => {
      await own.forgive();
      await all?.forgive();
    },
    fail: async () => {
      await own.fail();
      await all?.fail();
    },
  };
}

/** Undefined if nothing needs to be counted. */
async function reservePerson(needs: Counting, email: string, network: string): Promise<Try | undefined> {
  const person = personSubject(email);
  try {
    return await reserveAll(needs, { [person]: loginLimits.person });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  const addresses = await addressesOf(needs.db, email);
  if (addresses.some(address => networkOf(address) === network)) return undefined;
  return reserveAll(needs, { [`${person} strangers`]: loginLimits.strangers });
}

/**
 * Counts a failure of each subject.
 * @throws AppError if a subject has failed too often; then nothing is counted
 */
export async function countFailure(needs: Counting, subjects: Record<string, Limit>): Promise<void> {
  await countAll(needs, subjects, false, tooManyFailures);
}

/**
 * Counts a request of each subject, whatever its result.
 * @throws AppError if a subject has asked too often; then nothing is counted
 */
export async function countRequest(needs: Counting, subjects: Record<string, Limit>): Promise<void> {
  await countAll(needs, subjects, false, retryAfterSeconds =>
    commonProblem(
      'rate_limited',
      `Too many requests of this kind. Try again in ${inSeconds(retryAfterSeconds ?? 1)}.`,
      {
        retryAfterSeconds: retryAfterSeconds ?? 1,
      },
    ),
  );
}

const inSeconds = (seconds: number) => (seconds === 1 ? 'a second' : `${seconds} seconds`);

/** Undefined: as soon as the pending tries have ended. */
type Refusal = (retryAfterSeconds: number | undefined) => AppError;

const tooManyFailures: Refusal = retryAfterSeconds =>
  retryAfterSeconds === undefined
    ? problem('too_many_failures', 'Too many tries are in progress. Try again in a second.', {
        retryAfterSeconds: 1,
      })
    : problem('too_many_failures', `Try again in ${inSeconds(retryAfterSeconds)}.`, { retryAfterSeconds });

/** The most uncounted attempts per subject; more are rejected at once. */
const longestLine = 20;

// Counts of one subject exclude each other. Within a process they queue here, so that they do not each hold a
// connection.
const queues = new WeakMap<Database, ReturnType<typeof keyedQueue>>();

function inLine<Result>(db: Database, subject: string, work: () => Promise<Result>): Promise<Result | undefined> {
  const all = queues.get(db) ?? keyedQueue(longestLine);
  queues.set(db, all);
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
