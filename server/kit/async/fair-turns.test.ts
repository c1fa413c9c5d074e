// Turns are fair: a key with much work takes neither all places nor the turns of others.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock } from '../time.ts';
import { fairTurns } from './fair-turns.ts';

/** A gate whose work runs until the test ends it. */
function openGate(places: number, mostOfOne: number) {
  const clock = manualClock(0);
  const problem = () => new Error('too long');
  const inTurn = fairTurns({ places, mostOfOne, wait: { clock, ms: 1_000, problem } });
  const running: { key: string; end: () => void }[] = [];
  const begun: string[] = [];
  const add = (key: string) =>
    inTurn(
      key,
      () =>
        new Promise<void>(resolve => {
          begun.push(key);
          const one = {
            key,
            end: () => {
              running.splice(running.indexOf(one), 1);
              resolve();
            },
          };
          running.push(one);
        }),
    );
  return { clock, add, running, begun };
}

const settled = () => new Promise(resolve => setImmediate(resolve));

test('no key has more than its most, no place stays free for work that may run, and all work runs', async () => {
  const step = fc.oneof(fc.record({ add: fc.constantFrom('a', 'b', 'c', 'd') }), fc.record({ end: fc.nat() }));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
      const gate = openGate(5, 2);
      const left = new Map<string, number>();
      const work: Promise<void>[] = [];
      const check = () => {
        const count = (key: string) => gate.running.filter(one => one.key === key).length;
        for (const key of left.keys()) expect(count(key)).toBeLessThanOrEqual(2);
        expect(gate.running.length).toBeLessThanOrEqual(5);
        const waits = [...left].some(([key, n]) => n > count(key) && count(key) < 2);
        if (waits) expect(gate.running).toHaveLength(5);
      };
      for (const each of steps) {
        if ('add' in each) {
          left.set(each.add, (left.get(each.add) ?? 0) + 1);
          work.push(gate.add(each.add));
        } else if (gate.running.length > 0) {
          const one = gate.running[each.end % gate.running.length];
          if (one) left.set(one.key, (left.get(one.key) ?? 0) - 1);
          one?.end();
        }
        await settled();
        check();
      }
      while (gate.running.length > 0) {
        gate.running[0]?.end();
        await settled();
      }
      await Promise.all(work);
    }),
    { numRuns: 50 },
  );
});

test('a key that comes late waits for one turn, however much work of others waits', async () => {
  const gate = openGate(4, 3);
  for (let n = 0; n < 100; n++) for (const key of ['a', 'b']) void gate.add(key);
  void gate.add('late');
  await settled();
  expect(gate.begun).not.toContain('late');
  gate.running[0]?.end();
  await settled();
  gate.running[0]?.end();
  await settled();
  expect(gate.begun.slice(0, 6)).toContain('late');
});

test('work that waits too long fails, and takes no turn', async () => {
  const gate = openGate(1, 1);
  void gate.add('a');
  const late = gate.add('a');
  const failed = expect(late).rejects.toThrow('too long');
  gate.clock.advance(1_000);
  await failed;
  gate.running[0]?.end();
  void gate.add('b');
  await settled();
  expect(gate.begun).toEqual(['a', 'b']);
});
