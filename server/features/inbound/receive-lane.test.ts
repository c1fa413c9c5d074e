// However many lanes are behind, a process reads the payloads of a few at a time.
import { expect, test } from 'vitest';
import type { Claim } from '../../engine/lane.ts';
import type { Database } from '../../kit/db/database.ts';
import { openLog } from '../../kit/log.ts';
import { createMetrics } from '../../kit/metrics.ts';
import { manualClock } from '../../kit/time.ts';
import { receiveLane } from './receive-lane.ts';

/** Lanes with too many payloads to share a transaction. The test ends each transaction. */
function openLanes(waits = false) {
  const clock = manualClock(0);
  const ends: (() => void)[] = [];
  const woken: string[] = [];
  const reads: (() => void)[] = [];
  let read = 0;
  let parsed = 0;
  const body = Buffer.alloc(200_000, ' ');
  const query = async <Row extends object>({ texts }: { texts: readonly string[] }) => {
    if (!texts[0]?.includes('select id, app, body')) return [];
    read++;
    if (waits) await new Promise<void>(resolve => reads.push(resolve));
    return [{ id: read, app: 'one', body }] as unknown as Row[];
  };
  const db = {
    query,
    transaction: () =>
      new Promise(resolve => ends.push(() => resolve({ closed: new Set(), held: [], open: [], refused: [] }))),
  } as unknown as Database;
  const parse = () => {
    parsed++;
    return [];
  };
  const app = { webhooks: { parse } as never, channel: 'one', laneKey: 'one', workspaceId: undefined };
  const lane = receiveLane({
    db,
    clock,
    log: openLog('silent'),
    metrics: createMetrics(),
    apps: { configured: ['one'], find: async () => app, renew: async () => undefined },
    wake: (_, key) => void woken.push(key),
    paceMs: 0,
    noticeHandlers: [],
    receiptHandlers: [],
  });
  return { lane, ends, woken, reads, read: () => read, parsed: () => parsed };
}

const settled = () => new Promise(resolve => setImmediate(resolve));

test('the payloads of 20 lanes are held at most, and those of 4 parsed; the others are woken when a place is free', async () => {
  const { lane, ends, woken, read, parsed } = openLanes();
  const claims: Claim[] = [];
  for (let n = 0; n < 84; n++) claims.push(await lane.claim(`lane ${n}`, 1));
  expect(read()).toBe(20);
  expect(claims.filter(({ jobs }) => jobs.length > 0)).toHaveLength(20);
  expect(claims[20]).toEqual({ jobs: [], waitMs: undefined, more: true });

  const runs = claims.flatMap(({ jobs }) => jobs.map(job => job.run()));
  await settled();
  expect(parsed()).toBe(4);
  expect(woken).toEqual([]);
  ends[0]?.();
  await runs[0];
  await settled();
  expect(parsed()).toBe(5);
  expect(woken).toEqual(['lane 20']);
  const next = await lane.claim('lane 20', 1);
  expect(next.jobs).toHaveLength(1);
  expect((await lane.claim('lane 0', 1)).jobs).toEqual([]);

  // A released job frees its place.
  await next.jobs[0]?.release();
  expect(woken).toEqual(['lane 20', 'lane 21']);
});

test('four lanes are read at once', async () => {
  const { lane, reads, read } = openLanes(true);
  const claims = Array.from({ length: 10 }, (_, n) => lane.claim(`lane ${n}`, 1));
  await settled();
  expect(read()).toBe(4);
  while (reads.length > 0) {
    reads.shift()?.();
    await settled();
  }
  expect(read()).toBe(10);
  await Promise.all(claims);
});
