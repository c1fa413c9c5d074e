// Which process a mark belongs to, and whether that process is certainly gone.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isDead, processMark } from './process-mark.ts';

const self = processMark(process.pid);

test('a process of this place is dead when it is gone, or when another has its id', () => {
  expect(isDead(self, self)).toBe(false);
  expect(isDead(processMark(process.ppid), self)).toBe(false);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  expect(isDead(processMark(pid), self)).toBe(true);
  expect(isDead(`${processMark(process.ppid)}1`, self)).toBe(true);
});

test('a process of another container of the same host name is not known to be dead', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  for (const id of [pid, process.pid]) expect(isDead(processMark(id, 'elsewhere'), self)).toBe(false);
});
