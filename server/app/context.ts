// What all roles of a process stand on: settings, clock, log, metrics, the database and its two pools.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { logSource, openTail, type Tail } from '../features/events/index.ts';
import type { Database, ScopedDatabase } from '../kit/db/database.ts';
import { openDatabase, openScopedDatabase, rejectPooler } from '../kit/db/database.ts';
import { keepFunctions } from '../kit/db/functions.ts';
import { migrate } from '../kit/db/migrate.ts';
import type { Logger } from '../kit/log.ts';
import { openLog } from '../kit/log.ts';
import { createMetrics, type Metrics } from '../kit/metrics.ts';
import { packageRoot } from '../kit/os/package-root.ts';
import { type Clock, realClock } from '../kit/time.ts';
import type { Config } from './config/config.ts';
import { allowConnect, createApiLogin, rejectOtherDatabase, rejectStrongLogin } from './database/api-login.ts';
import { type Foundation, openFoundation } from './database/open.ts';
import { watchReplica } from './database/replica.ts';
import { rejectStepBack, type StepBackWatch, watchStepBack } from './database/step-back.ts';
import { findPosition } from './database/step-back-store.ts';
import type { Timeouts } from './http/security.ts';
import { version } from './version.ts';

export interface Overrides {
  /** Ends a start, before anything is claimed or listens. */
  stop?: AbortSignal;
  /** How long a start waits for the database, in milliseconds. */
  databaseWaitMs?: number;
  clock?: Clock;
  log?: Logger;
  /** From 0 to 1, for the spread of retries. */
  random?: () => number;
  /** How long a call to a channel may take, in milliseconds. */
  channelDeadlineMs?: number;
  /** How long a voice note may take to be made, in milliseconds. */
  voiceDeadlineMs?: number;
  /** For how long one request erases a person, in milliseconds. */
  eraseMs?: number;
  /** How long receipts wait for company under load, in milliseconds. */
  receivePaceMs?: number;
  /** How long a statement of a list may take, in milliseconds. */
  listMs?: number;
  /** Finds the addresses of the hosts of webhooks; name servers by default. */
  lookUp?: (hostname: string) => Promise<{ address: string; family: number }[]>;
  /** How long requests may take to come. */
  timeouts?: Partial<Timeouts>;
}

export interface AppContext {
  config: Config;
  /** The name of this process in leases, attempts and routes. */
  runner: string;
  overrides: Overrides;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  foundation: Foundation;
  /** For request handlers: behind the wall between workspaces. */
  db: ScopedDatabase;
  /** For the engine, which sees all of them. */
  engineDb: Database;
  /** The reader of the event log. */
  tail: Tail;
  /** Watches that the database does not go back; undefined where its server does not tell how far it has come. */
  stepBack: StepBackWatch | undefined;
  /** Calls back when the database has lost its last commits. */
  onLostCommits: (call: () => void) => void;
  /** Whether the disk of the embedded database is full. */
  storageFull: () => boolean;
  /** Where the program is between its start and its end. */
  phase: 'starting' | 'running' | 'stopping';
  /** Why the process is not ready for work; undefined where it is. */
  notReady: () => Promise<string | undefined>;
  /** What takes everything down again, in the opposite order. */
  closers: (() => Promise<void>)[];
}

/** A page is read in milliseconds; ten of the slowest are over before other requests give up. */
const defaultListMs = 5_000;

/** How long running work may take to end at a stop, in milliseconds. */
export const graceMs = 5_000;

/** A COMMIT that takes longer is told, in seconds: it usually waits for a synchronous standby. */
const slowCommit = 5;
/** How often slow commits are told at most, in milliseconds. */
const tellEveryMs = 30_000;

function commitWatch({ commitSeconds }: Metrics, log: Logger): (seconds: number) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return seconds => {
    commitSeconds.observe(seconds);
    if (seconds < slowCommit || performance.now() - toldAt < tellEveryMs) return;
    toldAt = performance.now();
    log.warn(
      { seconds: Math.round(seconds) },
      'a write to the database took long: look at its disk, its locks and, if it has one, its synchronous standby',
    );
  };
}

/** Opens the database with its newest schema, and the pools on it. */
export async function openContext(
  config: Config,
  overrides: Overrides,
  closers: AppContext['closers'],
): Promise<AppContext> {
  const log = overrides.log ?? openLog(config.logLevel);
  const foundation = await openFoundation(config, log, overrides.stop);
  closers.push(foundation.close);
  const { connection, apiConnection, readConnection } = foundation;
  await migrate(connection, join(packageRoot, 'migrations'), {
    log,
    stop: overrides.stop,
    waitMs: overrides.databaseWaitMs,
    inspect: client => rejectStepBack(client, config.dataDir),
  });
  if (!config.databaseUrl) await createApiLogin(connection);
  await allowConnect(connection, apiConnection);
  if (config.databaseUrl && config.apiDatabaseUrl) {
    await rejectPooler(connection);
    await rejectStrongLogin(apiConnection);
    await rejectOtherDatabase(connection, apiConnection);
  }
  await rejectPooler(apiConnection);
  const listMs = overrides.listMs ?? defaultListMs;
  let tail: Tail | undefined;
  const onCommit = () => tail?.committed();
  const metrics = createMetrics();
  metrics.buildInfo.set({ version, node: process.version }, 1);
  const onWait = commitWatch(metrics, log);
  const forRequests = Math.floor(config.databaseConnections / 2);
  const demandsWeakLogin = config.apiDatabaseUrl !== undefined;
  const replica =
    readConnection && config.roles.includes('api')
      ? await watchReplica({ primary: apiConnection, connection: readConnection, demandsWeakLogin, metrics, log })
      : undefined;
  if (replica) closers.push(replica.close);
  const ofRequests = { connection: apiConnection, role: 'recado_api', name: 'recado api', max: forRequests } as const;
  const db = openScopedDatabase({ ...ofRequests, listMs, replica, onCommit, onWait }, log);
  closers.push(db.close);
  const forEngine = config.databaseConnections - forRequests;
  const engineDb = openDatabase(
    { connection, role: 'recado_engine', name: 'recado engine', max: forEngine, onCommit, onWait },
    log,
  );
  closers.push(engineDb.close);
  tail = await openTail(
    logSource(connection, () => tail?.notified(), log),
    log,
  );
  closers.push(tail.close);
  tail.onLost(() => metrics.commitsLost.inc());
  const rememberers: (() => void)[] = [];
  const tellLost = () => rememberers.forEach(call => void call());
  tail.onLost(tellLost);
  const tellsPosition = (await findPosition(engineDb)) !== undefined;
  if (!tellsPosition) log.warn('the database does not tell how far its log has come: a step back is not noticed');
  const reinstall = () => migrate(connection, join(packageRoot, 'migrations'), { log });
  closers.push(keepFunctions(engineDb, reinstall, overrides.clock ?? realClock, log));
  const storageFull = () => foundation.storage?.isFull() ?? false;
  const context: AppContext = {
    config,
    runner: randomUUID(),
    overrides,
    clock: overrides.clock ?? realClock,
    log,
    metrics,
    foundation,
    db,
    engineDb,
    tail,
    stepBack: tellsPosition ? watchStepBack(config.dataDir, log, tellLost) : undefined,
    onLostCommits: call => void rememberers.push(call),
    storageFull,
    phase: 'starting',
    async notReady() {
      if (context.phase !== 'running') return `The server is ${context.phase}.`;
      if (storageFull()) return 'The disk of the data folder is full.';
      return (await db.answers()) ? undefined : 'The database does not answer.';
    },
    closers,
  };
  return context;
}
