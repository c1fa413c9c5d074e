import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openLog } from '../../kit/log.ts';
import { watchStepBack } from './step-back.ts';

const at = (lsn: number, timeline = 1, system = '7') => ({
  system,
  timeline,
  lsn: String(lsn),
  at: '2026-12-01T03:00:00.000Z',
});

function watch() {
  const folder = mkdtempSync(join(tmpdir(), 'recado-step-back-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const onLost = vi.fn();
  const { saw, broken } = watchStepBack(folder, openLog('silent'), onLost);
  const written = () => JSON.parse(readFileSync(join(folder, 'wal-position'), 'utf8'));
  return { saw, onLost, written, isBroken: () => Promise.race([broken, Promise.resolve(undefined)]) };
}

test('a database that only goes on, or is another one, has lost nothing', async () => {
  const { saw, onLost, isBroken } = watch();
  for (const position of [at(9), at(10), at(10), at(11, 2), at(3, 1, 'another')]) saw(position);
  expect(onLost).not.toHaveBeenCalled();
  expect(await isBroken()).toBe(undefined);
});

test.each([
  ['the log is shorter', at(50)],
  ['the former primary is back', at(200, 0)],
])('what this process remembers can be told again: %s', async (_, back) => {
  const { saw, onLost, isBroken } = watch();
  saw(at(20, 0));
  for (let lsn = 30; lsn <= 100; lsn++) if (lsn > 42) saw(at(lsn));
  saw(back);
  expect(onLost).toHaveBeenCalledTimes(1);
  expect(await isBroken()).toBe(undefined);
  saw({ ...back, lsn: String(Number(back.lsn) + 1) });
  expect(onLost).toHaveBeenCalledTimes(1);
});

test('a step back of more than the minute that a process remembers is final', async () => {
  const { saw, onLost, isBroken } = watch();
  for (let lsn = 1; lsn <= 100; lsn++) saw(at(lsn));
  saw(at(40));
  expect(onLost).not.toHaveBeenCalled();
  expect(await isBroken()).toMatch(/^The database is behind what Recado saw of it at 2026-12-01T03:00:00.000Z/);
});

test('the newest position is written down, also after a loss', () => {
  const { saw, written } = watch();
  for (const position of [at(20), at(25), at(22), at(23)]) {
    saw(position);
    expect(written()).toEqual(position);
  }
});
