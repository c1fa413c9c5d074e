// Hints whose store does not answer any more.
import type { Queue, Worker } from 'bullmq';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createMetrics } from '../kit/metrics.ts';
import { StartError } from '../kit/start-error.ts';
import { bullmqHints, type HintCarrier } from './hints.ts';

const never = () => new Promise<never>(() => {});

/** A store as seen from a network that passes nothing on any more. */
function silentCarrier(): HintCarrier {
  const connected = { on: () => {}, waitUntilReady: async () => {}, close: never };
  return {
    queue: name => ({ ...connected, name, addBulk: never }) as unknown as Queue,
    worker: name => ({ ...connected, name, run: never }) as unknown as Worker,
    refusal: why => new StartError(why),
    close: never,
  };
}

test('a store that does not answer keeps nobody from stopping', async () => {
  const hints = bullmqHints(silentCarrier(), ['send'], createMetrics(), pino({ level: 'silent' }));
  await hints.open(async () => {});
  hints.add('send', 'a');
  await expect(hints.close()).resolves.toBeUndefined();
});
