// A process of the engine in the world of a simulation: accepting, lanes and the sweeper, as the program composes them.
import { acceptMessages, receiveLane, sendLane } from '../../server/features/messages/index.ts';
import { isUnavailable } from '../../server/kit/db.ts';
import { openLog } from '../../server/kit/log.ts';
import { createMetrics } from '../../server/kit/metrics.ts';
import { createEngine, type Engine } from '../../server/lanes/engine.ts';
import { startSweeper } from '../../server/lanes/sweeper.ts';
import { served } from './cast.ts';
import type { Meta } from './meta.ts';
import type { Process, World } from './world.ts';

export interface Node extends Process {
  engine: Engine;
  accept: ReturnType<typeof acceptMessages>['accept'];
}

const metrics = createMetrics();

/** Starts a process; where it does not sweep, only words and timers keep its work going. */
export function startNode(
  name: string,
  {
    world,
    meta,
    complaints,
    hints,
    sweeps,
  }: { world: World; meta: Meta; complaints: string[]; hints: { kind: string; key: string }[]; sweeps: boolean },
): Node {
  const process: Process = { name, alive: true, stoppedUntil: 0 };
  world.trace.push(`${name} starts`);
  const db = world.databaseOf(process);
  const clock = world.clockOf(process);
  const channel = meta.channelOf(process);
  const log = openLog('silent');
  // A job or a run that fails for another reason than the faults of the world is a defect.
  log.error = ((fields: { err?: Error }, text: string) => {
    if (fields.err && !isUnavailable(fields.err)) complaints.push(`${name} reports: ${text}: ${fields.err?.message}`);
  }) as typeof log.error;
  const wake = (kind: string, key: string) => engine.wake(kind, key);
  const kinds = [
    sendLane({
      db,
      clock,
      log,
      metrics,
      wake: accountId => wake('send', accountId),
      channels: { [served]: channel },
      runner: name,
      deadlineMs: 15_000,
      aheadMs: 150,
      lockMs: 0,
      holdsBack: () => false,
      random: () => world.random.next(),
    }),
    receiveLane({
      db,
      clock,
      log,
      metrics,
      apps: { [served]: { channel, name: served } },
      wake,
      paceMs: 40,
      lockMs: 0,
    }),
  ];
  const engine = createEngine({
    kinds,
    hints: {
      add: (kind, key) => void (process.alive && hints.push({ kind, key })),
      open: async () => {},
      close: async () => {},
    },
    clock,
    log,
    works: true,
    metrics,
    maxLanes: 2,
    sliceMs: 1_000,
    jobDeadlineMs: 180_000,
  });
  const { accept } = acceptMessages({
    db,
    clock,
    channels: { [served]: channel },
    wake,
    lockMs: 0,
    metrics,
    // Texts carry no files.
    cannotFit: async () => undefined,
  });
  if (sweeps) {
    // Its lock only spares work: without it, sweeps of two processes run into each other.
    const unlocked = {
      ...db,
      transaction: <R>(work: (tx: typeof db) => Promise<R>) =>
        work({
          ...db,
          query: <Row extends object>(fragment: Parameters<typeof db.query>[0]) =>
            fragment.texts[0]?.includes('pg_try_advisory')
              ? Promise.resolve([{ mine: true }] as unknown as Row[])
              : db.query<Row>(fragment),
        }),
    };
    startSweeper({ db: unlocked as typeof db, kinds, wake, chores: [], clock, log });
  }
  return Object.assign(process, { engine, accept });
}
