// The worker role: the lanes with their engine, the hints between processes, and the sweep. Without the role the engine
// runs nothing and only sends hints.
import { randomUUID } from 'node:crypto';
import { keepSigning } from '../engine/heartbeat.ts';
import type { Job, LaneKind } from '../engine/lane.ts';
import { createEngine, type Engine } from '../engine/runner.ts';
import { type Sweeper, startSweeper } from '../engine/sweeper.ts';
import { bullmqHints, type Hints } from '../engine/wakeups.ts';
import { isAnyAlive } from '../engine/worker-store.ts';
import { forgetOldSessions } from '../features/auth/index.ts';
import { forgetOld, readLane, receiveLane } from '../features/inbound/index.ts';
import {
  channelUploads,
  endFetches,
  fetchLane,
  fitter,
  forgetOldUploads,
  openContent,
} from '../features/media/index.ts';
import { type Beginner, noBeginner } from '../features/messages/index.ts';
import { forgetInvitations } from '../features/people/index.ts';
import { messageForgetter } from '../features/privacy/index.ts';
import { outgoingFiles, prolongGracePeriods, reconcile, reportStuck, sendLane } from '../features/sending/index.ts';
import { type Database, isStorageFull } from '../kit/db/database.ts';
import type { Clock } from '../kit/time.ts';
import { bootOfMachine, earlierCalls, openCallJournal } from './call-journal.ts';
import type { Channels } from './channels.ts';
import { type Ground, graceMs } from './context.ts';
import type { Keeping } from './media.ts';
import { postgresCarrier, redisCarrier } from './wakeup-transport.ts';

const defaultReceivePaceMs = 40;

export interface Worker {
  engine: Engine;
  sweeper: Sweeper | undefined;
  /** Calls at once for what is accepted here. */
  beginner: Beginner;
}

/** Opens the engine and, with the worker role, sets it to work. */
export async function openWorker(ground: Ground, channels: Channels, keeping: Keeping): Promise<Worker> {
  const { config, clock, log, metrics, closers } = ground;
  const works = config.roles.includes('worker');
  const runner = randomUUID();
  const wake = (kind: string, key: string) => engine.wake(kind, key);
  const adopt = (accountId: string, job: Job) => engine.adopt('send', accountId, job);
  const { kinds, send, close } = await openLanes(ground, channels, keeping, runner, wake, adopt);
  const hints = await openHints(ground, kinds);
  closers.push(hints.close);
  const engine: Engine = createEngine({
    kinds,
    hints,
    clock,
    log,
    works,
    metrics,
    maxLanes: 256,
    sliceMs: 1_000,
    jobDeadlineMs: 180_000,
  });
  closers.push(close);
  // Together: what is claimed while something else is waited for would have to be handed back.
  const stops = [() => engine.stop(graceMs)];
  closers.push(async () => {
    await Promise.all(stops.map(stop => stop()));
  });
  await hints.open(works ? engine.run : undefined);
  if (!works) return { engine, sweeper: undefined, beginner: noBeginner };
  const { engineDb } = ground;
  // Perhaps nobody was there for a while to whom receipts could be posted, and the channel is about to post them again.
  if (ground.foundation.alone || !(await isAnyAlive(engineDb))) await prolongGracePeriods(engineDb, clock.sqlNow());
  const self = { id: runner, kinds: kinds.map(({ kind }) => kind), channels: Object.keys(channels.channels) };
  stops.push(await keepSigning(engineDb, self, log));
  const sweeper = startSweeper({
    db: engineDb,
    kinds,
    wake,
    chores: choresOf(ground, keeping, Object.keys(channels.apps)),
    clock,
    log,
  });
  stops.push(sweeper.stop);
  await sweeper.sweep().catch(error => {
    // Without room nothing can be begun. What else failed of it is in the log, and a later sweep tries it again.
    const full = error instanceof AggregateError && error.errors.find(isStorageFull);
    if (full) throw full;
  });
  return { engine, sweeper, beginner: send };
}

