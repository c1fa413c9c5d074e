import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createMetrics } from '../kit/metrics.ts';
import { manualClock } from '../kit/time.ts';
import type { Claim, LaneKind } from './lane.ts';
import { createEngine } from './runner.ts';

const silent = pino({ level: 'silent' });
const nowhere = { add: () => {}, open: async () => {}, close: async () => {} };
const turn = () => new Promise(resolve => setImmediate(resolve));

function engineOf(
  claim: (key: string, max: number) => Promise<Claim>,
  more: Partial<Parameters<typeof createEngine>[0]> = {},
) {
  const kind: LaneKind = { kind: 'test', concurrency: 2, claim, due: async () => [] };
  const clock = manualClock(0);
  const engine = createEngine({
    kinds: [kind],
    wakeups: nowhere,
    clock,
    log: silent,
    works: true,
    metrics: createMetrics(),
    maxLanes: 10,
    sliceMs: 1_000,
    jobDeadlineMs: 60_000,
    ...more,
  });
  return { engine, clock };
}

const nothing: Claim = { jobs: [], waitMs: undefined, more: false };

test('a lane that is woken while it runs claims again', async () => {
  let claims = 0;
  const { engine } = engineOf(async () => {
    claims++;
    await turn();
    if (claims === 1) engine.wake('test', 'a');
    return nothing;
  });
  engine.wake('test', 'a');
  await engine.idle();
  expect(claims).toBe(2);
});

test('the lane claims work that became ready after its last claim', async () => {
  const done: number[] = [];
  let left = 5;
  // One at a time, as messages to one person: while one is at work nothing else can be claimed.
  let busy = false;
  const { engine } = engineOf(async () => {
    if (busy || left === 0) return { ...nothing, more: left > 0 };
    busy = true;
    const n = left--;
    const run = async () => {
      await turn();
      done.push(n);
      busy = false;
      return undefined;
    };
    return { jobs: [{ run, release: async () => {} }], waitMs: undefined, more: left > 0 };
  });
  engine.wake('test', 'a');
  await engine.idle();
  expect(done).toEqual([5, 4, 3, 2, 1]);
});

test('a job that asks for more time keeps its slot', async () => {
  let claims = 0;
  let moreMs = 30_000;
  const job = { run: () => new Promise<undefined>(() => {}), moreMs: () => moreMs, release: async () => {} };
  const { engine, clock } = engineOf(async () => ({ ...nothing, jobs: claims++ === 0 ? [job] : [] }));
  engine.wake('test', 'a');
  let idle = false;
  void engine.idle().then(() => {
    idle = true;
  });
  await turn();
  clock.advance(89_000);
  await turn();
  expect(idle).toBe(false);
  moreMs = 0;
  clock.advance(1_000);
  await turn();
  expect(idle).toBe(true);
});

test('a job that never ends loses its slot at its deadline, and the lane goes on', async () => {
  const claimed: string[] = [];
  const waiting = ['stuck 1', 'stuck 2', 'fine'];
  const { engine, clock } = engineOf(async (_key, max) => {
    const names = waiting.splice(0, max);
    claimed.push(...names);
    const jobs = names.map(name => ({
      run: () => (name === 'fine' ? Promise.resolve(undefined) : new Promise<undefined>(() => {})),
      release: async () => {},
    }));
    return { jobs, waitMs: undefined, more: waiting.length > 0 };
  });
  engine.wake('test', 'a');
  await turn();
  expect(claimed).toEqual(['stuck 1', 'stuck 2']);
  // The run itself ends after its time slice, so that the wake-up's job does not stay open.
  clock.advance(1_100);
  await turn();
  clock.advance(60_000);
  await engine.idle();
  expect(claimed).toEqual(['stuck 1', 'stuck 2', 'fine']);
});

test('what woke a lane whose slots were all taken is looked for as soon as one is free', async () => {
  let claims = 0;
  const ends: (() => void)[] = [];
  const job = {
    run: () => new Promise<undefined>(resolve => ends.push(() => resolve(undefined))),
    release: async () => {},
  };
  const { engine, clock } = engineOf(async () => ({ ...nothing, jobs: claims++ === 0 ? [job, job] : [] }));
  engine.wake('test', 'a');
  await turn();
  engine.wake('test', 'a');
  await turn();
  // The run that it began ends with its time slice.
  clock.advance(1_100);
  await turn();
  ends[0]?.();
  await turn();
  clock.advance(20);
  await turn();
  expect(claims).toBe(2);
});

