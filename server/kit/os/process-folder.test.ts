import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProcessFolder } from './process-folder.ts';
import { processMark } from './process-mark.ts';

test('the folders of living processes stay, and those of dead ones are removed with their files', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'recado-folders-'));
  const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  try {
    await once(other, 'spawn');
    const theirs = `${processMark(other.pid ?? 0)}.abcdef`;
    await mkdir(join(parent, theirs));
    await writeFile(join(parent, theirs, 'upload-1'), 'a file of a message');
    const first = await makeProcessFolder(parent);
    expect((await readdir(parent)).sort()).toEqual([basename(first), theirs].sort());

    other.kill('SIGKILL');
    await once(other, 'exit');
    const second = await makeProcessFolder(parent);
    expect(second).not.toBe(first);
    expect((await readdir(parent)).sort()).toEqual([basename(first), basename(second)].sort());
  } finally {
    other.kill('SIGKILL');
    await rm(parent, { recursive: true });
  }
});
