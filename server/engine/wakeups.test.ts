// Wake-ups whose store no longer responds.
import type { Queue, Worker } from 'bullmq';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createMetrics } from '../kit/metrics.ts';
import { StartError } from '../kit/start-error.ts';
import { bullmqWakeups, type WakeupTransport } from './wakeups.ts';

const never = () => new Promise<never>(() => {});

/** A store as seen from a network that passes nothing on any more. */
function silentTransport(): WakeupTransport {
  const connected = { on: () => {}, waitUntilReady: async () => {}, close: never };
  return {
    connections: 0,
    queue: name => ({ ...connected, name, addBulk: never }) as unknown as Queue,
    worker: name => ({ ...connected, name, run: never }) as unknown as Worker,
    refusal: why => new StartError(why),
    close: never,
  };
}

test('a store that does not answer keeps nobody from stopping', async () => {
  const wakeups = bullmqWakeups(silentTransport(), ['send'], createMetrics(), pino({ level: 'silent' }));
  await wakeups.open(async () => {});
  wakeups.add('send', 'a');
  await expect(wakeups.close()).resolves.toBeUndefined();
});

test('a wake-up that comes just as the ones before it are through is sent as well', async () => {
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
  const transport = { ...silentTransport(), queue: () => queue as unknown as Queue };
  const wakeups = bullmqWakeups(transport, ['send'], createMetrics(), pino({ level: 'silent' }));
  wakeups.add('send', 'a');
  added();
  // After the sender has looked whether there is more, and before it is known to have ended.
  await Promise.resolve();
  wakeups.add('send', 'b');
  await new Promise(resolve => setImmediate(resolve));
  expect(sent).toEqual(['a', 'b']);
});
