import { expect, test } from 'vitest';
import { oldestTone, roundedOf, spanOf, toneOfFailures } from './span.ts';

test('an age is short at any length', () => {
  expect([0, 42.9, 192, 3_599].map(seconds => spanOf(seconds).value)).toEqual(['0:00', '0:42', '3:12', '59:59']);
  expect([3_600, 47 * 3_600, 48 * 3_600].map(spanOf)).toEqual([
    { value: '1', unit: 'hours' },
    { value: '47', unit: 'hours' },
    { value: '2', unit: 'days' },
  ]);
});

test('a median is one number', () => {
  expect([0.3, 372, 5_400, 200_000].map(roundedOf)).toEqual([
    { value: 1, unit: 'seconds' },
    { value: 6, unit: 'minutes' },
    { value: 2, unit: 'hours' },
    { value: 2, unit: 'days' },
  ]);
});

test('what is bad is of a colour, and few messages say nothing', () => {
  expect([59, 60, 600].map(oldestTone)).toEqual([undefined, 'warning', 'danger']);
  expect(toneOfFailures({ delivered: 94, failed: 6 }, 0.06)).toBe('danger');
  expect(toneOfFailures({ delivered: 99, failed: 1 }, 0.01)).toBe(undefined);
  expect(toneOfFailures({ failed: 3 }, 1)).toBe(undefined);
});