async function openLanes(
  ground: Ground,
  { channels, apps, deadlineMs }: Channels,
  { keeping }: Keeping,
  runner: string,
  wake: (kind: string, key: string) => void,
  adopt: (accountId: string, job: Job) => void,
): Promise<{ kinds: LaneKind[]; send: Beginner; close: () => Promise<void> }> {
  const { engineDb: db, overrides, clock, log, metrics, storageFull, closers } = ground;
  // Where all calls are ours, the machine itself can say which of them never began before we were killed.
  const journal = ground.foundation.alone ? await takeOverCalls(ground, runner) : undefined;
  if (journal) closers.push(async () => journal.close());
  const random = overrides.random ?? Math.random;
  const uploads = channelUploads({
    db,
    clock,
    log,
    channels,
    read: openContent(keeping),
    fit: fitter(keeping),
  });
  const send = sendLane({
    db,
    clock,
    log,
    metrics,
    wake: accountId => wake('send', accountId),
    adopt,
    channels,
    runner,
    deadlineMs,
    random,
    journal,
    holdsBack: storageFull,
    files: outgoingFiles({ db, clock, log, uploads, wake }),
  });
  const kinds = [
    send,
    receiveLane({
      db,
      clock,
      log,
      metrics,
      apps,
      wake,
      paceMs: overrides.receivePaceMs ?? defaultReceivePaceMs,
    }),
    readLane({ db, clock, log, channels }),
    fetchLane({ keep: keeping, log, metrics, channels, random, holdsBack: storageFull }),
  ];
  return { kinds, send, close: uploads.close };
}

/** Queues again what the process before us never called, ends whatever else it was at, and begins our own journal. */
async function takeOverCalls({ engineDb, config, clock, log }: Ground, runner: string) {
  const boot = bootOfMachine();
  const earlier = earlierCalls(config.dataDir, boot);
  if (earlier) {
    const concerned = await reconcile(engineDb, earlier.runner, earlier.begun, clock.sqlNow());
    const count = concerned.reduce((sum, { done }) => sum + done, 0);
    if (count > 0) log.info({ count }, 'calls that had never begun are queued again');
  }
  await endFetches(engineDb, clock.sqlNow());
  return boot === undefined ? undefined : openCallJournal(config.dataDir, boot, runner, log);
}

async function openHints({ config, foundation, metrics, log }: Ground, kinds: LaneKind[]): Promise<Hints> {
  const names = kinds.map(({ kind }) => kind);
  const carrier = config.redisUrl
    ? await redisCarrier({ url: config.redisUrl, variables: config.redisVariables }, log)
    : postgresCarrier(foundation.connection, names.length, log);
  return bullmqHints(carrier, names, metrics, log);
}

/** What a sweep does beside looking for lanes. */
function choresOf(
  { engineDb, clock, log, storageFull }: Ground,
  { upkeep }: Keeping,
  apps: string[],
): (() => Promise<void>)[] {
  const hour = 3_600_000;
  const forgetMessages = messageForgetter(engineDb, apps, clock, log);
  return [
    every(hour, clock, () => forgetOld(engineDb, clock.sqlNow())),
    every(hour, clock, () => forgetOldPeople(engineDb, clock)),
    every(hour, clock, () => forgetOldUploads(engineDb, clock.sqlNow())),
    every(60_000, clock, () => reportStuck(engineDb, clock.sqlNow())),
    every(hour, clock, async () => !storageFull() && forgetMessages()),
    every(600_000, clock, async () => upkeep.begin()),
  ];
}

/** Forgets some of what of sessions, tries and invitations has outlived its use. Gives whether there may be more. */
async function forgetOldPeople(db: Database, clock: Clock): Promise<boolean> {
  const left = [
    await forgetOldSessions(db, clock),
    await forgetInvitations(db, new Date(clock.now() - 90 * 86_400_000)),
  ];
  return left.includes(true);
}

/** At the first sweep, and then at the first one after so many milliseconds; at the next one where more is left. */
function every(ms: number, clock: Clock, chore: () => Promise<unknown>): () => Promise<void> {
  let last: number | undefined;
  return async () => {
    const now = clock.now();
    // A clock that was set back would let it rest for as long.
    if (last !== undefined && now >= last && now < last + ms) return;
    last = now;
    if ((await chore()) === true) last = undefined;
  };
}
