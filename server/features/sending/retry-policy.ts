// How long a message waits before its next attempt.

import { backoff, spread } from '../../kit/backoff.ts';
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
 * Milliseconds until the next attempt. `random` is from 0 to 1. The channel may ask for a wait of its own.
 * - not_sent: the call provably never reached the channel. The account's delay, 5 s by default, doubling up to a day,
 *   ±20 %
 * - unavailable: an error of the channel's own. The same, and at least the wait asked for
 * - templates_restricted, marketing_restricted: it sends no messages of this kind. The wait asked for, or an hour
 * - deferred: only this message waits. The wait asked for, or an hour, doubling up to a day
 * - recipient_throttled: it asks to spare a recipient. 6 s, doubling, and at least the wait asked for
 * - file_pending: the wait that the file asks for, doubling up to 15 minutes
 * - throttled: the wait asked for
 */
export function retryWaitMs(outcome: Outcome | NoCall, before: Before, random: number): number {
  const asked = 'waitMs' in outcome ? (outcome.waitMs ?? 0) : 0;
  switch (outcome.class) {
    case 'not_sent':
      return spread(backoff(before.delayMs, dayMs, before.failedAttempts), 0.2, random);
    case 'unavailable':
      return Math.max(asked, spread(backoff(before.delayMs, dayMs, before.failedAttempts), 0.2, random));
    case 'templates_restricted':
    case 'marketing_restricted':
      return asked || hourMs;
    case 'deferred':
      return backoff(asked || hourMs, dayMs, before.attempts);
    case 'recipient_throttled':
      return Math.max(asked, backoff(recipientStepMs, 64 * recipientStepMs, before.attempts));
    case 'file_pending':
      return backoff(asked, longestMediaMs, before.attempts);
    case 'throttled':
      return asked;
    default:
      return 0;
  }
}
