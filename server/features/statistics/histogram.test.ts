import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bucket, percentile, spansOf } from './histogram.ts';

/** As counted_bucket of the schema. */
const bucketOf = (ms: number) => Math.round(Math.min(160, Math.log(Math.max(1, ms)) / Math.log(1.15)));

function histogram(values: number[]): Bucket[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(bucketOf(value), (counts.get(bucketOf(value)) ?? 0) + 1);
  return [...counts].map(([bucket, n]) => ({ bucket, n })).sort((a, b) => a.bucket - b.bucket);
}

const values = fc.array(fc.integer({ min: 1, max: 2_000_000_000 }), { minLength: 1 });

test('a percentile is that of the values, to 7.5 % and the half of a millisecond', () => {
  fc.assert(
    fc.property(values, fc.constantFrom(0.5, 0.9, 0.95, 0.99), (values, share) => {
      const exact = values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? 0;
      const told = percentile(histogram(values), share) ?? 0;
      expect(Math.abs(told - exact)).toBeLessThanOrEqual(exact * 0.075 + 0.5);
    }),
    // The middle of its bucket is 9.36, and whole milliseconds say 9.
    { examples: [[[10], 0.5]] },
  );
  expect(percentile([], 0.5)).toBeNull();
});

test('each value is in one span', () => {
  fc.assert(
    fc.property(values, values => {
      const spans = spansOf(histogram(values), [60, 300, 3_600]);
      expect(spans).toHaveLength(4);
      expect(spans.reduce((sum, n) => sum + n, 0)).toBe(values.length);
    }),
  );
  expect(spansOf(histogram([1_000, 100_000, 10_000_000]), [60, 300, 3_600])).toEqual([1, 1, 0, 1]);
});
