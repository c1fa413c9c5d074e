// The worker role: the lanes with their engine, the wake-ups between processes, and the sweep. Without the role the
// engine runs no lane and only sends wake-ups.
import { startHeartbeat } from '../engine/heartbeat.ts';
import type { Job, LaneKind } from '../engine/lane.ts';
import { createEngine, type Engine } from '../engine/runner.ts';
import { type Sweeper, startSweeper } from '../engine/sweeper.ts';
import { bullmqWakeups, type Wakeups } from '../engine/wakeups.ts';
import { isStorageFull } from '../kit/db/database.ts';
import type { OpenedChannels } from './channels.ts';
import { type AppContext, graceMs } from './context.ts';
import { warnOfFewConnections } from './database/connections-store.ts';
import type { Process } from './feature.ts';
import { features, runHook } from './features.ts';
import { isGateway } from './gateway-sessions.ts';
import type { MediaParts } from './media.ts';
import { postgresTransport, redisTransport } from './wakeup-transport.ts';

export interface Worker {
  process: Process;
  engine: Engine;
  sweeper: Sweeper | undefined;
  /** Wakes the lanes with due work of the accounts whose sessions this process has. */
  wakeDue: () => Promise<void>;
}

/** Opens the engine and, with the worker role, sets it to work. */
export async function openWorker(context: AppContext, channels: OpenedChannels, media: MediaParts): Promise<Worker> {
  const { config, clock, log, metrics, closers, engineDb, runner } = context;
  const sweeps = config.roles.includes('worker');
  const works = sweeps || isGateway(context);
  const stops: (() => Promise<void>)[] = [];
  const closes: (() => Promise<void>)[] = [];
  const process: Process = {
    context,
    channels,
    media,
    runHook,
    wake: (kind: string, key: string) => engine.wake(kind, key),
    adopt: (accountId: string, job: Job) => engine.adopt('send', accountId, job),
    onStop: stop => void stops.push(stop),
    afterStop: close => void closes.push(close),
  };
  const kinds = (await each(features, feature => feature.lanes?.(process))).flat();
  const wakeups = await openWakeups(context, kinds);
  closers.push(wakeups.close);
  const engine: Engine = createEngine({
    kinds,
    wakeups,
    clock,
    log,
    works,
    metrics,
    maxLanes: 256,
    sliceMs: 1_000,
    jobDeadlineMs: 180_000,
  });
  closers.push(...closes);
  // Stop all at once: a part that still claims would have to release that work later.
  stops.push(() => engine.stop(graceMs));
  closers.push(async () => {
    await Promise.all(stops.map(stop => stop()));
  });
  // A gateway without the worker role takes no wake-ups: they may be for lanes that only workers run.
  await wakeups.open(sweeps ? engine.run : undefined);
  const ofSessions = kinds.filter(({ kind }) => ['send', 'read', 'fetch'].includes(kind));
  const wakeDue = async () => {
    for (const kind of ofSessions) for (const key of await kind.due()) engine.wake(kind.kind, key);
  };
  const worker = { process, engine, sweeper: undefined, wakeDue };
  if (!works) return worker;
  // Before the heartbeat, which makes this process alive for others.
  const maintenanceTasks = sweeps ? (await each(features, feature => feature.sweeps?.(process))).flat() : [];
  const self = { id: runner, kinds: kinds.map(({ kind }) => kind), routes: channels.channels.routes };
  stops.push(await startHeartbeat(engineDb, self, log, context.stepBack?.saw));
  if (!sweeps) return worker;
  const sweeper = startSweeper({ db: engineDb, kinds, wake: process.wake, maintenanceTasks, clock, log });
  stops.push(sweeper.stop);
  await sweeper.sweep().catch(error => {
    // Without room nothing can be begun. What else failed of it is in the log, and a later sweep tries it again.
    const full = error instanceof AggregateError && error.errors.find(isStorageFull);
    if (full) throw full;
  });
  return { ...worker, sweeper };
}

/** Runs the work for one item after the other. Returns the results that are defined. */
async function each<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result | Promise<Result> | undefined,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) {
    const result = await work(item);
    if (result !== undefined) results.push(result);
  }
  return results;
}

async function openWakeups(context: AppContext, kinds: LaneKind[]): Promise<Wakeups> {
  const { config, foundation, engineDb, metrics, log } = context;
  const names = kinds.map(({ kind }) => kind);
  const transport = config.redisUrl
    ? await redisTransport({ url: config.redisUrl, variables: config.redisVariables }, metrics, log)
    : postgresTransport(foundation.connection, names.length, log);
  const ofWatch = config.readDatabaseUrl === undefined ? 0 : 1;
  await warnOfFewConnections(engineDb, config.databaseConnections + transport.connections + ofWatch, log);
  return bullmqWakeups(transport, names, metrics, log);
}
