import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock } from '../time.ts';
import { groupCommit } from './group-commit.ts';

const dataError = Object.assign(new Error('invalid byte sequence'), { code: '22021' });
const lost = Object.assign(new Error('Connection terminated'), { code: '08006' });

test('a data error is answered to its own item only, whatever lies around it', async () => {
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

test('only what wants a lock that somebody holds waits for it, in order; all others pass', async () => {
  const heldUp = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
  const locks = ['a', 'b', 'c', 'd', 'e', 'f'];
  // What stands behind a bad item must not overtake what stands before it, beside what is held up.
  const overtaking = ['a', 'b', 'c', 'a'].map((lock, place) => ({ lock, turn: 0, bad: place === 2 ? 0 : 1 }));
  const item = fc.record({ lock: fc.constantFrom(...locks), turn: fc.nat(6), bad: fc.nat(9) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { maxLength: 40 }),
      fc.subarray(locks),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 2 }),
      async (items, held, max, inFlight) => {
        const turn = () => new Promise(resolve => setImmediate(resolve));
        const holders = new Set(held);
        const atWork: string[] = [];
        const stored: string[] = [];
        const clock = manualClock(0);
        const group = groupCommit<{ lock: string; name: string; bad: boolean }, string>({
          max,
          inFlight,
          uncertain: () => false,
          locks: { clock: { elapsed: clock.now }, of: ({ lock }) => lock, isHeldUp: error => error === heldUp },
          write: async batch => {
            await turn();
            const wanted = new Set(batch.map(({ lock }) => lock).filter(lock => holders.has(lock)));
            if (batch.some(({ bad }) => bad)) throw dataError;
            if (wanted.size > 0) {
              // Each is waited for once, or in as many batches as were on their way.
              atWork.push(...wanted);
              for (let n = 0; n < 3; n++) await turn();
              for (const lock of wanted) atWork.splice(atWork.indexOf(lock), 1);
              for (const lock of wanted) expect(atWork.filter(other => other === lock).length).toBeLessThan(inFlight);
              if ([...wanted].some(lock => holders.has(lock))) throw heldUp;
            }
            stored.push(...batch.map(({ name }) => name));
            return batch.map(({ name }) => name);
          },
        });
        const all: {
          lock: string;
          name: string;
          bad: boolean;
          answer: Promise<PromiseSettledResult<string> | undefined>;
        }[] = [];
        for (const [place, { lock, turn: turns, bad }] of items.entries()) {
          const one = { lock, name: `${lock}${place}`, bad: bad === 0 };
          const answer = Promise.allSettled([group.add(one)]).then(([result]) => result);
          all.push({ ...one, answer });
          for (let n = 0; n < turns; n++) await turn();
        }
        const good = all.filter(({ bad }) => !bad);
        const free = good.filter(({ lock }) => !holders.has(lock));
        await Promise.all(free.map(({ answer }) => answer));
        expect(stored.toSorted()).toEqual(free.map(({ name }) => name).toSorted());
        holders.clear();
        for (const { name, bad, answer } of all)
          expect(await answer).toEqual(
            bad ? { status: 'rejected', reason: dataError } : { status: 'fulfilled', value: name },
          );
        await group.idle();
        if (inFlight > 1) return;
        for (const lock of locks)
          expect(stored.filter(name => name.startsWith(lock))).toEqual(
            good.flatMap(entry => (entry.lock === lock ? [entry.name] : [])),
          );
      },
    ),
    { examples: [[overtaking, ['b'], 8, 1]] },
  );
});

test('what does not get its lock for half a minute fails, and what came for it behind is tried', async () => {
  const heldUp = new Error('held up');
  const clock = manualClock(0);
  let tries = 0;
  const group = groupCommit<string, string>({
    max: 10,
    inFlight: 1,
    uncertain: () => false,
    locks: { clock: { elapsed: clock.now }, of: item => item[0] ?? '', isHeldUp: error => error === heldUp },
    write: async items => {
      if (!items.some(item => item.startsWith('a'))) return items;
      clock.advance(200);
      tries++;
      if (clock.now() < 40_000) throw heldUp;
      return items;
    },
  });
  const [first, other] = [group.add('a1'), group.add('b1')];
  expect(await other).toBe('b1');
  await expect(first).rejects.toBe(heldUp);
  expect(tries).toBe(151);
  expect(await group.add('a2')).toBe('a2');
});

test('what has the lock of a batch that is only slow waits behind it, and others do not', async () => {
  const clock = manualClock(0);
  const written: string[][] = [];
  let endSlow = () => {};
  const group = groupCommit<string, string>({
    max: 2,
    inFlight: 1,
    uncertain: () => false,
    patience: { clock, ms: 1_000, most: 4 },
    locks: { clock: { elapsed: clock.now }, of: item => item[0] ?? '', isHeldUp: () => false },
    write: async items => {
      if (items.includes('a1'))
        await new Promise<void>(resolve => {
          endSlow = resolve;
        });
      written.push(items);
      return items;
    },
  });
  const all = Promise.all(['a1', 'a2', 'a3', 'b1', 'a4', 'b2'].map(item => group.add(item)));
  const other = group.add('b3');
  await new Promise(resolve => setImmediate(resolve));
  clock.advance(1_000);
  await other;
  expect(written.flat()).toEqual(['b1', 'b2', 'b3']);
  endSlow();
  await all;
  expect(written.flat()).toEqual(['b1', 'b2', 'b3', 'a1', 'a2', 'a3', 'a4']);
  await group.idle();
});
