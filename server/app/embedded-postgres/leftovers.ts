// The server that a killed Recado left behind: found by the folder that it works in, and stopped.
import { execFile } from 'node:child_process';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { StartError } from '../../kit/start-error.ts';
import { type EmbeddedPostgresLog, patience } from './plan.ts';

export async function stopLeftovers(cluster: string, log: EmbeddedPostgresLog): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  const main = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  let left = await processesOf(cluster);
  if (left.length > 0) log.warn('Stopping a PostgreSQL that was left behind');
  const steps = left.includes(main)
    ? ([
        ['SIGINT', patience.fast],
        ['SIGQUIT', patience.immediate],
        ['SIGKILL', 2_000],
      ] as const)
    : [];
  for (const [signal, wait] of steps) {
    if (left.includes(main)) signalTo([main], signal);
    left = await waitUntilGone(cluster, left, wait);
  }
  // The children of a server that was killed itself end on their own as soon as they notice.
  for (const [signal, wait] of [
    [0, 2_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signalTo(left, signal);
    left = await waitUntilGone(cluster, left, wait);
  }
  if (left.length > 0) {
    throw new StartError(
      `A PostgreSQL of an earlier Recado still uses ${cluster} and cannot be stopped: end the processes ${left.join(', ')} first.`,
    );
  }
  // A dead server's file may name an id that another program has by now, which PostgreSQL would take for a server.
  await rm(pidFile, { force: true });
}

async function waitUntilGone(cluster: string, before: number[], wait: number): Promise<number[]> {
  let left = before;
  for (let waited = 0; left.length > 0 && waited < wait; waited += 50) {
    await delay(50);
    left = await processesOf(cluster);
  }
  return left;
}

function signalTo(pids: number[], signal: NodeJS.Signals | 0): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It is gone already, or not ours: whether it still lives is looked at next.
    }
  }
}

/** The processes named postgres that work in this folder, as PostgreSQL's all do in the folder of their data. */
async function processesOf(cluster: string): Promise<number[]> {
  if (process.platform !== 'linux') {
    const lsof = await promisify(execFile)('lsof', ['-a', '-c', 'postgres', '-d', 'cwd', '-Fpn']).catch(error => error);
    const parts = String(lsof.stdout ?? '').split(/^p/m);
    return parts.filter(part => part.split('\n').includes(`n${cluster}`)).map(part => Number.parseInt(part, 10));
  }
  const home = await stat(cluster).catch(() => undefined);
  if (home === undefined) return [];
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const checked = await Promise.all(
    pids.map(async pid => {
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      if (name.trim() !== 'postgres') return [];
      const cwd = await stat(`/proc/${pid}/cwd`).catch(() => undefined);
      return cwd?.ino === home.ino && cwd.dev === home.dev ? [Number(pid)] : [];
    }),
  );
  return checked.flat();
}
