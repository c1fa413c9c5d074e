// The arithmetic of the bench.
import { expect, test } from 'vitest';
import { median, quantile, ratio, rotated, slope, spread, written } from './stats.ts';

test('the median is the middle, in whatever order the values come', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([10, 9, 100])).toBe(10);
  expect(() => median([])).toThrow('an empty list');
});

test('a quantile lies between its neighbours in proportion', () => {
  const hundred = Array.from({ length: 101 }, (_, index) => index);
  expect(quantile(hundred, 0.99)).toBe(99);
  expect(quantile([0, 10], 0.25)).toBe(2.5);
  expect(quantile([7], 0.99)).toBe(7);
});

test('a ratio is that of the medians, not of the sums', () => {
  expect(ratio([10, 20, 900], [5, 10, 10])).toBe(2);
});

test('a slope is how much is gained for each step', () => {
  expect(
    slope([
      { x: 0, y: 5 },
      { x: 1, y: 7 },
      { x: 2, y: 9 },
    ]),
  ).toBeCloseTo(2);
  expect(() => slope([{ x: 1, y: 1 }])).toThrow('two points');
});

test('numbers are written with three digits that count', () => {
  expect([12_345.6, 12.345, 1.2345, 0.01234].map(written)).toEqual(['12,346', '12.3', '1.23', '0.012']);
  expect(spread([3, 1, 2])).toBe('2.00 (1.00–3.00)');
});

test('each round is begun by another, and each is in it once', () => {
  expect([0, 1, 2, 3].map(round => rotated(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
});
