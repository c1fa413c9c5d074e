// A short load test of the limits: none is exceeded, at any machine speed.
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../faults/random.ts';
import { checkBucket, checkJitter, checkRate, useOf } from './checks.ts';
import { linesOf, totalsOf } from './report.ts';
import { play } from './run.ts';

test('a stretch slides: also one that begins between two calls is counted', () => {
  const rate = { messages: 2, seconds: 1 };
  expect(checkRate([0, 900, 1_000, 1_900], rate)).toEqual({ most: 2, early: [] });
  expect(checkRate([0, 900, 990, 1_850], rate)).toEqual({ most: 3, early: [10, 50] });
});

test('a bucket fills by one at a time, and a call that was too early still costs one', () => {
  const bucket = { burst: 2, seconds: 1 };
  expect(checkBucket([0, 0, 1_000, 2_000, 9_000, 9_000], bucket).early).toEqual([]);
  expect(checkBucket([0, 0, 990, 1_990], bucket).early).toEqual([10, 10]);
});

test('use counts whole stretches from the first on', () => {
  const rate = { messages: 2, seconds: 1 };
  expect(useOf([500, 500, 1_510, 1_510], rate, 2_600)).toBe(1);
  expect(useOf([500, 500, 1_510], rate, 2_600)).toBe(0.75);
  expect(useOf([500, 500], rate, 900)).toBe(1);
});

describe('jitter', () => {
  const rate = { messages: 10, seconds: 1 };
  const stream = (count: number, gap: (place: number) => number) => {
    let at = 0;
    return Array.from({ length: count }, (_, place) => {
      at += gap(place);
      return at;
    });
  };

  test('is there where gaps are drawn from nothing to the jitter, however long a run', () => {
    for (const count of [2, 15, 100, 1_500])
      for (let seed = 1; seed <= 50; seed++) {
        const random = randomFrom(seed);
        const times = stream(count, () => random.next() * 800);
        expect(checkJitter(times, 800, rate).wrong, `${count} calls, seed ${seed}`).toEqual([]);
      }
  });

  test('is missed where the rate alone spaces calls out, by bursts or evenly', () => {
    for (const count of [15, 100, 1_500]) {
      expect(
        checkJitter(
          stream(count, place => (place % 10 ? 5 : 1_000)),
          800,
          rate,
        ).wrong,
      ).toHaveLength(1);
      expect(
        checkJitter(
          stream(count, () => 100),
          800,
          rate,
        ).wrong,
      ).not.toEqual([]);
      expect(
        checkJitter(
          stream(count, () => 400),
          800,
          rate,
        ).wrong,
      ).toEqual([expect.stringContaining('deviate')]);
    }
  });

  test('is missed where two calls begin at a time', () => {
    const random = randomFrom(1);
    const times = stream(100, place => (place % 2 ? 3 : random.next() * 800));
    expect(checkJitter(times, 800, rate).wrong).toHaveLength(1);
  });
});

test('no budget is exceeded in fifteen seconds of load on accounts of every kind', async () => {
  const findings = await play({ seconds: 15, accounts: 8, seed: 1 });
  console.info(linesOf(findings).join('\n'));
  expect(totalsOf(findings)).toMatchObject({ exceeded: 0 });
  // Each call had its own claim, and only the daily limit rejected messages.
  expect(findings.complaints.filter(complaint => !complaint.includes('run short'))).toEqual([]);
  expect(findings.accounts.every(account => account.sent > 0)).toBe(true);
});
