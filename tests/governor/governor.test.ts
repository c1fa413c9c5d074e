// The load proof of the governor, short: no budget is exceeded, whatever the speed of the machine.
import { expect, test } from 'vitest';
import { checkBucket, checkRate, useOf } from './checks.ts';
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

test('no budget is exceeded in fifteen seconds of load on accounts of every kind', async () => {
  const findings = await play({ seconds: 15, accounts: 8, seed: 1 });
  console.info(linesOf(findings).join('\n'));
  expect(totalsOf(findings)).toMatchObject({ exceeded: 0 });
  // Each call had one claim of its own, and only the daily limit refused.
  expect(findings.complaints.filter(complaint => !complaint.includes('run short'))).toEqual([]);
  expect(findings.accounts.every(account => account.sent > 0)).toBe(true);
});
