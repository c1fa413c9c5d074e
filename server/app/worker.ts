// The worker role: the lanes with their engine, the wake-ups between processes, and the sweep. Without the role the
// engine runs no lane and only sends wake-ups.
import { startHeartbeat } from '../engine/heartbeat.ts';
import type { Job, LaneKind } from '../engine/lane.ts';
import { createEngine, type Engine } from '../engine/runner.ts';
import { type Sweeper, startSweeper } from '../engine/sweeper.ts';
import { bullmqWakeups, type Wakeups } from '../engine/wakeups.ts';
import { isAnyAlive } from '../engine/worker-store.ts';
import { type NumberReadings, noteNumberNotices, numberReadings } from '../features/accounts/index.ts';
import { deleteExpiredSessions } from '../features/auth/index.ts';
import { addNumberOfRecipient } from '../features/contacts/index.ts';
import { deleteExpiredEvents } from '../features/events/index.ts';
import { followUserIds, mergeDueContacts } from '../features/identity/index.ts';
import { deleteExpiredInbound, readLane, receiveLane } from '../features/inbound/index.ts';
import { deleteOldKeys, tellLapsedLinks } from '../features/links/index.ts';
import {
  channelUploads,
  converter,
  deleteExpiredUploads,
  endFetches,
  fetchLane,
  openContent,
} from '../features/media/index.ts';
import { type DirectSend, noDirectSend } from '../features/messages/index.ts';
import { outcomeMaintenance, prolongGracePeriods, reportStuck } from '../features/outcomes/index.ts';
import { deleteExpiredInvitations } from '../features/people/index.ts';
import { messageRetention } from '../features/privacy/index.ts';
import { outgoingFiles, reconcile, sendLane } from '../features/sending/index.ts';
import { countMaintenance } from '../features/statistics/index.ts';
import { deleteExpiredDeliveries } from '../features/webhooks/index.ts';
import { type Database, isStorageFull } from '../kit/db/database.ts';
import { busyPace } from '../kit/db/group-commit.ts';
import type { GuardedPoster } from '../kit/net/guarded-post.ts';
import type { Clock } from '../kit/time.ts';
import { bootOfMachine, earlierCalls, openCallJournal } from './call-journal.ts';
import type { OpenedChannels } from './channels.ts';
import { type AppContext, graceMs } from './context.ts';
import { isGateway } from './gateway-sessions.ts';
import { runHook } from './hooks.ts';
import type { MediaParts } from './media.ts';
import { failureHandlers, noticeOptOuts, rejectionHandler } from './recipients.ts';
import { openTemplates, type TemplateParts } from './templates.ts';
import { postgresTransport, redisTransport } from './wakeup-transport.ts';
import { openWebhooks } from './webhooks.ts';

const defaultReceivePaceMs = 40;

export interface Worker {
  engine: Engine;
  sweeper: Sweeper | undefined;
  /** Wakes the lanes with due work of the accounts whose sessions this process has. */
  wakeDue: () => Promise<void>;
  /** Calls at once for what is accepted here. */
  directSend: DirectSend;
  templates: TemplateParts;
  /** Checks the links of endpoints. */
  poster: Pick<GuardedPoster, 'check'>;
}

/** Opens the engine and, with the worker role, sets it to work. */
export async function openWorker(context: AppContext, channels: OpenedChannels, media: MediaParts): Promise<Worker> {
  const { config, clock, log, metrics, closers } = context;
  const sweeps = config.roles.includes('worker');
  const works = sweeps || isGateway(context);
  const { runner } = context;
  const wake = (kind: string, key: string) => engine.wake(kind, key);
  const adopt = (accountId: string, job: Job) => engine.adopt('send', accountId, job);
  const templates = openTemplates(context, channels);
  const { kinds: ofMessages, send, close } = await openLanes(context, channels, media, templates, runner, wake, adopt);
  const webhooks = openWebhooks(context, channels.encrypter, runner, wake);
  const kinds = [...ofMessages, ...webhooks.kinds];
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
  closers.push(close);
  // Stop all at once: a part that still claims would have to release that work later.
  const stops = [() => engine.stop(graceMs)];
  closers.push(async () => {
    await Promise.all(stops.map(stop => stop()));
  });
  // A gateway without the worker role takes no wake-ups: they may be for lanes that only workers run.
  await wakeups.open(sweeps ? engine.run : undefined);
  const ofSessions = kinds.filter(({ kind }) => ['send', 'read', 'fetch'].includes(kind));
  const wakeDue = async () => {
    for (const kind of ofSessions) for (const key of await kind.due()) engine.wake(kind.kind, key);
  };
  const common = { engine, templates, poster: webhooks.poster, wakeDue };
  if (!works) return { ...common, sweeper: undefined, directSend: noDirectSend };
  const { engineDb } = context;
  // Perhaps no process could take receipts for a while. The channel then posts them again.
  if (sweeps && (context.foundation.alone || !(await isAnyAlive(engineDb))))
    await prolongGracePeriods(engineDb, clock.sqlNow());
  const self = { id: runner, kinds: kinds.map(({ kind }) => kind), routes: channels.channels.routes };
  stops.push(await startHeartbeat(engineDb, self, log));
  if (!sweeps) return { ...common, sweeper: undefined, directSend: send };
  const { business, encrypter } = channels;
  const numbers = numberReadings({ db: engineDb, clock, log, encrypter, business, publicUrl: config.publicUrl, wake });
  stops.push(numbers.close);
  const sweeper = startSweeper({
    db: engineDb,
    kinds,
    wake,
    maintenanceTasks: [
      ...maintenanceTasksOf(context, media, channels.apps.configured, numbers),
      templates.maintenance,
      every(60_000, clock, () => webhooks.checkAccess()),
    ],
    clock,
    log,
  });
  stops.push(sweeper.stop);
  await sweeper.sweep().catch(error => {
    // Without room nothing can be begun. What else failed of it is in the log, and a later sweep tries it again.
    const full = error instanceof AggregateError && error.errors.find(isStorageFull);
    if (full) throw full;
  });
  return { ...common, sweeper, directSend: send };
}

