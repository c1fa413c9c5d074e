import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoff, spread } from './backoff.ts';

test('doubles from the step to the most, and never shrinks', () => {
  expect([0, 1, 2, 3, 4].map(failures => backoff(5, 60, failures))).toEqual([5, 10, 20, 40, 60]);
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), (left, right) => {
      const [few, many] = [Math.min(left, right), Math.max(left, right)];
      expect(backoff(1, 900, few)).toBeLessThanOrEqual(backoff(1, 900, many));
      expect(backoff(1, 900, many)).toBeLessThanOrEqual(900);
    }),
  );
});

test('spreads a wait to both sides', () => {
  expect([0, 0.5, 1].map(random => Math.round(spread(100, 0.2, random)))).toEqual([80, 100, 120]);
});
