import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heatStep, marksTo, nearest, scaleOf, stepOfNames } from './scale.ts';

test('an axis begins at zero, ends at its largest value or above it, and has round marks', () => {
  expect(marksTo(1_322, 4)).toEqual([0, 500, 1_000, 1_500]);
  expect(marksTo(3, 4)).toEqual([0, 1, 2, 3]);
  expect(marksTo(0, 4)).toEqual([0, 1]);
  expect(marksTo(0.42, 4, false)).toEqual([0, 0.2, 0.4, 0.6]);
  expect(marksTo(212.6, 2)).toEqual([0, 200, 400]);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.integer({ min: 1, max: 8 }), (largest, most) => {
      const marks = marksTo(largest, most);
      expect(marks[0]).toBe(0);
      expect(marks.at(-1)).toBeGreaterThanOrEqual(largest * (1 - 1e-6));
      expect(marks.length).toBeLessThanOrEqual(most + 1);
      expect(marks.every(Number.isInteger)).toBe(true);
    }),
  );
});

test('values are placed between two ends', () => {
  const y = scaleOf(1_400, 210, 14);
  expect([y(0), y(700), y(1_400)]).toEqual([210, 112, 14]);
});

test('names stand as close as they fit', () => {
  const hours = [1, 2, 3, 6, 12, 24];
  expect(stepOfNames(24, 1_068, 40, hours)).toBe(1);
  expect(stepOfNames(24, 248, 40, hours)).toBe(6);
  expect(stepOfNames(400, 100, 40, hours)).toBe(400);
});

test('a colour is empty for nothing only, and full for the most', () => {
  expect([0, 1, 100, 101, 400, 500].map(value => heatStep(value, 500))).toEqual([0, 1, 1, 2, 4, 5]);
  expect(heatStep(0, 0)).toBe(0);
});

test('a pointer finds the nearest place, also beyond the ends', () => {
  expect([0, 40, 70, 1_108, 2_000].map(pixel => nearest(pixel, 24, 40, 1_108))).toEqual([0, 0, 1, 23, 23]);
  expect(nearest(500, 1, 40, 1_108)).toBe(0);
});