test('beside calls that hang, every free slot is used', async () => {
  for (const [slots, hanging] of [
    [10, 6],
    [3, 2],
  ] as const) {
    const claimed: string[] = [];
    const waiting = Array.from({ length: hanging }, (_, n) => `hangs ${n}`);
    const { engine, clock } = engineOf(async (_key, max) => {
      const names = waiting.splice(0, max);
      claimed.push(...names);
      const jobs = names.map(name => ({
        run: () => (name.startsWith('hangs') ? new Promise<undefined>(() => {}) : turn().then(() => undefined)),
        release: async () => {},
      }));
      return { jobs, waitMs: undefined, more: waiting.length > 0, slots };
    });
    engine.wake('test', 'a');
    for (let n = 0; n < 10; n++) await turn();
    // The first claim did not know yet how many slots there are.
    clock.advance(20);
    for (let n = 0; n < 10; n++) await turn();
    expect(claimed).toHaveLength(hanging);
    waiting.push('code 1', 'code 2', 'code 3', 'code 4', 'code 5');
    engine.wake('test', 'a');
    for (let n = 0; n < 5; n++) {
      await turn();
      clock.advance(20);
      for (let m = 0; m < 10; m++) await turn();
    }
    expect(claimed).toEqual([
      ...Array.from({ length: hanging }, (_, n) => `hangs ${n}`),
      'code 1',
      'code 2',
      'code 3',
      'code 4',
      'code 5',
    ]);
  }
});

test('slots that become free together are filled by one claim', async () => {
  const asked: number[] = [];
  const ends: (() => void)[] = [];
  let left = 14;
  const { engine, clock } = engineOf(async (_key, max) => {
    asked.push(max);
    const n = Math.min(max, left);
    left -= n;
    const job = {
      run: () => new Promise<undefined>(resolve => ends.push(() => resolve(undefined))),
      release: async () => {},
    };
    return { jobs: Array.from({ length: n }, () => job), waitMs: undefined, more: left > 0, slots: 10 };
  });
  const settle = async () => {
    for (let n = 0; n < 10; n++) await turn();
  };
  engine.wake('test', 'a');
  await settle();
  expect(asked).toEqual([2, 8]);
  // One slot waits for others; the other three come in time.
  ends.shift()?.();
  await settle();
  clock.advance(19);
  await settle();
  expect(asked).toEqual([2, 8]);
  for (const end of ends.splice(0, 3)) end();
  await settle();
  clock.advance(1);
  await settle();
  expect(asked).toEqual([2, 8, 4]);
});

test('a lane that waits is woken when its time has come', async () => {
  let claims = 0;
  const { engine, clock } = engineOf(async () => {
    claims++;
    return claims === 1 ? { ...nothing, waitMs: 5_000, more: true } : nothing;
  });
  engine.wake('test', 'a');
  await engine.idle();
  clock.advance(4_999);
  await engine.idle();
  expect(claims).toBe(1);
  clock.advance(1);
  await engine.idle();
  expect(claims).toBe(2);
});

test('a message that is tried again in a minute does not stand before a slot that is free in a moment', async () => {
  let claims = 0;
  const retried = { run: async () => 60_000, release: async () => {} };
  const { engine, clock } = engineOf(async () => {
    if (++claims === 1) return { jobs: [retried], waitMs: undefined, more: true };
    await turn();
    return { jobs: [], waitMs: 1_000, more: true };
  });
  engine.wake('test', 'a');
  await engine.idle();
  const before = claims;
  clock.advance(1_000);
  await engine.idle();
  expect(claims).toBe(before + 1);
});

test('a claim during the stop is released', async () => {
  const released: string[] = [];
  let release = () => {};
  const { engine } = engineOf(async () => {
    await new Promise<void>(resolve => {
      release = resolve;
    });
    return {
      jobs: [{ run: async () => undefined, release: async () => void released.push('job') }],
      waitMs: undefined,
      more: false,
    };
  });
  engine.wake('test', 'a');
  const stopped = engine.stop(60_000);
  release();
  await stopped;
  expect(released).toEqual(['job']);
});

test('without the worker role, and beyond its lanes, the process sends wake-ups', () => {
  const sent: string[] = [];
  const wakeups = { ...nowhere, add: (kind: string, key: string) => void sent.push(`${kind} ${key}`) };
  const { engine } = engineOf(async () => nothing, { wakeups, works: false });
  engine.wake('test', 'a');
  const busy = engineOf(() => new Promise(() => {}), { wakeups, maxLanes: 1 });
  busy.engine.wake('test', 'b');
  busy.engine.wake('test', 'c');
  // A lane that waits for less time is not sent as a wake-up.
  expect(sent).toEqual(['test a']);
  busy.clock.advance(100);
  expect(sent).toEqual(['test a', 'test c']);
});

test('of more lanes than there is room for, each has its turn, though all wake-ups are lost', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const turns: string[] = [];
  // Each has more for a while; a run is over with its slice.
  const { engine, clock } = engineOf(
    async key => {
      if (turns.length === 50) return nothing;
      turns.push(key);
      clock.advance(1_001);
      return { jobs: [{ run: async () => undefined, release: async () => {} }], waitMs: undefined, more: true };
    },
    { maxLanes: 2 },
  );
  for (const name of names) engine.wake('test', name);
  await engine.idle();
  for (const name of names) {
    const share = turns.filter(turn => turn === name).length;
    expect(share, name).toBeGreaterThanOrEqual(8);
    expect(share, name).toBeLessThanOrEqual(12);
  }
});
