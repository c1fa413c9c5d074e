import { expect, test } from 'vitest';
import { goRound, type Round } from './round-robin.ts';

/** Repeats rounds of at most so many full batches until nothing is left; returns the batches of each round, and the last one. */
async function goOn(work: Record<string, number>, most: number): Promise<{ rounds: string[]; end: Round }> {
  const all = Object.keys(work).map(id => ({ id }));
  const rounds: string[] = [];
  for (let end: Round = { last: undefined, more: true }; ; ) {
    let done = '';
    let full = 0;
    end = await goRound(
      all,
      end.last,
      () => ++full < most,
      async ({ id }) => {
        done += id;
        const left = work[id] ?? 0;
        work[id] = Math.max(0, left - 1);
        return left >= 1;
      },
    );
    rounds.push(done);
    if (!end.more) return { rounds, end };
  }
}

test('an item without work costs the others nothing', async () => {
  expect(await goOn({ a: 0, b: 0, c: 0, d: 0, e: 1 }, 2)).toMatchObject({ rounds: ['abcdee'] });
});

test('an item with much work leaves the next turn to the items behind, then to those before', async () => {
  const { rounds, end } = await goOn({ a: 0, b: 4, c: 1, d: 0 }, 2);
  expect(rounds).toEqual(['abb', 'ccdab', 'cdabb']);
  expect(end.more).toBe(false);
});

test('one that is gone since leaves its place to those behind it', async () => {
  const turns: string[] = [];
  const piece = async ({ id }: { id: string }) => turns.push(id) < 0;
  const never = () => false;
  expect(await goRound([{ id: 'a' }, { id: 'c' }], 'b', never, piece)).toEqual({ last: 'b', more: false });
  expect(turns).toEqual(['c', 'a']);
  expect(await goRound([], 'b', never, piece)).toEqual({ last: 'b', more: false });
});
