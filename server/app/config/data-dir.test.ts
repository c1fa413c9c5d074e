// The lock of the data folder: one live owner, never a dead one.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StartError } from '../../kit/start-error.ts';
import { openDataDir } from './data-dir.ts';

let base: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'recado-lock-'));
});

afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await rm(base, { recursive: true, force: true });
});

const lockIn = async (folder: string) => JSON.parse(await readFile(join(folder, 'recado.lock'), 'utf8'));

/** Locks the folder as another process, which lives until we kill it. */
async function lockByChild(folder: string): Promise<ChildProcess> {
  const other = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)']);
  child = other;
  await once(other.stdout, 'data');
  const probe = await openDataDir(folder);
  const own = await lockIn(folder);
  await probe.close();
  // The child's start time: our own, with the last field from its line in the process table.
  const line = await readFile(`/proc/${other.pid}/stat`, 'utf8');
  const ticks = line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  const started = own.started.replace(/\S+$/, ticks);
  await writeFile(join(folder, 'recado.lock'), JSON.stringify({ pid: other.pid, started, host: own.host }));
  return other;
}

describe('a free folder', () => {
  test('is created with its parents, locked, and released without a trace', async () => {
    const folder = join(base, 'a', 'b');
    const dataDir = await openDataDir(folder);
    expect(dataDir.path).toBe(folder);
    expect((await stat(folder)).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o711 : 0o700);
    expect(await lockIn(folder)).toMatchObject({ pid: process.pid });
    expect(await readdir(folder)).toEqual(['recado.lock']);
    await dataDir.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('keeps the lock of another when a former owner closes late', async () => {
    const first = await openDataDir(base);
    await rm(join(base, 'recado.lock'));
    const second = await openDataDir(base);
    await first.close();
    await expect(openDataDir(base)).rejects.toThrow('in use');
    await second.close();
  });

  test('that is a file gets a sentence', async () => {
    await writeFile(join(base, 'file'), '');
    await expect(openDataDir(join(base, 'file'))).rejects.toThrow(/is not a folder/);
    await expect(openDataDir(join(base, 'file', 'below'))).rejects.toThrow(StartError);
  });
});

describe('a folder in use', () => {
  test('is rejected with the folder, the process and the remedy in one sentence', async () => {
    const dataDir = await openDataDir(base);
    const refusal = await openDataDir(base).catch(error => error);
    expect(refusal).toBeInstanceOf(StartError);
    expect(refusal.message).toBe(
      `The data folder ${base} is in use by another Recado (process ${process.pid}): stop that one first, or choose another folder with DATA_DIR.`,
    );
    await dataDir.close();
  });

  test.runIf(process.platform === 'linux')('is free again once its process was killed', async () => {
    const other = await lockByChild(base);
    await expect(openDataDir(base)).rejects.toThrow(`process ${other.pid}`);
    other.kill('SIGKILL');
    await once(other, 'exit');
    await (await openDataDir(base)).close();
  });

  test('on another machine is rejected while its lock beats, and taken over when it stays silent', async () => {
    const file = join(base, 'recado.lock');
    await writeFile(file, JSON.stringify({ pid: 1, started: 'x', host: 'elsewhere' }));
    const beat = setInterval(() => utimes(file, new Date(), new Date()), 20);
    await expect(openDataDir(base)).rejects.toThrow('process 1 on elsewhere');
    clearInterval(beat);
    await (await openDataDir(base, { patience: 1 })).close();
  });
});

describe('a folder that was taken over', () => {
  test.each(['by another', 'by another that is gone again'])(
    '%s is known to be lost, and its lock is let alone',
    async how => {
      const file = join(base, 'recado.lock');
      const dataDir = await openDataDir(base);
      expect(dataDir.isOurs()).toBe(true);
      if (how === 'by another') {
        await writeFile(file, JSON.stringify({ pid: 1, started: 'x', host: 'elsewhere' }));
        await utimes(file, 1, 1);
      } else await rm(file);
      expect((await dataDir.lost).message).toContain(`This Recado lost the data folder ${base}:`);
      expect(dataDir.isOurs()).toBe(false);
      await dataDir.close();
      expect((await stat(file).catch(() => undefined))?.mtimeMs).toBe(how === 'by another' ? 1_000 : undefined);
    },
  );
});

describe('a dead lock', () => {
  /** A lock with this process id, as an earlier process with the same id would have written it. */
  async function leaveDeadLock(): Promise<void> {
    const dataDir = await openDataDir(base);
    const own = await lockIn(base);
    await dataDir.close();
    const started = process.platform === 'linux' ? own.started.replace(/\S+$/, '1') : 'Thu Jan  1 00:00:00 1970';
    await writeFile(join(base, 'recado.lock'), JSON.stringify({ ...own, started }));
  }

  test('whose process id was given to another process is taken over', async () => {
    await leaveDeadLock();
    const dataDir = await openDataDir(base);
    expect((await lockIn(base)).started).not.toMatch(/ 1$/);
    await dataDir.close();
  });

  test('is won by exactly one of many who start at once', async () => {
    for (let round = 0; round < 20; round++) {
      await leaveDeadLock();
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => openDataDir(base)));
      const winners = all.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []));
      const problems = all.flatMap(one => (one.status === 'rejected' ? [one.reason] : []));
      expect(winners).toHaveLength(1);
      expect(problems.every(reason => reason instanceof StartError)).toBe(true);
      expect(await readdir(base)).toEqual(['recado.lock']);
      await winners[0]?.close();
    }
  });

  test('that was never written to its end is taken over', async () => {
    await mkdir(base, { recursive: true });
    await writeFile(join(base, 'recado.lock'), '{"pid":');
    await (await openDataDir(base)).close();
  });
});
