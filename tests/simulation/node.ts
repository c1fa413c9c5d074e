// A process of the engine in the world of a simulation: accepting, lanes and the sweeper, as the program composes them.
import { Readable } from 'node:stream';
import type { SendMessageBody } from '../../contract/messages.ts';
import { graceMs } from '../../server/app/context.ts';
import type { LaneKind } from '../../server/engine/lane.ts';
import { createEngine, type Engine } from '../../server/engine/runner.ts';
import { startSweeper } from '../../server/engine/sweeper.ts';
import { campaignLane, foldCounts } from '../../server/features/campaigns/index.ts';
import { mergeDueContacts } from '../../server/features/identity/index.ts';
import { receiveLane } from '../../server/features/inbound/index.ts';
import { channelUploads } from '../../server/features/media/index.ts';
import { acceptMessages } from '../../server/features/messages/index.ts';
import { outcomeMaintenance } from '../../server/features/outcomes/index.ts';
import { moveTemplateMessages } from '../../server/features/queue/index.ts';
import { outgoingFiles, sendLane } from '../../server/features/sending/index.ts';
import { countMaintenance } from '../../server/features/statistics/index.ts';
import { applyTemplateStates, notePaused, templateChecks } from '../../server/features/templates/index.ts';
import { isUnavailable } from '../../server/kit/db/database.ts';
import { openLog } from '../../server/kit/log.ts';
import { createMetrics } from '../../server/kit/metrics.ts';
import { fixedApps, fixedChannels } from '../setup/fixed-channels.ts';
import { fileSize, served } from './actors.ts';
import type { Meta } from './meta.ts';
import type { Process, World } from './world.ts';

export interface Node extends Process {
  engine: Engine;
  accept: ReturnType<typeof acceptMessages>['accept'];
  /** Ends its work as the program does that is told to stop. Gives whether it had the time to end all of it. */
  stop(): Promise<boolean>;
}

const metrics = createMetrics();

type Named = Parameters<typeof moveTemplateMessages>[3];

/** Starts a process; where it does not sweep, only words and timers keep its work going. */
export function startNode(
  name: string,
  {
    world,
    meta,
    complaints,
    wakeups,
    sweeps,
    templated,
    merging,
    fed,
    spares,
  }: {
    world: World;
    meta: Meta;
    complaints: string[];
    wakeups: { kind: string; key: string }[];
    sweeps: boolean;
    /** Whether templates are paused. */
    templated: boolean;
    /** Whether contacts turn out to be one person. */
    merging: boolean;
    /** Where it notes what campaigns ask to send; undefined where there are none. */
    fed: Map<string, SendMessageBody> | undefined;
    /** Whether a process leaves a part of the upkeep to another sweep. */
    spares: (process: Process) => boolean;
  },
): Node {
  const process: Process = { name, alive: true, stoppedUntil: 0, sleeps: [] };
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
  const uploads = channelUploads({
    db,
    clock,
    log,
    channels: fixedChannels(served, channel),
    // The channel of the simulation does not look into it.
    read: async () => ({ content: Readable.from([]), size: fileSize }),
    convert: async () => ({ outcome: 'impossible', title: 'Nothing has to be made to fit here.' }),
  });
  const templates = templateChecks(db, clock);
  const send = sendLane({
    db,
    clock,
    log,
    metrics,
    wake: accountId => wake('send', accountId),
    adopt: (accountId, job) => engine.adopt('send', accountId, job),
    channels: fixedChannels(served, channel),
    runner: name,
    deadlineMs: 15_000,
    holdsBack: () => false,
    random: () => world.random.next(),
    async waitsForTemplate(accountId, content) {
      const waits = await notePaused(db, accountId, content, clock.sqlNow());
      templates.forget();
      return waits;
    },
    files: outgoingFiles({ db, clock, log, uploads, wake }),
    maintenance: [
      ...outcomeMaintenance(db.atomic, () => clock.sqlNow()),
      ...countMaintenance(db.atomic, () => clock.sqlNow()),
    ],
  });
  const accepting = acceptMessages({
    db,
    scoped: { within: () => db },
    clock,
    channels: fixedChannels(served, channel),
    wake,
    directSend: send,
    metrics,
    templates,
    // Pictures go as they are.
    cannotConvert: async () => undefined,
  });
  const kinds: LaneKind[] = [
    send,
    receiveLane({
      db,
      clock,
      log,
      metrics,
      apps: fixedApps(served, channel),
      wake,
      paceMs: 40,
      noticeHandlers: [],
      receiptHandlers: [],
    }),
  ];
  if (fed)
    kinds.push(
      campaignLane({
        db: { ...db, transaction: work => world.committed(process, 'step of a campaign', work, () => {}) },
        clock,
        async check(caller, body) {
          const request = await accepting.check(caller, body);
          fed.set(request.id, body);
          return request;
        },
        wakeAccount: id => wake('send', id),
        wake: id => wake('campaign', id),
        hasWindow: () => meta.hasWindow,
      }),
    );
  const engine = createEngine({
    kinds,
    wakeups: {
      add: (kind, key) => void (process.alive && wakeups.push({ kind, key })),
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
  let stopSweeping = async () => {};
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
    const move = (what: 'hold_template' | 'release_template', account: string, template: Named) =>
      moveTemplateMessages(db, what, account, template, clock.sqlNow());
    // Never spared: how often a paused template is called depends on it.
    const applyTemplates = () => applyTemplateStates({ db, move });
    const mergeContacts = async () => {
      if (!spares(process)) await mergeDueContacts(db, clock.sqlNow());
    };
    const fold = async () => {
      if (!spares(process)) await foldCounts(db);
    };
    // Two processes that sweep each second of theirs would be most of what happens: most parts find nothing.
    const spared = (part: () => Promise<string[]>) => async () => (spares(process) ? [] : part());
    const sparing = kinds.map(kind => ({ ...kind, maintenance: kind.maintenance?.map(spared) ?? [] }));
    stopSweeping = startSweeper({
      db: unlocked as typeof db,
      kinds: sparing,
      wake,
      maintenanceTasks: [
        ...(templated ? [applyTemplates] : []),
        ...(merging ? [mergeContacts] : []),
        ...(fed ? [fold] : []),
      ],
      clock,
      log,
    }).stop;
  }
  const stop = async () => {
    const begun = clock.elapsed();
    await Promise.all([engine.stop(graceMs), stopSweeping()]);
    return clock.elapsed() - begun < graceMs;
  };
  return Object.assign(process, { engine, accept: accepting.accept, stop });
}
