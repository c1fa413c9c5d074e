// Builds the whole program in plain order, and takes it down again in the opposite one.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { mediaLimits, whatsAppCloud } from '../adapters/channels/whatsapp-cloud/index.ts';
import { smtpMailer } from '../adapters/mail/index.ts';
import { accountRoutes, createAccount, knownAccounts, setChannelPresence } from '../features/accounts/index.ts';
import { auditRoutes, refusalLog } from '../features/audit/index.ts';
import {
  accessTokens,
  authRoutes,
  cookieSessions,
  forgetOldSessions,
  meRoutes,
  offerSetup,
  personCallers,
  personName,
  secondFactorRoutes,
  setUpUnattended,
} from '../features/auth/index.ts';
import { contactRoutes } from '../features/contacts/index.ts';
import { keyCallers, keyName, keyRoutes } from '../features/keys/index.ts';
import {
  channelUploads,
  fetchLane,
  fetchRoutes,
  fileLinks,
  fitCheck,
  fitter,
  forgetHolders,
  forgetOldUploads,
  type KeepNeeds,
  mediaRoutes,
  mediaUpkeep,
  openContent,
  openPictures,
  openSpool,
  openVoiceNotes,
  takenByAny,
} from '../features/media/index.ts';
import {
  acceptMessages,
  type Creator,
  cancelWaiting,
  endLeases,
  figuresRoutes,
  forgetMessages,
  forgetOld,
  freePutOff,
  gauges,
  handBackNeverBegun,
  type MessageNeeds,
  messageRoutes,
  needsMedia,
  outgoingFiles,
  queueRoutes,
  readLane,
  receiveLane,
  reportStuck,
  sendLane,
  webhookRoutes,
} from '../features/messages/index.ts';
import { forgetInvitations, peopleFeatureRoutes } from '../features/people/index.ts';
import { privacyRoutes } from '../features/privacy/index.ts';
import { workspaceRoutes } from '../features/workspace/index.ts';
import { afterwards } from '../kit/afterwards.ts';
import type { Database, Queryable } from '../kit/db.ts';
import { isStorageFull, openDatabase, openWalledDatabase } from '../kit/db.ts';
import { guardedClient } from '../kit/guarded-fetch.ts';
import type { Server } from '../kit/http.ts';
import type { Logger } from '../kit/log.ts';
import { openLog } from '../kit/log.ts';
import { createMetrics } from '../kit/metrics.ts';
import { migrate } from '../kit/migrate.ts';
import { packageRoot } from '../kit/package-root.ts';
import { sealer } from '../kit/sealed.ts';
import { StartError } from '../kit/start-error.ts';
import { type Clock, realClock } from '../kit/time.ts';
import { createEngine, type Engine } from '../lanes/engine.ts';
import { bullmqHints } from '../lanes/hints.ts';
import { type Sweeper, startSweeper } from '../lanes/sweeper.ts';
import { signOff, signOfLife } from '../lanes/worker-store.ts';
import { authenticator } from './authenticate.ts';
import { bootOfMachine, earlierCalls, openCallJournal } from './call-journal.ts';
import type { Config } from './config.ts';
import type { Timeouts } from './edge.ts';
import { findProgram } from './find-program.ts';
import { openFoundation } from './foundation.ts';
import { postgresCarrier, redisCarrier } from './hint-carrier.ts';
import { createServer } from './http.ts';
import { metricsRoute } from './metrics-route.ts';
import { rateLimits } from './rate-limits.ts';
import { sandboxSecrets, startSimulatorProcess } from './simulator-process.ts';
import { openStores } from './storage-of.ts';
import { version } from './version.ts';

export interface Overrides {
  clock?: Clock;
  log?: Logger;
  /** From 0 to 1, for the spread of retries. */
  random?: () => number;
  /** How long a call to a channel may take, in milliseconds. */
  channelDeadlineMs?: number;
  /** How long a voice note may take to be made, in milliseconds. */
  voiceDeadlineMs?: number;
  /** How long before their turn messages may be claimed, in milliseconds. */
  aheadMs?: number;
  /** How long requests may take to come. */
  timeouts?: Partial<Timeouts>;
}

