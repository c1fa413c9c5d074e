// How long a message waits before its next attempt.
import type { Outcome } from '../../ports/channel.ts';
import type { NoCall } from './store.ts';

const recipientStepMs = 6_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** The longest wait for a file: a file that is missing for a day costs about 100 attempts. */
const longestMediaMs = 900_000;

export interface Before {
  /** Calls that never reached the channel. */
  failedAttempts: number;
  /** All calls. */
  attempts: number;
  /** The account's wait after the first of them, in milliseconds. */
  delayMs: number;
}

/**
 * Milliseconds until the next attempt: the account's delay (5 s by default), doubling, ±20 %, after calls that provably
 * never reached the channel, or met an error of the channel's own; an hour where it sends no messages of this kind; what
 * it asks for, doubling up to a day, where only this message waits; 6 s and doubling where the channel asks to spare a recipient; what the channel asked for,
 * at least, where it throttles; what its file asks for, doubling up to 15 minutes. `random` is from 0 to 1.
 */
export function retryWaitMs(outcome: Outcome | NoCall, before: Before, random: number): number {
  const asked = 'waitMs' in outcome ? (outcome.waitMs ?? 0) : 0;
  switch (outcome.class) {
    case 'not_sent':
      return Math.min(before.delayMs * 2 ** before.failedAttempts, dayMs) * (0.8 + 0.4 * random);
    case 'unavailable':
      return Math.max(asked, Math.min(before.delayMs * 2 ** before.failedAttempts, dayMs) * (0.8 + 0.4 * random));
    case 'templates_restricted':
    case 'marketing_restricted':
      return asked || hourMs;
    case 'deferred':
      return Math.min((asked || hourMs) * 2 ** Math.min(before.attempts, 10), dayMs);
    case 'recipient_throttled':
      return Math.max(asked, recipientStepMs * 2 ** Math.min(before.attempts, 6));
    case 'file_pending':
      return Math.min(asked * 2 ** Math.min(before.attempts, 10), longestMediaMs);
    case 'throttled':
      return asked;
    default:
      return 0;
  }
}