async function openLanes(
  context: AppContext,
  { channels, apps, deadlineMs }: OpenedChannels,
  { mediaService }: MediaParts,
  templates: TemplateParts,
  runner: string,
  wake: (kind: string, key: string) => void,
  adopt: (accountId: string, job: Job) => void,
): Promise<{ kinds: LaneKind[]; send: DirectSend; close: () => Promise<void> }> {
  const { engineDb: db, overrides, clock, log, metrics, storageFull, closers } = context;
  // Where all calls are ours, the machine itself can say which of them never began before we were killed.
  const journal = context.foundation.alone ? await takeOverCalls(context, runner) : undefined;
  if (journal) closers.push(async () => journal.close());
  const random = overrides.random ?? Math.random;
  const uploads = channelUploads({
    db,
    clock,
    log,
    channels,
    read: openContent(mediaService),
    convert: converter(mediaService),
  });
  const send = sendLane({
    db,
    clock,
    pace: busyPace,
    maintenance: [
      ...outcomeMaintenance(db.atomic, () => clock.sqlNow()),
      ...countMaintenance(db.atomic, () => clock.sqlNow()),
    ],
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
    waitsForTemplate: templates.waitsForTemplate,
    marketingOf: templates.marketingOf,
    files: outgoingFiles({ db, clock, log, uploads, wake }),
    rejected: rejectionHandler(db, { clock, runHook }),
    addNumber: (messageId, phone) => addNumberOfRecipient(db, messageId, phone),
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
      noticeHandlers: [noteNumberNotices, followUserIds, noticeOptOuts({ clock, runHook }), templates.notices],
      receiptHandlers: failureHandlers({ clock, runHook }),
    }),
    readLane({ db, clock, log, channels }),
    fetchLane({ keep: mediaService, log, metrics, channels, random, holdsBack: storageFull }),
  ];
  return { kinds, send, close: uploads.close };
}

/** Queues the claims that the earlier process never called, ends its other calls, and begins our own journal. */
async function takeOverCalls({ engineDb, config, clock, log }: AppContext, runner: string) {
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

async function openWakeups({ config, foundation, metrics, log }: AppContext, kinds: LaneKind[]): Promise<Wakeups> {
  const names = kinds.map(({ kind }) => kind);
  const transport = config.redisUrl
    ? await redisTransport({ url: config.redisUrl, variables: config.redisVariables }, log)
    : postgresTransport(foundation.connection, names.length, log);
  return bullmqWakeups(transport, names, metrics, log);
}

/** What a sweep does beside looking for lanes. */
function maintenanceTasksOf(
  { engineDb, clock, log, storageFull }: AppContext,
  { maintenance }: MediaParts,
  apps: readonly string[],
  numbers: NumberReadings,
): (() => Promise<void>)[] {
  const hour = 3_600_000;
  const deleteExpiredMessages = messageRetention(engineDb, apps, clock, log);
  return [
    async () => void (await mergeDueContacts(engineDb, clock.sqlNow())),
    every(hour, clock, () => deleteExpiredInbound(engineDb, clock.sqlNow())),
    every(hour, clock, () => deleteExpiredCredentials(engineDb, clock)),
    every(hour, clock, () => deleteExpiredDeliveries(engineDb, new Date(clock.now()))),
    every(hour, clock, () => deleteExpiredEvents(engineDb, clock.sqlNow())),
    every(hour, clock, () => deleteExpiredUploads(engineDb, clock.sqlNow())),
    every(60_000, clock, () => reportStuck(engineDb, clock.sqlNow())),
    every(hour, clock, async () => !storageFull() && deleteExpiredMessages()),
    every(600_000, clock, async () => maintenance.begin()),
    async () => numbers.begin(),
    every(5_000, clock, () => tellLapsedLinks(engineDb)),
    every(hour, clock, () => deleteOldKeys(engineDb)),
  ];
}

/** Deletes some expired sessions, login attempts and invitations. Returns whether there may be more. */
async function deleteExpiredCredentials(db: Database, clock: Clock): Promise<boolean> {
  const left = [
    await deleteExpiredSessions(db, clock),
    await deleteExpiredInvitations(db, new Date(clock.now() - 90 * 86_400_000)),
  ];
  return left.includes(true);
}

/** Runs at the first sweep, then at the first one after each interval; at the next one if work is left. */
function every(ms: number, clock: Clock, maintenanceTask: () => Promise<unknown>): () => Promise<void> {
  let last: number | undefined;
  return async () => {
    const now = clock.now();
    // A clock that was set back would let it rest for as long.
    if (last !== undefined && now >= last && now < last + ms) return;
    last = now;
    if ((await maintenanceTask()) === true) last = undefined;
  };
}
