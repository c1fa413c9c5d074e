// How long a message waits before its next attempt.
import type { Outcome } from '../../ports/channel.ts';

const firstRetryMs = 5_000;
const recipientStepMs = 6_000;

/**
 * Milliseconds until the next attempt: 5, 10, 20 s (±20 %) after calls that provably never reached the channel; 6 s and
 * doubling where the channel asks to spare a recipient; what the channel asked for, at least, where it throttles.
 * `before` counts earlier calls: `tries` those that never reached the channel, `attempts` all. `random` is from 0 to 1.
 */
export function retryWaitMs(
  outcome: Outcome | { class: 'handed_back' },
  before: { tries: number; attempts: number },
  random: number,
): number {
  const asked = 'waitMs' in outcome ? (outcome.waitMs ?? 0) : 0;
  switch (outcome.class) {
    case 'not_sent':
      return firstRetryMs * 2 ** before.tries * (0.8 + 0.4 * random);
    case 'recipient_throttled':
      return Math.max(asked, recipientStepMs * 2 ** Math.min(before.attempts, 6));
    case 'throttled':
      return asked;
    default:
      return 0;
  }
}
