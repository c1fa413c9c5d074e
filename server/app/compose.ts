// Builds the whole program in plain order, and takes it down again in the opposite one.

import type { Engine } from '../engine/runner.ts';
import type { Sweeper } from '../engine/sweeper.ts';
import { gauges } from '../features/statistics/index.ts';
import { isStorageFull } from '../kit/db/database.ts';
import type { Server } from '../kit/http/routes.ts';
import { StartError } from '../kit/start-error.ts';
import { openApi } from './api.ts';
import { openChannels } from './channels.ts';
import type { Config } from './config/config.ts';
import { type Ground, type Overrides, openGround } from './context.ts';
import { openFigures } from './http/metrics-route.ts';
import { openWatch } from './http/metrics-server.ts';
import { openKeeping } from './media.ts';
import { openWorker, type Worker } from './worker.ts';

export interface Recado {
  /** Where the API listens; undefined without the api role. */
  url: string | undefined;
  /** Where the simulator is; undefined without one. */
  simulatorUrl: string | undefined;
  /** The one-time setup link, until there is an owner. */
  setupLink: string | undefined;
  /** Where figures and health are told, whatever the roles; undefined without METRICS_PORT. */
  watchUrl: string | undefined;
  server: Server | undefined;
  engine: Engine;
  sweeper: Sweeper | undefined;
  /** Resolves with a sentence when something that the program cannot go on without has ended. */
  broken: Promise<string>;
  /** Stops in order: no new work, lanes finish or hand back, connections, the database last. */
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
  const closers: Ground['closers'] = [];
  const closeAll = async () => {
    const failures: unknown[] = [];
    for (const close of closers.splice(0).reverse()) await close().catch(error => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  try {
    const { ground, ...built } = await build(config, overrides, closers);
    ground.phase = 'running';
    const close = () => {
      ground.phase = 'stopping';
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

type Built = Omit<Recado, 'close'> & { ground: Ground };

async function build(config: Config, overrides: Overrides, closers: Ground['closers']): Promise<Built> {
  const ground = await openGround(config, overrides, closers);
  const figures = figuresOf(ground);
  const watchUrl = await openWatch(ground, figures);
  const keeping = await openKeeping(ground);
  let worker: Worker | undefined;
  const idle = async () => worker?.engine.idle();
  const channels = await openChannels(ground, () => Promise.race([idle(), after(recordedWithinMs)]));
  overrides.stop?.throwIfAborted();
  worker = await openWorker(ground, channels, keeping);
  const { engine, sweeper } = worker;
  overrides.stop?.throwIfAborted();
  const api = config.roles.includes('api') ? await openApi(ground, channels, keeping, worker, figures) : undefined;
  return {
    ground,
    url: api?.url,
    simulatorUrl: channels.simulatorUrl(),
    setupLink: api?.setupLink,
    watchUrl,
    server: api?.server,
    engine,
    sweeper,
    broken: ground.foundation.broken,
  };
}

const figuresOf = ({ metrics, db, engineDb, foundation, clock }: Ground) =>
  openFigures({
    metrics,
    pools: { api: db, engine: engineDb },
    storage: foundation.storage,
    gauges: () => gauges(engineDb, clock.sqlNow()),
  });

const after = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms).unref());
