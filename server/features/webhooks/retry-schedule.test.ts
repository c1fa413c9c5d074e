// The pauses between the attempts of a delivery.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pauseAfter, readRetryAfter } from './retry-schedule.ts';

const hours = 3_600_000;
const schedule = [5_000, 300_000, 1_800_000, 2 * hours, 5 * hours, 10 * hours, 14 * hours, 20 * hours, 24 * hours];

test('the schedule is as documented, and jitter only adds up to a tenth', () => {
  for (const [index, pause] of schedule.entries()) {
    expect(pauseAfter(index + 1, 0, undefined)).toBe(pause);
    expect(pauseAfter(index + 1, 1, undefined)).toBe(Math.round(pause * 1.1));
  }
  expect(pauseAfter(10, 0.5, undefined)).toBeUndefined();
  expect(pauseAfter(10, 0.5, 60_000)).toBeUndefined();
});

test('an endpoint may ask for a later attempt, at most a day later, and for no earlier one', () => {
  const asked = fc.integer({ min: 0, max: 100 * hours });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      asked,
      (n, random, asked) => {
        const pause = pauseAfter(n, random, asked) ?? 0;
        const own = pauseAfter(n, random, undefined) ?? 0;
        expect(pause).toBe(Math.max(own, Math.min(asked, 24 * hours)));
      },
    ),
  );
});

test('Retry-After is read as seconds or as a date', () => {
  const now = Date.parse('2026-11-24T15:00:00Z');
  expect(readRetryAfter('120', now)).toBe(120_000);
  expect(readRetryAfter(' 7 ', now)).toBe(7_000);
  expect(readRetryAfter('Tue, 24 Nov 2026 15:01:00 GMT', now)).toBe(60_000);
  expect(readRetryAfter('99999999', now)).toBe(24 * hours);
  for (const text of [undefined, '', '-1', '1.5', 'soon', '0', 'Tue, 24 Nov 2026 14:59:00 GMT'])
    expect([text, readRetryAfter(text, now)]).toEqual([text, undefined]);
});
