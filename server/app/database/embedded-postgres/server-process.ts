// The server process: launched in its own session, awaited until it accepts connections, and stopped.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { processStat } from '../../../kit/os/process-mark.ts';
import { StartError } from '../../../kit/start-error.ts';
import { DataDirLost } from '../../config/data-dir.ts';
import { stopLeftovers } from './leftovers.ts';
import { meaningfulLine } from './log-file.ts';
import { type Plan, patience, port, role, secondsSince } from './plan.ts';
import { environment } from './run-as.ts';

export interface Server {
  process: ChildProcess;
  /** Resolves with how the process ended. */
  ended: Promise<string>;
  /** The offset in the log file where this run begins. */
  logStart: number;
}

/** Launches the server; repeats while the shared memory of a killed server is being released. */
export async function launchPatiently(plan: Plan, signal?: AbortSignal): Promise<Server> {
  for (let round = 1; ; round++) {
    const began = performance.now();
    const server = await launch(plan);
    try {
      await waitUntilReady(plan, server, signal);
      await createDatabase(plan);
      plan.log.info(`PostgreSQL is ready (${secondsSince(began)} s)`);
      return server;
    } catch (error) {
      if (error instanceof DataDirLost) killServer(server);
      await endServer(server);
      if (!messageOf(error).includes('shared memory block') || round === 10) throw error;
      await delay(1_000);
      await stopLeftovers(plan.cluster, plan.log);
    }
  }
}

async function launch({ cluster, user, programs, host, logFile, maxConnections }: Plan): Promise<Server> {
  const settings = {
    listen_addresses: '',
    port,
    unix_socket_directories: `"${host.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    max_connections: maxConnections,
    shared_buffers: '128MB',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_compression: 'on',
    max_wal_size: '1GB',
    idle_in_transaction_session_timeout: '10s',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: '%m [%p] ',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const out = await open(logFile, 'a', 0o600);
  try {
    await out.chown(user.uid, user.gid);
    const logStart = (await out.stat()).size;
    // In its own session a Ctrl-C in the terminal does not reach it: it must stop after us.
    const child = spawn(programs.postgres, ['-D', cluster, ...args], {
      ...user,
      cwd: '/',
      env: environment,
      detached: true,
      stdio: ['ignore', out.fd, out.fd],
    });
    child.unref();
    const ended = new Promise<string>(resolve => {
      child.once('error', error => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
    return { process: child, ended, logStart };
  } finally {
    await out.close();
  }
}

async function waitUntilReady(plan: Plan, server: Server, signal: AbortSignal | undefined): Promise<void> {
  let end: string | undefined;
  const ended = server.ended.then(how => {
    end = how;
  });
  const began = Date.now();
  // Since when the server has reported no progress. Recovery may take hours, and interrupting it would only start it
  // over.
  let silentSince = began;
  for (let reported = began; Date.now() - silentSince < patience.silence; ) {
    const refusal = await withClient(plan, async () => undefined).catch((error: unknown) => error);
    if (refusal === undefined) return;
    signal?.throwIfAborted();
    if (codeOf(refusal) === '57P03') silentSince = Date.now();
    // The server rejected the connection (no such role, no such database): waiting would not help.
    if (/^(28|3D)/.test(codeOf(refusal))) {
      throw new StartError(`Recado did not create the PostgreSQL in ${plan.cluster}: ${messageOf(refusal)}.`);
    }
    await Promise.race([ended, delay(50)]);
    if (end !== undefined) throw new StartError(`PostgreSQL did not start: ${await lastWords(plan, server, end)}`);
    if (Date.now() - reported >= 5_000) {
      reported = Date.now();
      plan.log.info(`PostgreSQL is recovering after an unclean stop (${Math.round((reported - began) / 1000)} s)`);
    }
  }
  throw new StartError(`PostgreSQL did not respond for ${patience.silence / 60_000} minutes: see ${plan.logFile}.`);
}

async function createDatabase(plan: Plan): Promise<void> {
  try {
    await withClient(plan, async client => {
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [role]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${role}`);
    });
  } catch (error) {
    throw new StartError(`PostgreSQL could not create its database: ${messageOf(error)} (see ${plan.logFile}).`);
  }
}

/** Runs `work` on a connection to the database that every cluster has. */
async function withClient<T>({ host }: Plan, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = { host, port, user: role, database: 'postgres', ssl: false };
  const client = new Client({ ...connection, connectionTimeoutMillis: 5_000 });
  // Without a listener, a broken idle connection would end this process.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** What the server logged about the end of this run, as the end of a sentence. */
async function lastWords({ logFile }: Plan, { logStart }: Server, how: string): Promise<string> {
  const text = (await readFile(logFile)).subarray(logStart).toString();
  return `${meaningfulLine(text) ?? how} (see ${logFile}).`;
}

/** Stops the server fast: open transactions are cancelled, committed data is safe. */
export async function endServer(server: Server): Promise<void> {
  const child = server.process;
  child.ref();
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), patience.fast);
  await server.ended;
  clearTimeout(timer);
}

/**
 * Kills the server without cleanup. Any other way would write its files and remove its pid file, which belong to
 * another server once the data folder is lost.
 */
export function killServer({ process: child }: Server): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  for (const pid of [child.pid, ...childrenOf(child.pid)])
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is already gone.
    }
}

/** Each child of the server has its own process group. If the system does not list them, they end when they notice. */
function childrenOf(parent: number): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  return pids.map(Number).filter(pid => processStat(pid)?.parent === parent);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
