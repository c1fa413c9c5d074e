// The embedded database: Recado's own PostgreSQL server, in a process group of its own.
import { readFile, realpath, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../../../kit/start-error.ts';
import { prepareCluster } from './cluster.ts';
import { removeDrafts } from './drafts.ts';
import { stopLeftovers } from './leftovers.ts';
import { prepareLog } from './log-file.ts';
import { type EmbeddedPostgresLog, type Plan, port, role } from './plan.ts';
import { findPrograms } from './programs.ts';
import { endServer, killServer, launchPatiently, type Server } from './server-process.ts';
import { chooseUser, requireEntry } from './server-user.ts';
import { prepareSocketDir } from './socket-dir.ts';

export { hasCluster } from './cluster.ts';
export type { EmbeddedPostgresLog } from './plan.ts';

/** A running server with the database `recado`. */
export interface EmbeddedPostgres {
  /** Connection options for node-postgres; `host` is the folder of the socket. */
  readonly connection: { host: string; port: number; user: string; database: string; ssl: false };
  /** A connection string for this or another database. */
  url(database?: string): string;
  /** The server's version, such as `18.4`. */
  readonly version: string;
  /** Resolves with a sentence if the server dies without `stop()`; otherwise never. */
  readonly exited: Promise<string>;
  /** Stops the server: open transactions are cancelled, committed data is safe. May be called more than once. */
  stop(): Promise<void>;
  /** Kills it without cleanup: for when another Recado has the data folder. */
  kill(): void;
}

/**
 * Starts the server for the data in `dataDir`, and creates the data at the first start. The caller holds the lock of
 * `dataDir`, so a server found there belongs to a killed Recado and is stopped first.
 * @throws StartError if the server cannot run here
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  log: EmbeddedPostgresLog;
  /** Aborts the start. */
  signal?: AbortSignal;
  /** Several programs on one server need more than the default of 200. */
  maxConnections?: number;
}): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32') {
    throw new StartError('Recado includes no PostgreSQL for Windows: set DATABASE_URL to a PostgreSQL 15 or later.');
  }
  const dataDir = await realpath(options.dataDir);
  try {
    const plan = { ...(await prepare(dataDir, options.log)), maxConnections: options.maxConnections ?? 200 };
    return serve(plan, await launchPatiently(plan, options.signal));
  } catch (error) {
    // A full disk or a missing permission is for the operator to fix; it is not our bug.
    if (error instanceof Error && 'syscall' in error) {
      throw new StartError(`PostgreSQL cannot be started in ${dataDir}: ${error.message}.`);
    }
    throw error;
  }
}

/**
 * How to connect to the server of another Recado that runs on this data folder.
 * @throws StartError if none runs
 */
export async function findRunningPostgres(dataDir: string): Promise<EmbeddedPostgres['connection']> {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  // Lines of the file: process, data, start, port, socket folder, addresses, shared memory, state.
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const host = lines[4]?.trim();
  if (!host || lines[7]?.trim() !== 'ready')
    throw new StartError(`The PostgreSQL of the Recado that uses ${dataDir} is not ready: try again in a moment.`);
  return { host, port: Number(lines[3]), user: role, database: role, ssl: false };
}

async function prepare(dataDir: string, log: EmbeddedPostgresLog): Promise<Omit<Plan, 'maxConnections'>> {
  const cluster = join(dataDir, 'postgres');
  const user = await chooseUser(cluster);
  await requireEntry(dataDir, user);
  await removeDrafts(dataDir);
  const programs = await findPrograms(dataDir, user);
  await stopLeftovers(cluster, log);
  await prepareCluster(cluster, programs, user, log);
  const host = await prepareSocketDir(dataDir, user);
  return { cluster, user, programs, host, logFile: await prepareLog(dataDir), log };
}

function serve({ host, programs, logFile }: Plan, server: Server): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  const exited = new Promise<string>(resolve => {
    server.ended.then(how => {
      if (stopping === undefined) resolve(`PostgreSQL ended unexpectedly (${how}): see ${logFile}.`);
    });
  });
  return {
    connection: { host, port, user: role, database: role, ssl: false },
    url: (database = role) =>
      `postgresql://${role}@localhost:${port}/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}&sslmode=disable`,
    version: programs.version,
    exited,
    stop() {
      stopping ??= endServer(server).then(() => rmdir(host).catch(() => {}));
      return stopping;
    },
    kill() {
      killServer(server);
      stopping ??= server.ended.then(() => {});
    },
  };
}
