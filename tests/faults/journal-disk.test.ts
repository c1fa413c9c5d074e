// The call journal on a full disk: an incomplete line must not make a call look as if it never began.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { earlierCalls, openCallJournal } from '../../server/app/call-journal.ts';
import { openLog } from '../../server/kit/log.ts';
import { mountSmallDisk, noSmallDisk, type SmallDisk } from './small-disk.ts';

const silent = openLog('silent');
const tokens = Array.from({ length: 2_000 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
let disk: SmallDisk | undefined;
beforeEach(() => {
  disk = mountSmallDisk(1);
});
afterEach(() => {
  disk?.close();
  disk = undefined;
});
const the = () => disk as SmallDisk;

test.skipIf(noSmallDisk)('a line that the disk takes only a part of is a line that is missing', async () => {
  const { path, fill } = the();
  const journal = openCallJournal(path, 'boot 1', 'runner 1', silent);
  await fill(0);
  // The file gets one page; the line that crosses its end is cut there.
  for (const token of tokens) {
    journal.begin(token);
    const known = earlierCalls(path, 'boot 1');
    if (!known) break;
    expect(known.begun).toContain(token);
  }
  expect(earlierCalls(path, 'boot 1')).toBeUndefined();
  journal.close();
});

test.skipIf(noSmallDisk)('the journal restarts when there is room again, with the open calls', async () => {
  const { path, fill, clear } = the();
  const journal = openCallJournal(path, 'boot 1', 'runner 1', silent);
  await fill(0);
  const before = tokens.slice(0, 200);
  for (const token of before) journal.begin(token);
  expect(() => readFileSync(join(path, 'calls.journal'))).toThrow();
  clear();
  for (const token of before.slice(2)) journal.end(token);
  journal.begin('the next');
  expect(earlierCalls(path, 'boot 1')).toEqual({ runner: 'runner 1', begun: [...before.slice(0, 2), 'the next'] });
  journal.close();
});
