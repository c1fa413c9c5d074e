import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock } from '../time.ts';
import { groupCommit } from './group-commit.ts';

const dataError = Object.assign(new Error('invalid byte sequence'), { code: '22021' });
const lost = Object.assign(new Error('Connection terminated'), { code: '08006' });

test('a data error fails its own item only, among any others', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      async (poison, max) => {
        const stored: number[] = [];
        const group = groupCommit<number, number>({
          max,
          inFlight: 2,
          uncertain: () => false,
          write: async items => {
            if (items.some(item => poison[item])) throw dataError;
            stored.push(...items);
            return items.map(item => item * 2);
          },
        });
        const results = await Promise.allSettled(poison.map((_, index) => group.add(index)));
        results.forEach((result, index) => {
          if (poison[index]) expect(result).toEqual({ status: 'rejected', reason: dataError });
          else expect(result).toEqual({ status: 'fulfilled', value: index * 2 });
        });
        expect(stored.sort((a, b) => a - b)).toEqual(poison.flatMap((bad, index) => (bad ? [] : [index])));
      },
    ),
  );
});

test('a batch whose COMMIT stays uncertain is written six times more, and then rejected', async () => {
  const lost = new Error('lost');
  const calls: boolean[] = [];
  const group = groupCommit<string, string>({
    uncertain: error => error === lost,
    write: async (_, again) => {
      calls.push(again);
      throw lost;
    },
    max: 10,
    inFlight: 1,
  });
  await expect(group.add('a')).rejects.toBe(lost);
  expect(calls).toEqual([false, true, true, true, true, true, true]);
});

test('a batch whose COMMIT is uncertain is written again with the same items, and once only', async () => {
  const calls: { items: string[]; again: boolean }[] = [];
  const group = groupCommit<string, string>({
    max: 10,
    inFlight: 1,
    uncertain: error => error === lost,
    write: async (items, again) => {
      calls.push({ items, again });
      if (!again) throw lost;
      return items;
    },
  });
  expect(await Promise.all([group.add('a'), group.add('b')])).toEqual(['a', 'b']);
  expect(calls).toEqual([
    { items: ['a', 'b'], again: false },
    { items: ['a', 'b'], again: true },
  ]);
});

test('items that must be apart travel in different batches, in order', async () => {
  const batches: string[][] = [];
  const group = groupCommit<string, string>({
    max: 10,
    inFlight: 1,
    uncertain: () => false,
    apart: item => item[0],
    write: async items => {
      batches.push(items);
      return items;
    },
  });
  await Promise.all(['a1', 'b1', 'a2', 'a3'].map(item => group.add(item)));
  await group.idle();
  expect(batches).toEqual([['a1', 'b1'], ['a2'], ['a3']]);
});

test('what is in no hurry goes at once at rest, waits for company under load, and not where a batch is full', async () => {
  const clock = manualClock(0);
  const batches: string[][] = [];
  const group = groupCommit<string, string>({
    max: 4,
    inFlight: 1,
    uncertain: () => false,
    pace: { clock: { after: clock.after, elapsed: clock.now }, ms: 40 },
    write: async items => {
      batches.push(items);
      return items;
    },
  });
  const settle = async () => {
    for (let n = 0; n < 5; n++) await new Promise(resolve => setImmediate(resolve));
  };
  const add = async (...items: string[]) => {
    for (const item of items) void group.add(item);
    await settle();
  };
  await add('first');
  expect(batches).toEqual([['first']]);
  await add('second');
  clock.advance(39);
  await add('third');
  expect(batches).toHaveLength(1);
  clock.advance(1);
  await settle();
  expect(batches.slice(1)).toEqual([['second', 'third']]);
  await add('1');
  await add('2', '3', '4');
  expect(batches.slice(2)).toEqual([['1', '2', '3', '4']]);
  await add('last');
  clock.advance(40);
  await group.idle();
  expect(batches.slice(3)).toEqual([['last']]);
});

test('a caller that adds one item after the other waits for no pace, and many together do', async () => {
  const clock = manualClock(0);
  const batches: number[][] = [];
  const group = groupCommit<number, number>({
    max: 100,
    inFlight: 1,
    uncertain: () => false,
    pace: { clock: { after: clock.after, elapsed: clock.now }, ms: 8, unlessAlone: true },
    write: async items => {
      batches.push(items);
      return items;
    },
  });
  for (const item of [1, 2, 3]) await group.add(item);
  expect(batches).toEqual([[1], [2], [3]]);
  await Promise.all([group.add(4), group.add(5)]);
  const sixth = group.add(6);
  await new Promise(resolve => setImmediate(() => setImmediate(resolve)));
  expect(batches.slice(3)).toEqual([[4, 5]]);
  clock.advance(8);
  await sixth;
  expect(batches.slice(3)).toEqual([[4, 5], [6]]);
});

test('of a batch that cannot lock something in time, only what wants that is rejected', async () => {
  const timeout = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
  const group = groupCommit<string, string>({
    max: 10,
    inFlight: 1,
    uncertain: () => false,
    write: async items => {
      if (items.some(item => item.startsWith('a'))) throw timeout;
      return items;
    },
  });
  const all = await Promise.allSettled(['a1', 'b1', 'c1', 'a2'].map(item => group.add(item)));
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'rejected']);
});
