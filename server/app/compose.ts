// Builds the whole program in plain order, and takes it down again in the opposite one.

import type { Engine } from '../engine/runner.ts';
import type { Sweeper } from '../engine/sweeper.ts';
import { lastRuns } from '../features/backups/index.ts';
import { installationStats } from '../features/statistics/index.ts';
import { isStorageFull } from '../kit/db/database.ts';
import type { Server } from '../kit/http/routes.ts';
import { StartError } from '../kit/start-error.ts';
import { openChannels } from './channels.ts';
import type { Config } from './config/config.ts';
import { type AppContext, type Overrides, openContext } from './context.ts';
import { startGateway } from './gateway.ts';
import { openMetricsText } from './http/metrics-route.ts';
import { openMetricsServer } from './http/metrics-server.ts';
import { openMedia } from './media.ts';
import { openWorker, type Worker } from './worker.ts';

export interface Recado {
  /** Where the API listens; undefined without the api role. */
  url: string | undefined;
  /** Where the simulator is; undefined without one. */
  simulatorUrl: string | undefined;
  /** The one-time setup link, until there is an owner. */
  setupLink: string | undefined;
  /** The URL of metrics and health, for any role; undefined without METRICS_PORT. */
  watchUrl: string | undefined;
  server: Server | undefined;
  engine: Engine;
  sweeper: Sweeper | undefined;
  /** Resolves with a sentence when something that the program cannot go on without has ended. */
  broken: Promise<string>;
  /** Stops in order: no new work, lanes finish or release, connections, the database last. */
  close(): Promise<void>;
}

/** What a stopping channel waits for, at most, so that the calls that it breaks off are recorded. */
const recordedWithinMs = 2_000;

/**
 * Builds and starts Recado.
 * @throws StartError with one sentence for its operator, or the reason of `overrides.stop`; what was started by then is
 * stopped
 */
export async function compose(config: Config, overrides: Overrides = {}): Promise<Recado> {
  const closers: AppContext['closers'] = [];
  const closeAll = async () => {
    const failures: unknown[] = [];
    for (const close of closers.splice(0).reverse()) await close().catch(error => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  try {
    const { context, ...built } = await build(config, overrides, closers);
    context.phase = 'running';
    const close = () => {
      context.phase = 'stopping';
      return closeAll();
    };
    return { ...built, close };
  } catch (error) {
    // The first trouble is the one to tell; what follows from it is not.
    await closeAll().catch(() => {});
    if (isStorageFull(error))
      throw new StartError(
        `The disk is full (${error instanceof Error ? error.message : String(error)}): make room on the disk of ${config.databaseUrl ? 'the database' : `the data folder ${config.dataDir}`}, and start again.`,
      );
    throw error;
  }
}

type Built = Omit<Recado, 'close'> & { context: AppContext };

async function build(config: Config, overrides: Overrides, closers: AppContext['closers']): Promise<Built> {
  const context = await openContext(config, overrides, closers);
  const metricsText = metricsTextOf(context);
  const watchUrl = await openMetricsServer(context, metricsText);
  const media = await openMedia(context);
  let worker: Worker | undefined;
  const idle = async () => worker?.engine.idle();
  const channels = await openChannels(context, () => Promise.race([idle(), after(recordedWithinMs)]));
  overrides.stop?.throwIfAborted();
  worker = await openWorker(context, channels, media);
  const { engine, sweeper } = worker;
  overrides.stop?.throwIfAborted();
  await startGateway(context, channels, worker);
  overrides.stop?.throwIfAborted();
  // Loaded here: a worker starts faster, and is smaller, without the HTTP server and the routes.
  const openApi = config.roles.includes('api') ? (await import('./api.ts')).openApi : undefined;
  const api = await openApi?.(worker.process, metricsText);
  return {
    context,
    url: api?.url,
    simulatorUrl: channels.simulatorUrl(),
    setupLink: api?.setupLink,
    watchUrl,
    server: api?.server,
    engine,
    sweeper,
    broken: Promise.race([context.foundation.broken, ...(context.stepBack ? [context.stepBack.broken] : [])]),
  };
}

const metricsTextOf = ({ metrics, db, engineDb, foundation, clock }: AppContext) =>
  openMetricsText({
    metrics,
    pools: { api: db, engine: engineDb, ...(db.replica && { replica: db.replica }) },
    storage: foundation.storage,
    installationStats: () => installationStats(engineDb, clock.sqlNow()),
    lastBackups: () => lastRuns(engineDb),
  });

const after = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms).unref());
