// The token bucket: what it admits, when it is full again, and which subjects it remembers.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rateLimit } from './rate-limit.ts';

function bucketOf(most: number, seconds: number, subjects?: number) {
  const clock = { ms: 1_000_000 };
  const options = { most, seconds, ...(subjects !== undefined && { subjects }) };
  return { clock, limit: rateLimit(options, () => clock.ms) };
}

test('lets through as many as it says, and then says when the next one may come', () => {
  const { limit, clock } = bucketOf(3, 6);
  expect(limit.take('a')).toEqual({ allowed: true, left: 2, fullIn: 2, nextIn: 0 });
  expect(limit.take('a')).toEqual({ allowed: true, left: 1, fullIn: 4, nextIn: 0 });
  expect(limit.take('a')).toEqual({ allowed: true, left: 0, fullIn: 6, nextIn: 2 });
  expect(limit.take('a')).toEqual({ allowed: false, left: 0, fullIn: 6, nextIn: 2 });
  clock.ms += 1_999;
  expect(limit.take('a').allowed).toBe(false);
  clock.ms += 1;
  expect(limit.take('a')).toMatchObject({ allowed: true, left: 0 });
});

test('a refused request costs nothing, and neither does looking', () => {
  const { limit, clock } = bucketOf(1, 10);
  expect(limit.look('a').allowed).toBe(true);
  limit.take('a');
  for (let i = 0; i < 1_000; i++) limit.take('a');
  clock.ms += 10_000;
  expect(limit.look('a')).toEqual({ allowed: true, left: 1, fullIn: 0, nextIn: 0 });
});

test('one subject takes nothing from another', () => {
  const { limit } = bucketOf(1, 10);
  expect([limit.take('a').allowed, limit.take('a').allowed, limit.take('b').allowed]).toEqual([true, false, true]);
});

test('a clock that goes back takes nothing away', () => {
  const { limit, clock } = bucketOf(2, 2);
  limit.take('a');
  clock.ms -= 60_000;
  expect(limit.take('a')).toMatchObject({ allowed: true, left: 0 });
});

test('remembers at most the given number of subjects, and forgets those with all tokens first', () => {
  const { limit, clock } = bucketOf(2, 2, 3);
  limit.take('rested');
  clock.ms += 1_000;
  limit.take('tired');
  limit.take('tired');
  limit.take('other');
  limit.take('new');
  expect(limit.size()).toBe(3);
  expect(limit.look('tired').allowed).toBe(false);
  for (let i = 0; i < 1_000; i++) limit.take(`flood ${i}`);
  expect(limit.size()).toBe(3);
});

test('in any stretch, no more go through than a full bucket and what flowed in meanwhile', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 200 }),
      (most, seconds, pauses) => {
        const { limit, clock } = bucketOf(most, seconds);
        const begun = clock.ms;
        let passed = 0;
        for (const pause of pauses) {
          clock.ms += pause;
          const before = limit.look('a');
          const { allowed, left } = limit.take('a');
          expect(allowed).toBe(before.allowed);
          if (allowed) passed++;
          expect(left).toBeGreaterThanOrEqual(0);
          expect(passed).toBeLessThanOrEqual(most + ((clock.ms - begun) * most) / (seconds * 1_000) + 1e-6);
        }
      },
    ),
  );
});
