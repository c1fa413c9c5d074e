import { expect, test } from 'vitest';
import { fileNameAt, isProofDue, repeatsOfBackup, timeOfName } from './schedule.ts';

const at = (text: string) => new Date(`2026-11-${text}:00Z`);

test('a backup is due once a day after its hour, and an hour after a failure', () => {
  expect(repeatsOfBackup({ hour: 3 }, at('28T03:00'))).toEqual({ since: at('28T03:00'), failedSince: at('28T02:00') });
  expect(repeatsOfBackup({ hour: 3 }, at('28T02:59')).since).toEqual(at('27T03:00'));
  expect(repeatsOfBackup({ hour: 0 }, at('01T23:59')).since).toEqual(at('01T00:00'));
});

test('each backup is proven once, where the last proof is old or failed', () => {
  const weekly = { proofDays: 7 };
  const backup = { began_at: at('28T03:00') };
  const proof = (began: string, state: 'done' | 'failed' = 'done') => ({ began_at: at(began), state });
  const due = (last: Parameters<typeof isProofDue>[2]) => isProofDue(weekly, backup, last, at('28T03:10'));
  expect(due(undefined)).toBe(true);
  expect(due(proof('21T03:40'))).toBe(true);
  expect(due(proof('22T03:10'))).toBe(false);
  expect(due(proof('27T03:10', 'failed'))).toBe(true);
  expect(due(proof('28T03:05', 'failed'))).toBe(false);
  expect(isProofDue({ proofDays: 0 }, backup, undefined, at('28T03:10'))).toBe(false);
  expect(isProofDue(weekly, undefined, undefined, at('28T03:10'))).toBe(false);
});

test('the name of a file tells when it was made', () => {
  expect(timeOfName(fileNameAt(at('28T03:00')))).toEqual(at('28T03:00'));
  for (const name of ['other.gz', 'recado-20261328T000000Z.backup.gz', 'recado-20261128T030000Z.backup.gz.part'])
    expect(timeOfName(name)).toBeUndefined();
});
