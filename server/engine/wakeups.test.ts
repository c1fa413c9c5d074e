// Hints whose store does not answer any more.
import type { Queue, Worker } from 'bullmq';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createMetrics } from '../kit/metrics.ts';
import { StartError } from '../kit/start-error.ts';
import { bullmqHints, type HintCarrier } from './wakeups.ts';

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

test('a hint that comes just as the ones before it are through is sent as well', async () => {
  const sent: string[] = [];
  let added = () => {};
  const queue = {
    name: 'send',
    on: () => {},
    addBulk: (jobs: { data: { key: string } }[]) => {
      sent.push(...jobs.map(({ data }) => data.key));
      return new Promise<void>(resolve => {
        added = resolve;
      });
    },
  };
  const carrier = { ...silentCarrier(), queue: () => queue as unknown as Queue };
  const hints = bullmqHints(carrier, ['send'], createMetrics(), pino({ level: 'silent' }));
  hints.add('send', 'a');
  added();
  // After the sender has looked whether there is more, and before it is known to have ended.
  await Promise.resolve();
  hints.add('send', 'b');
  await new Promise(resolve => setImmediate(resolve));
  expect(sent).toEqual(['a', 'b']);
});
