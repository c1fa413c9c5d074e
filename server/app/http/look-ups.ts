// Look-ups by number: each tells a caller who sees no numbers whether a whole number is there, so they may ask few.
import type { FastifyRequest } from 'fastify';
import { countRequest } from '../../features/auth/index.ts';
import type { Database } from '../../kit/db/database.ts';
import { AppError, commonProblem } from '../../kit/errors.ts';
import { digitsOf } from '../../kit/text/phone.ts';
import type { Clock } from '../../kit/time.ts';

/** Enough for the numbers that people tell on the phone, and too few to find one by trying. */
export const lookUpLimit = { most: 20, ms: 10 * 60_000 };

/** No number is shorter. */
const fewestDigits = 7;

const isNumber = (value: unknown): boolean =>
  typeof value === 'string' && (digitsOf(value)?.length ?? 0) >= fewestDigits;

/** Whether one of the fields that find people by their number names a whole one. */
function namesNumber(input: unknown): boolean {
  if (typeof input !== 'object' || input === null) return false;
  const { phone, to, search, filter } = input as Record<string, unknown>;
  return [phone, to, search].some(isNumber) || namesNumber(filter);
}

export type LookUps = ReturnType<typeof lookUps>;

/** Returns what counts a request of a caller who sees no numbers, for all processes together. */
export const lookUps =
  (needs: { db: Database; clock: Clock }) =>
  /** @throws AppError if the caller has looked up too many */
  async ({ caller, query, body, routeOptions }: FastifyRequest): Promise<void> => {
    if (!caller || routeOptions.config.sends) return;
    if (!namesNumber(query) && !namesNumber(body)) return;
    try {
      await countRequest(needs, { [`look-ups ${caller.workspaceId} ${caller.id}`]: lookUpLimit });
    } catch (error) {
      if (!(error instanceof AppError) || error.retryAfterSeconds === undefined) throw error;
      const { retryAfterSeconds } = error;
      const wait = `You see no numbers, and may look up ${lookUpLimit.most} in ten minutes. Try again in ${retryAfterSeconds} seconds.`;
      throw commonProblem('too_many_look_ups', wait, { retryAfterSeconds });
    }
  };
