import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fairPlaces } from './fair-places.ts';

/** Work that ends when the test says so. */
function works(pass: ReturnType<typeof fairPlaces>) {
  const running: { group: string; key: string; end: () => void }[] = [];
  const done: Promise<void>[] = [];
  return {
    running,
    done,
    ask(group: string, key: string): void {
      done.push(pass(group, key, () => new Promise<void>(end => void running.push({ group, key, end }))));
    },
    async end(at: number): Promise<void> {
      running.splice(at, 1)[0]?.end();
      await turn();
    },
  };
}
const turn = () => new Promise<void>(resolve => setImmediate(resolve));

test('who has the fewest places gets the next one, however many others ask for', async () => {
  const w = works(fairPlaces(4));
  for (let n = 0; n < 50; n++) w.ask('shop', 'greedy');
  w.ask('shop', 'modest');
  await turn();
  expect(w.running.map(({ key }) => key)).toEqual(['greedy', 'greedy', 'greedy', 'greedy']);
  await w.end(0);
  expect(w.running.at(-1)?.key).toBe('modest');
  // Others have places of their own.
  w.ask('clinic', 'modest');
  await turn();
  expect(w.running.at(-1)?.group).toBe('clinic');
  while (w.running.length > 0) await w.end(0);
  await Promise.all(w.done);
});

test('work that fails frees its place', async () => {
  const pass = fairPlaces(1);
  await expect(pass('a', 'x', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await pass('a', 'y', async () => 1)).toBe(1);
});

test('in any order: a group never has more than its places, leaves none free while somebody waits, and does all', async () => {
  const step = fc.oneof(
    fc.record({ group: fc.constantFrom('a', 'b'), key: fc.constantFrom('x', 'y', 'z') }),
    fc.record({ end: fc.nat(20) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 40 }), async (count, steps) => {
      const w = works(fairPlaces(count));
      const asked = { a: 0, b: 0 };
      const ended = { a: 0, b: 0 };
      for (const one of steps) {
        if ('key' in one) {
          w.ask(one.group, one.key);
          asked[one.group as 'a']++;
          await turn();
        } else if (w.running.length > 0) {
          const at = one.end % w.running.length;
          ended[w.running[at]?.group as 'a']++;
          await w.end(at);
        }
        for (const group of ['a', 'b'] as const)
          expect(w.running.filter(each => each.group === group).length).toBe(
            Math.min(count, asked[group] - ended[group]),
          );
      }
      while (w.running.length > 0) await w.end(0);
      await Promise.all(w.done);
      expect(w.done.length).toBe(asked.a + asked.b);
    }),
    { numRuns: 100 },
  );
});
