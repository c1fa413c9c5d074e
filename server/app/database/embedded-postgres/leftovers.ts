// Finds and stops the server that a killed Recado left behind, by its working folder.
import { execFile } from 'node:child_process';
import type { Stats } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { processStat } from '../../../kit/os/process-mark.ts';
import { StartError } from '../../../kit/start-error.ts';
import { type EmbeddedPostgresLog, patience, secondsSince } from './plan.ts';

export async function stopLeftovers(cluster: string, log: EmbeddedPostgresLog): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  const main = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  let { ours: left } = await processesOf(cluster);
  const wasLeft = left.length > 0;
  const began = performance.now();
  if (wasLeft) log.warn('Stopping a leftover PostgreSQL');
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
  // Children of a killed server end on their own when they notice.
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
  if (wasLeft) log.info(`The leftover PostgreSQL has stopped (${secondsSince(began)} s)`);
  // PostgreSQL then uses this file to check whether they use the folder.
  if ((await processesOf(cluster)).unknown.length > 0) return;
  // A dead server's file may name a process id that another program has now. PostgreSQL would take it for a server.
  await rm(pidFile, { force: true });
}

async function waitUntilGone(cluster: string, before: number[], wait: number): Promise<number[]> {
  let left = before;
  for (let waited = 0; left.length > 0 && waited < wait; waited += 50) {
    await delay(50);
    left = (await processesOf(cluster)).ours;
  }
  return left;
}

function signalTo(pids: number[], signal: NodeJS.Signals | 0): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It is gone or not ours; the next check tells which.
    }
  }
}

/**
 * Processes named postgres with this working folder, which all PostgreSQL processes of this data have; and those that
 * the system hides from us.
 */
async function processesOf(cluster: string): Promise<{ ours: number[]; unknown: number[] }> {
  if (process.platform !== 'linux') {
    const lsof = await promisify(execFile)('lsof', ['-a', '-c', 'postgres', '-d', 'cwd', '-Fpn']).catch(error => error);
    const parts = String(lsof.stdout ?? '').split(/^p/m);
    const ours = parts.filter(part => part.split('\n').includes(`n${cluster}`)).map(part => Number.parseInt(part, 10));
    return { ours, unknown: [] };
  }
  const home = await stat(cluster).catch(() => undefined);
  if (home === undefined) return { ours: [], unknown: [] };
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
  const found = new Map(await Promise.all(pids.map(async pid => [pid, await worksIn(pid, home)] as const)));
  // A child with a hidden folder works where its parent does.
  const whose = (pid: number) => {
    const itself = found.get(pid);
    return itself === 'hidden' ? (found.get(processStat(pid)?.parent ?? 0) ?? itself) : itself;
  };
  return {
    ours: pids.filter(pid => whose(pid) === 'ours'),
    unknown: pids.filter(pid => whose(pid) === 'hidden'),
  };
}

/** How a process relates to this folder; undefined if it is not postgres. */
async function worksIn(pid: number, home: Stats): Promise<'ours' | 'other' | 'hidden' | undefined> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  if (name.trim() !== 'postgres') return undefined;
  const judged = ({ ino, dev }: Stats) => (ino === home.ino && dev === home.dev ? 'ours' : 'other');
  return stat(`/proc/${pid}/cwd`).then(judged, async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES' && error.code !== 'EPERM') return undefined;
    // Root in a container mostly lacks CAP_SYS_PTRACE, which hides the folder of another user's process. The command
    // line is visible, and a server's names the folder.
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    return words[1] === '-D' && words[2] ? stat(words[2]).then(judged, () => 'hidden' as const) : 'hidden';
  });
}
