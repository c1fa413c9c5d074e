import { expect, test } from 'vitest';
import type { LastRuns } from '../../features/backups/index.ts';
import { judgeBackups, judgeVersions } from './backups.ts';
import { judgeClock } from './database.ts';
import { judgeDisk } from './outside.ts';

const now = Date.parse('2026-12-01T12:00:00Z');
const hour = 3_600_000;

const run = (hours: number, more: object = {}) => ({
  ...{ id: '', kind: 'backup', cause: 'schedule', state: 'done', file: '/backups/x', taken_at: null, bytes: 188e6 },
  ...{ rows: 1, messages: 7, contents: 0, missed: 0, duration_ms: 1, error: null, ended_at: null },
  began_at: new Date(now - hours * hour),
  ...more,
});
const failedRun = (hours: number) => run(hours, { state: 'failed', error: 'the disk is full' });
const of = (good?: object, last = good) => ({ good, last });
const backups = (backup: object, proof: object = of()) => judgeBackups({ backup, proof } as LastRuns, now);

test('a backup is new and proven, or the check says what is missing', () => {
  expect(backups(of())).toMatchObject({ state: 'warning', code: 'backup_none' });
  expect(backups(of(run(11)))).toMatchObject({ state: 'warning', code: 'backup_unproven' });
  expect(backups(of(run(11)), of(run(40 * 24)))).toMatchObject({ code: 'backup_unproven', detail: { days: 40 } });
  expect(backups(of(run(11)), of(run(24 * 9)))).toMatchObject({
    state: 'ok',
    message: 'Made 11 hours ago, 188 MB, and a backup was restored for a proof 9 days ago.',
  });
  expect(backups(of(run(27)))).toMatchObject({ state: 'warning', code: 'backup_old', detail: { hours: 27 } });
  expect(backups(of(run(200)))).toMatchObject({ state: 'failed', code: 'backup_old' });
  expect(backups(of(run(11), failedRun(1)))).toMatchObject({ state: 'failed', code: 'backup_failed' });
  expect(backups(of(run(11)), of(run(200), failedRun(10)))).toMatchObject({ code: 'backup_proof_failed' });
});

test('a full disk, a wrong clock and old versions are told', () => {
  const gigabyte = 1e9;
  expect(judgeDisk('/data', 84, 50 * gigabyte, 'Make room.')).toMatchObject({ state: 'ok' });
  expect(judgeDisk('/data', 91, 3 * gigabyte, 'Make room.')).toMatchObject({ state: 'warning', code: 'disk_full' });
  expect(judgeDisk('/data', 98, 3 * gigabyte, 'Make room.')).toMatchObject({ state: 'failed' });
  expect(judgeDisk('/data', 10, gigabyte / 10, 'Make room.')).toMatchObject({ state: 'failed' });
  expect([0.03, 2, 6].map(seconds => judgeClock(seconds).state)).toEqual(['ok', 'warning', 'failed']);
  const versions = (node: string, web?: number) =>
    judgeVersions({ node, postgres: '18.4', web: web ? { version: '2.3', days: web } : undefined }, now).code;
  expect([versions('20.20.2'), versions('24.1.0'), versions('24.1.0', 61), versions('24.1.0', 5)]).toEqual([
    'version_ended',
    'versions',
    'web_version_old',
    'versions',
  ]);
});
