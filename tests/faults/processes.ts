// Processes of the run: each leads its own group, and none outlives the run.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Actor {
  pid: number;
  /** Signals the process alone, or its group. */
  signal(signal: NodeJS.Signals, whom?: 'process' | 'group'): void;
  /** Resolves with the exit code when it has ended; null after a signal. */
  gone: Promise<number | null>;
  isGone(): boolean;
  /** Its last output. */
  words(): string;
  /** How many lines it has written. */
  lines(): number;
  /** The output line that reports readiness, once it is ready. */
  ready(): RegExpExecArray | undefined;
}

const living = new Set<ChildProcess>();
const clusters = new Set<string>();

// On any end of this process but a kill.
process.once('exit', () => {
  for (const child of living) if (child.pid) sendSignal(-child.pid, 'SIGKILL');
  for (const cluster of clusters)
    try {
      sendSignal(idIn(readFileSync(join(cluster, 'postmaster.pid'), 'utf8')), 'SIGKILL');
    } catch {
      // It does not exist.
    }
});

/** Signals a process, or with a negative id a group; it may have ended already. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has already ended.
  }
}

/** Our programs' readiness lines; the server's last line has the phones' URL. */
const readyWords = /Simulated phones\s+(\S+)\/phones|simulator: Graph API/;

/** Settings for a program under load by one caller. */
export const noRateLimits = {
  API_RATE_LIMIT: '0',
  API_RATE_LIMIT_WORKSPACE: '0',
  API_FAILURE_LIMIT: '0',
  API_CONNECTION_LIMIT: '0',
};

/** No program of a test reaches WhatsApp: nobody listens at the discard port. */
export const noWhatsApp = { WHATSAPP_WEB_URL: 'ws://127.0.0.1:9/ws/chat' };

/** Lets a program and its simulator send free text to people who never wrote, as fast as they can. */
export const noWindow = { SIMULATOR_WINDOW: 'off', SIMULATOR_LIMITS: 'off' };

/** Starts one of our Node programs, without our environment. */
export function launchNode(file: string, cwd: string, env: Record<string, string>): Actor {
  return launch(process.execPath, [join(root, file)], cwd, env);
}

/** Starts a program with only PATH from our environment. */
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
  // Kept separately: later output may push it out of the buffer.
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

/** Kills a process and waits until it has ended. */
export async function end(actor: Actor | undefined, whom: 'process' | 'group' = 'group'): Promise<void> {
  actor?.signal('SIGKILL', whom);
  await actor?.gone;
}

const idIn = (pidFile: string) => Number(pidFile.split('\n')[0]);

/** The process id of the PostgreSQL in this folder; it is killed when this process ends. */
export async function postmasterOf(cluster: string): Promise<number> {
  clusters.add(cluster);
  return idIn(await readFile(join(cluster, 'postmaster.pid'), 'utf8'));
}

/** Kills the PostgreSQL of this folder, if it runs. */
export async function endPostgres(cluster: string): Promise<void> {
  const pid = await postmasterOf(cluster).catch(() => undefined);
  if (pid) sendSignal(pid, 'SIGKILL');
}

/**
 * A free port on loopback. It is chosen at random below the system's ephemeral range: the system could give an
 * ephemeral port to another process before the caller listens on it.
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

/** Polls until something holds; another process can only be watched from outside. */
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
