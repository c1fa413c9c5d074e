// Processes that the run starts and ends: each leads a group of its own, and none outlives the run.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Actor {
  pid: number;
  /** To the process alone, or to the group that it leads. */
  signal(signal: NodeJS.Signals, whom?: 'process' | 'group'): void;
  /** Resolves with the exit code when it is gone; null after a signal. */
  gone: Promise<number | null>;
  isGone(): boolean;
  /** The last that it wrote to its outputs. */
  words(): string;
  /** How many lines it wrote to its outputs. */
  lines(): number;
  /** What it wrote that says that it is ready, since it did. */
  ready(): RegExpExecArray | undefined;
}

const living = new Set<ChildProcess>();
const clusters = new Set<string>();

// Whatever way this process ends, unless it is killed itself.
process.once('exit', () => {
  for (const child of living) if (child.pid) sendSignal(-child.pid, 'SIGKILL');
  for (const cluster of clusters)
    try {
      sendSignal(idIn(readFileSync(join(cluster, 'postmaster.pid'), 'utf8')), 'SIGKILL');
    } catch {
      // There is none any more.
    }
});

/** Signals a process, or with a negative id a group, that may be gone already. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

/** What the programs of ours say when they are ready; of the server the last line, with the address of the phones. */
const readyWords = /Simulated phones\s+(\S+)\/phones|simulator: Graph API/;

/** Settings of a program that is put under load by one caller. */
export const noRateLimits = { API_RATE_LIMIT: '0', API_RATE_LIMIT_WORKSPACE: '0', API_FAILURE_LIMIT: '0' };

/** Starts a Node program of ours, with nothing of our environment. */
export function launchNode(file: string, cwd: string, env: Record<string, string>): Actor {
  return launch(process.execPath, [join(root, file)], cwd, env);
}

/** Starts a program, with nothing of our environment but PATH. */
export function launch(file: string, args: string[], cwd: string, env: Record<string, string>): Actor {
  const child = spawn(file, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  });
  living.add(child);
  let words = '';
  let lines = 0;
  // Remembered apart: what is said later may push it out of the last words.
  let ready: RegExpExecArray | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', data => {
      words = `${words}${data}`.slice(-5_000);
      lines += String(data).split('\n').length - 1;
      ready ??= readyWords.exec(words) ?? undefined;
    });
  const gone = once(child, 'exit').then(() => {
    living.delete(child);
    return child.exitCode;
  });
  const pid = child.pid ?? 0;
  if (!pid) throw new Error(`${file} could not be started`);
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid,
    gone,
    isGone,
    words: () => words,
    lines: () => lines,
    ready: () => ready,
    signal(signal, whom = 'process') {
      if (!isGone()) sendSignal(whom === 'group' ? -pid : pid, signal);
    },
  };
}

/** Ends a process at once, and waits until it is gone. */
export async function end(actor: Actor | undefined, whom: 'process' | 'group' = 'group'): Promise<void> {
  actor?.signal('SIGKILL', whom);
  await actor?.gone;
}

const idIn = (pidFile: string) => Number(pidFile.split('\n')[0]);

/** The id of the PostgreSQL whose data is in this folder; it is ended with this process at the latest. */
export async function postmasterOf(cluster: string): Promise<number> {
  clusters.add(cluster);
  return idIn(await readFile(join(cluster, 'postmaster.pid'), 'utf8'));
}

/** Ends the PostgreSQL of this folder, should there be one. */
export async function endPostgres(cluster: string): Promise<void> {
  const pid = await postmasterOf(cluster).catch(() => undefined);
  if (pid) sendSignal(pid, 'SIGKILL');
}

/**
 * A port of the loopback that is free at the moment. It is drawn by lot from below those that the system hands out itself,
 * as it would hand out such a one to others before who asked for it has begun to listen.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}

export const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));

/** Polls until something holds; another process can be watched only from outside. */
export async function until<Value>(
  what: string,
  seconds: number,
  look: () => Promise<Value | undefined | false>,
  everyMs = 50,
): Promise<Value> {
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    const seen = await look().catch(() => undefined);
    if (seen) return seen;
    await pause(everyMs);
  }
  throw new Error(`after ${seconds} s still not: ${what}`);
}