export interface Recado {
  /** Where the API listens; undefined without the api role. */
  url: string | undefined;
  /** Where the simulator is; undefined without one. */
  simulatorUrl: string | undefined;
  /** The one-time setup link, until there is an owner. */
  setupLink: string | undefined;
  server: Server | undefined;
  engine: Engine;
  sweeper: Sweeper | undefined;
  /** Resolves with a sentence when something that the program cannot go on without has ended. */
  broken: Promise<string>;
  /** Stops in order: no new work, lanes finish or hand back, connections, the database last. */
  close(): Promise<void>;
}

/** The Meta app of the Sandbox: one for the whole server. Payloads of unknown numbers wait in the lane of the app. */
const sandboxApp = { id: 'sandbox', laneKey: '00000000-0000-7000-8000-000000000001' };
const graphVersion = 'v25.0';
const graceMs = 5_000;
const defaultDeadlineMs = 15_000;
const defaultAheadMs = 150;

/**
 * Builds and starts Recado.
 * @throws StartError with one sentence for its operator; what was started by then is stopped
 */
export async function compose(config: Config, overrides: Overrides = {}): Promise<Recado> {
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    const failures: unknown[] = [];
    for (const close of closers.splice(0).reverse()) await close().catch(error => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  try {
    const built = await build(config, overrides, closers);
    return { ...built, close: closeAll };
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

async function build(
  config: Config,
  overrides: Overrides,
  closers: (() => Promise<void>)[],
): Promise<Omit<Recado, 'close'>> {
  const clock = overrides.clock ?? realClock;
  const log = overrides.log ?? openLog(config.logLevel);
  const works = config.roles.includes('worker');
  const metrics = createMetrics();

  const foundation = await openFoundation(config, log);
  closers.push(foundation.close);
  const storageFull = () => foundation.storage?.isFull() ?? false;
  await migrate(foundation.connection, join(packageRoot, 'migrations'));

  const { connection } = foundation;
  const db = openWalledDatabase({ connection, role: 'recado_api', name: 'recado api', max: 10 }, log);
  closers.push(db.close);
  const engineDb = openDatabase({ connection, role: 'recado_engine', name: 'recado engine', max: 10 }, log);
  closers.push(engineDb.close);

  const media = { config, engineDb, alone: foundation.alone, clock, log, voiceDeadlineMs: overrides.voiceDeadlineMs };
  const { keeping, upkeep } = await openMedia(media, closers);

  const sandbox = await openSandbox(
    config,
    foundation.secretKey,
    overrides.channelDeadlineMs ?? defaultDeadlineMs,
    log,
    () => Promise.race([engine.idle(), new Promise<void>(resolve => setTimeout(resolve, 2_000).unref())]),
  );
  if (sandbox) closers.push(sandbox.close);
  // A worker without the simulator leaves the Sandbox to those that have it; only the api speaks for the whole.
  if (config.roles.includes('api'))
    await setChannelPresence(engineDb, 'sandbox', sandbox ? undefined : 'The simulator is off (SIMULATOR=off).');
  const channels = sandbox ? { sandbox: sandbox.channel } : {};
  const apps = sandbox
    ? { [sandboxApp.id]: { channel: sandbox.channel, name: 'sandbox', laneKey: sandboxApp.laneKey } }
    : {};

  const runner = randomUUID();
  // Where all calls are ours, the machine itself can say which of them never began before we were killed.
  const journal = foundation.alone ? await takeOverCalls(engineDb, config.dataDir, runner, clock, log) : undefined;
  if (journal) closers.push(async () => journal.close());
  const wake = (kind: string, key: string) => engine.wake(kind, key);
  const read = openContent(keeping);
  const uploads = channelUploads({ db: engineDb, clock, log, channels, read, fit: fitter(keeping) });
  const kinds = [
    sendLane({
      db: engineDb,
      clock,
      log,
      metrics,
      channels,
      runner,
      deadlineMs: overrides.channelDeadlineMs ?? defaultDeadlineMs,
      aheadMs: overrides.aheadMs ?? defaultAheadMs,
      random: overrides.random ?? Math.random,
      journal,
      holdsBack: storageFull,
      files: outgoingFiles({ db: engineDb, clock, log, uploads, wake }),
    }),
    receiveLane({ db: engineDb, clock, log, metrics, apps, wake }),
    readLane({ db: engineDb, clock, log, channels }),
    fetchLane({ keep: keeping, log, metrics, channels, holdsBack: storageFull }),
  ];
  const names = kinds.map(kind => kind.kind);
  const carrier = config.redisUrl
    ? await redisCarrier({ url: config.redisUrl }, log)
    : postgresCarrier(foundation.connection, names.length, log);
  const hints = bullmqHints(carrier, names, metrics, log);
  closers.push(hints.close);
  const engine: Engine = createEngine({
    kinds,
    hints,
    clock,
    log,
    works,
    metrics,
    maxLanes: 64,
    sliceMs: 1_000,
    jobDeadlineMs: 180_000,
  });
  closers.push(uploads.close);
  closers.push(() => engine.stop(graceMs));
  let sweeper: Sweeper | undefined;
  if (works) {
    const self = { id: runner, kinds: names, channels: Object.keys(channels) };
    // Where the database is away, the sign of life runs out by itself: that is no reason not to stop in order.
    closers.push(() =>
      signOff(engineDb, runner).catch(error => log.debug({ err: error }, 'a worker did not sign off')),
    );
    hints.listen(engine.run);
    sweeper = startSweeper({
      db: engineDb,
      kinds,
      wake,
      beat: () => signOfLife(engineDb, self),
      chores: [
        every(3_600_000, clock, () => forgetOld(engineDb, clock.sqlNow())),
        every(3_600_000, clock, () => forgetOldPeople(engineDb, clock)),
        every(3_600_000, clock, () => forgetOldUploads(engineDb, clock.sqlNow())),
        every(60_000, clock, () => reportStuck(engineDb, clock.sqlNow())),
        every(3_600_000, clock, async () => !storageFull() && forgetMessages(engineDb, clock.sqlNow())),
        every(600_000, clock, async () => upkeep.begin()),
      ],
      clock,
      log,
    });
    closers.push(sweeper.stop);
    await sweeper.sweep();
  }

  const furnish = async (tx: Queryable, workspaceId: string) => {
    await createAccount(tx, workspaceId, { name: 'Sandbox', channel: 'sandbox' });
  };
  let server: Server | undefined;
  let setupLink: string | undefined;
  if (config.roles.includes('api')) {
    let stopping = false;
    const tokens = accessTokens(foundation.secretKey, clock, foundation.earlierKeys);
    const cookies = cookieSessions(foundation.secretKey, config.publicUrl, foundation.earlierKeys);
    const publicUrl = () => config.publicUrl ?? (server ? localUrl(server, config) : '');
    const authenticate = authenticator({
      byToken: personCallers({ db: engineDb, clock, tokens }),
      byKey: keyCallers({ db: engineDb, clock, log }),
      cookies,
    });
    const notReady = async () => {
      if (stopping) return 'The server is stopping.';
      if (storageFull()) return 'The disk of the data folder is full.';
      return (await db.answers()) ? undefined : 'The database does not answer.';
    };
    const refusals = refusalLog({ db, clock, log, holdsBack: storageFull });
    closers.push(refusals.close);
    server = await createServer({
      log,
      authenticate,
      refused: refusals.note,
      version,
      notReady,
      storageFull,
      edge: { ...config, timeouts: overrides.timeouts },
      limits: rateLimits(config.rateLimits, () => clock.now()),
    });
    const { accept } = acceptMessages({ db: engineDb, clock, channels, wake, metrics, cannotFit: fitCheck(keeping) });
    const later = afterwards(log);
    closers.push(() => later.settled(graceMs));
    const mailer = config.smtp && smtpMailer(config.smtp, log);
    const sealing = sealer(foundation.secretKey, foundation.earlierKeys);
    const logIn = { db: engineDb, clock, tokens, sealer: sealing };
    authRoutes(server, { ...logIn, cookies, furnish, mailer, afterwards: later, publicUrl });
    meRoutes(server, { db, engineDb, clock, proving: logIn, keyName });
    secondFactorRoutes(server, logIn);
    peopleFeatureRoutes(server, {
      db,
      engineDb,
      clock,
      logIn,
      cookies,
      mailer,
      publicUrl,
      knownAccounts,
      furnish,
    });
    keyRoutes(server, { db, clock, knownAccounts });
    accountRoutes(server, {
      db,
      clock,
      wake,
      cancelQueued: async (tx, workspaceId, accountId, reason) =>
        (await cancelWaiting(tx, workspaceId, { accountId }, reason, clock.sqlNow())).messages,
      freePutOff: (tx, accountId, budgets) => freePutOff(tx, accountId, budgets, clock.sqlNow()),
    });
    auditRoutes(server, { db });
    workspaceRoutes(server, { db });
    const cancelFor = (reason: string) => async (tx: Queryable, workspaceId: string, contactId: string) => {
      await cancelWaiting(tx, workspaceId, { contactId }, reason, clock.sqlNow());
    };
    contactRoutes(server, { db, cancelQueued: cancelFor('contact_deleted') });
    privacyRoutes(server, { db, engineDb, clock, cancelQueued: cancelFor('contact_erased') });
    const messages: MessageNeeds = { db, clock, accept, wake, creatorOf };
    messageRoutes(server, messages);
    queueRoutes(server, messages);
    fetchRoutes(server, { db, clock, wake });
    figuresRoutes(server, messages);
    const links = guardedClient({ clock, allowedHosts: () => config.media.allowedHosts });
    closers.push(links.close);
    const signer = fileLinks(foundation.secretKey);
    await mediaRoutes(server, { ...keeping, db, links, fileLinks: signer, baseUrl: publicUrl, isNeeded: needsMedia });
    metricsRoute(server, {
      metrics,
      pools: { api: db, engine: engineDb },
      storage: foundation.storage,
      gauges: () => gauges(engineDb, clock.sqlNow()),
    });
    webhookRoutes(server, { db: engineDb, clock, apps, wake });
    if (config.owner) await setUpUnattended({ db: engineDb, furnish }, { ...config.owner, name: 'Owner' });
    const listener = server;
    await listen(listener, config);
    closers.push(async () => {
      stopping = true;
      // Whoever does not read its answer must not keep the server from stopping.
      const late = setTimeout(() => listener.server.closeAllConnections(), graceMs);
      await listener.close();
      clearTimeout(late);
    });
    const local = localUrl(listener, config);
    const url = publicUrl();
    sandbox?.setCallback(`${local}/webhooks/whatsapp/${sandboxApp.id}`);
    const token = await offerSetup(engineDb);
    setupLink = token && `${url}/setup#token=${token}`;
    return { url, simulatorUrl: sandbox?.url(), setupLink, server, engine, sweeper, broken: foundation.broken };
  }
  return {
    url: undefined,
    simulatorUrl: sandbox?.url(),
    setupLink,
    server,
    engine,
    sweeper,
    broken: foundation.broken,
  };
}

/** Where the server listens, as this machine reaches it. */
function localUrl(server: Server, config: Config): string {
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  return `http://${hostInUrl(config.host)}:${port}`;
}

/** Forgets what of sessions, tries and invitations has outlived its use. */
async function forgetOldPeople(db: Database, clock: Clock): Promise<void> {
  await forgetOldSessions(db, clock);
  await forgetInvitations(db, new Date(clock.now() - 90 * 86_400_000));
}

/** The stores, the spool and what looks at images; closed after everything that uses them. */
async function openMedia(
  given: {
    config: Config;
    engineDb: Database;
    alone: boolean;
    clock: Clock;
    log: Logger;
    voiceDeadlineMs: number | undefined;
  },
  closers: (() => Promise<void>)[],
) {
  const { config, engineDb, alone, clock, log, voiceDeadlineMs } = given;
  const stores = await openStores(config);
  closers.push(stores.close);
  const spool = await openSpool(join(config.dataDir, 'media-spool'));
  const pictures = openPictures();
  closers.push(async () => pictures.close());
  const { maxFileBytes, quotaBytes, ffmpegPath } = config.media;
  const find = (name: string) => findProgram(name, config.programFolders);
  const voices = openVoiceNotes({
    ffmpeg: ffmpegPath === 'none' ? undefined : (ffmpegPath ?? find('ffmpeg')),
    prlimit: find('prlimit'),
    spool,
    log,
    deadlineMs: voiceDeadlineMs,
  });
  // Of every channel that accounts may have, whether or not this process serves it.
  const limits = takenByAny([mediaLimits]);
  const keeping: KeepNeeds = { engineDb, clock, stores, spool, pictures, voices, limits, maxFileBytes, quotaBytes };
  if (alone) await forgetHolders(engineDb);
  const upkeep = mediaUpkeep({ ...keeping, isNeeded: needsMedia }, log);
  closers.push(upkeep.close);
  return { keeping, upkeep };
}

/** Who made a message: a person, or a program with an API key. */
async function creatorOf(db: Queryable, id: string): Promise<Creator | undefined> {
  const [person, key] = await Promise.all([personName(db, id), keyName(db, id)]);
  if (person !== undefined) return { kind: 'person', name: person };
  return key === undefined ? undefined : { kind: 'api_key', name: key };
}

/** Queues again what the process before us never called, gives up the rest of its calls, and begins our own journal. */
async function takeOverCalls(db: Database, dataDir: string, runner: string, clock: Clock, log: Logger) {
  const boot = bootOfMachine();
  const earlier = earlierCalls(dataDir, boot);
  if (earlier) {
    const count = await handBackNeverBegun(db, earlier.runner, earlier.begun, clock.sqlNow());
    if (count > 0) log.info({ count }, 'calls that had never begun are queued again');
  }
  await endLeases(db);
  return boot === undefined ? undefined : openCallJournal(dataDir, boot, runner, log);
}

/** The channel of the Sandbox with its simulator: one that is started here, or one that runs already. */
async function openSandbox(
  config: Config,
  secretKey: string,
  deadlineMs: number,
  log: Logger,
  /** Resolves when the calls that were broken off have been recorded. */
  broken: () => Promise<void>,
) {
  if (!config.simulator || ('port' in config.simulator && !config.roles.includes('api'))) return undefined;
  const given = 'url' in config.simulator ? config.simulator : undefined;
  const secrets = given?.secrets ?? sandboxSecrets(secretKey);
  const simulator =
    'port' in config.simulator
      ? await startSimulatorProcess(config.simulator.port, config.dataDir, secrets, log)
      : undefined;
  const url = () => simulator?.url() ?? given?.url ?? '';
  const channel = whatsAppCloud({ ...secrets, baseUrl: () => `${url()}/${graphVersion}`, deadlineMs });
  return {
    channel,
    url,
    setCallback: (address: string) => simulator?.setCallback(address),
    async close() {
      await channel.close();
      await broken();
      await simulator?.stop();
    },
  };
}

async function listen(server: Server, config: Config): Promise<void> {
  try {
    await server.listen({ port: config.port, host: config.host });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new StartError(
        `Port ${config.port} of ${config.host} is in use: stop what uses it, or set PORT to another one.`,
      );
    if (code === 'EACCES')
      throw new StartError(`Port ${config.port} is not allowed for this user: set PORT to one above 1023.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartError(
        `HOST ${config.host} is not an address of this machine: set HOST to one that is, like 127.0.0.1.`,
      );
    throw error;
  }
}

const hostInUrl = (host: string) =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;

/** At the first sweep, and then at the first one after so many milliseconds; at the next one where more is left. */
function every(ms: number, clock: Clock, chore: () => Promise<unknown>): () => Promise<void> {
  let next = 0;
  return async () => {
    if (clock.now() < next) return;
    next = clock.now() + ms;
    if ((await chore()) === true) next = 0;
  };
}
