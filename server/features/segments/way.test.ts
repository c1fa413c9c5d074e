import fc from 'fast-check';
import { expect, test } from 'vitest';
import { everybody, type Plan, type Source } from './facts-store.ts';
import { type Alike, cheapestWay, lookupsOf, partsOf, type Way } from './way.ts';

const contacts = 1_000_000;
const { test: fits } = everybody;
const source = (): Source => ({ test: fits, ids: () => fits, exact: 'all' });
const lookedUp = (): Plan => ({ test: fits, sources: [source()], lookUps: 1 });
const askedOnly = (lookUps: number): Plan => ({ test: fits, sources: [], lookUps });
const leftOut = (): Plan => ({ test: fits, sources: [], without: source(), lookUps: 1 });

/** A sample in which each condition fits by chance of its own, with this share. */
function sampleOf(parts: Plan[], shares: number[]): Alike[] {
  let alike: Alike[] = [{ fits: [], had: [], n: 2_000 }];
  for (const [place, share] of shares.entries()) {
    const { without } = parts[place] ?? {};
    const has = (parts[place]?.sources.length ?? 0) > 0;
    alike = alike.flatMap(({ fits, had, n }) =>
      [true, false].map(fit => ({
        fits: [...fits, fit],
        had: [...had, ...(has ? [fit] : []), ...(without ? [!fit] : [])],
        n: n * (fit ? share : 1 - share),
      })),
    );
  }
  return alike;
}

const wayOf = (parts: Plan[], shares: number[]): Way =>
  cheapestWay(parts, lookupsOf(parts), sampleOf(parts, shares), contacts);

test('the smaller lookup is intersected with the larger one, where contacts would be read one by one', () => {
  const [small, large] = [lookedUp(), lookedUp()];
  const way = wayOf([large, small, askedOnly(0)], [0.1, 0.024, 0.005]);
  expect(way.start).toBe(small.sources[0]);
  expect(way.within).toEqual([large.sources[0]]);
  expect(way.asked).toHaveLength(1);
});

test('few contacts are asked one by one', () => {
  const [small, large] = [lookedUp(), lookedUp()];
  const way = wayOf([small, large], [0.001, 0.5]);
  expect(way).toEqual({ start: small.sources[0], within: [], without: [], asked: [large] });
});

test('where most contacts fit, they are read in order until there are 10,001', () => {
  expect(wayOf([lookedUp(), askedOnly(0)], [0.9, 0.9]).start).toBeUndefined();
});

test('contacts to leave out are a set too', () => {
  const out = leftOut();
  const way = wayOf([askedOnly(0), out], [0.005, 0.9]);
  expect(way.start).toBeUndefined();
  expect([...way.without, ...way.asked.filter(plan => plan === out)]).toHaveLength(1);
});

test('each condition is asked, or answered by a lookup that is exact', () => {
  const kinds = [lookedUp, () => askedOnly(0), () => askedOnly(2), leftOut];
  const conditions = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.double({ min: 0, max: 1, noNaN: true })), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(conditions, drawn => {
      const parts = partsOf({ ...askedOnly(0), parts: drawn.map(([kind]) => kind()) });
      const { start, within, without, asked } = wayOf(
        parts,
        drawn.map(([, share]) => share),
      );
      for (const part of parts) {
        const answers = [start, ...within].some(one => one !== undefined && part.sources.includes(one));
        const leaves = part.without !== undefined && without.includes(part.without);
        expect(answers || leaves).toBe(!asked.includes(part));
      }
    }),
  );
});
