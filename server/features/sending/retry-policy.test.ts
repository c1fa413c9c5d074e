import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryWaitMs } from './retry-policy.ts';

const notSent = { class: 'not_sent', code: 'ECONNREFUSED', title: '' } as const;

test.each([
  [0, 5_000],
  [1, 10_000],
  [2, 20_000],
])('after %i failed calls the wait is %i ms, give or take a fifth', (failedAttempts, middle) => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), random => {
      const wait = retryWaitMs(notSent, { failedAttempts, attempts: 9, delayMs: 5_000 }, random);
      expect(wait).toBeGreaterThanOrEqual(middle * 0.8 - 1e-6);
      expect(wait).toBeLessThanOrEqual(middle * 1.2 + 1e-6);
    }),
  );
});

test('a channel that asks for more time gets it', () => {
  expect(
    retryWaitMs(
      { class: 'recipient_throttled', code: '131056', title: '', waitMs: 60_000 },
      { failedAttempts: 0, attempts: 0, delayMs: 5_000 },
      0,
    ),
  ).toBe(60_000);
  expect(
    retryWaitMs(
      { class: 'recipient_throttled', code: '131056', title: '' },
      { failedAttempts: 0, attempts: 2, delayMs: 5_000 },
      0,
    ),
  ).toBe(24_000);
  expect(
    retryWaitMs(
      { class: 'throttled', code: '130429', title: '', waitMs: 3_000 },
      { failedAttempts: 0, attempts: 0, delayMs: 5_000 },
      0,
    ),
  ).toBe(3_000);
});

test('a message with a missing file retries less and less often', () => {
  const later = { class: 'file_pending', code: 'media_uploading', title: '', waitMs: 30_000 } as const;
  const waits = [0, 1, 2, 3, 4, 5, 6, 1_000].map(
    attempts => retryWaitMs(later, { failedAttempts: 0, attempts, delayMs: 5_000 }, 0) / 1_000,
  );
  expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
});
