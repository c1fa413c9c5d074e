// The api role: the HTTP server with every feature's routes, listening once everything behind it is there.
import { accountRoutes, createAccount, knownAccounts, numbersOf } from '../features/accounts/index.ts';
import { auditRoutes, denialLog } from '../features/audit/index.ts';
import {
  accessTokens,
  authRoutes,
  cookieSessions,
  hasOwner,
  meRoutes,
  offerSetup,
  personCallers,
  personName,
  secondFactorRoutes,
  setUpUnattended,
} from '../features/auth/index.ts';
import { contactRoutes, ownerRoutes } from '../features/contacts/index.ts';
import { eventRoutes } from '../features/events/index.ts';
import { deadLetterRoutes, readRoutes, typingRoutes, webhookRoutes } from '../features/inbound/index.ts';
import { keyCallers, keyName, keyRoutes } from '../features/keys/index.ts';
import { linkRoutes } from '../features/links/index.ts';
import { conversionCheck, fetchRoutes, fileLinks, fileOpener, mediaRoutes } from '../features/media/index.ts';
import {
  acceptMessages,
  batchRoutes,
  type Creator,
  codeRoutes,
  type MessageNeeds,
  messageRoutes,
  needsMedia,
} from '../features/messages/index.ts';
import { optOutRoutes } from '../features/opt-outs/index.ts';
import { bulkRoutes, queueRoutes } from '../features/outcomes/index.ts';
import { holdMember, peopleFeatureRoutes } from '../features/people/index.ts';
import { privacyRoutes } from '../features/privacy/index.ts';
import { queueFigureRoutes, queueReasonRoutes, statisticsRoutes } from '../features/statistics/index.ts';
import { readNewTemplates, templateRoutes } from '../features/templates/index.ts';
import { endpointRoutes } from '../features/webhooks/index.ts';
import { workspaceRoutes } from '../features/workspace/index.ts';
import { backgroundTasks } from '../kit/async/background-tasks.ts';
import { encrypter } from '../kit/crypto/encryption.ts';
import { deriveText } from '../kit/crypto/secrets.ts';
import type { Queryable } from '../kit/db/database.ts';
import { busyPace } from '../kit/db/group-commit.ts';
import type { Server } from '../kit/http/routes.ts';
import { guardedClient } from '../kit/net/guarded-fetch.ts';
import { StartError } from '../kit/start-error.ts';
import type { OpenedChannels } from './channels.ts';
import { type AppContext, graceMs } from './context.ts';
import { runHook } from './hooks.ts';
import { admission, authenticator, credentialOf, standing } from './http/authenticate.ts';
import { listenAt, localUrl } from './http/listen.ts';
import { isOfThisMachine, type MetricsText, metricsRoute } from './http/metrics-route.ts';
import { rateLimits } from './http/rate-limits.ts';
import { createServer, type HttpNeeds } from './http/server.ts';
import { openWebApp } from './http/web-app.ts';
import type { MediaParts } from './media.ts';
import { addRealtime } from './realtime.ts';
import { sandboxRoutes } from './sandbox/routes.ts';
import { version } from './version.ts';
import type { Worker } from './worker.ts';

export interface Api {
  server: Server;
  url: string;
  /** The one-time setup link, until there is an owner. */
  setupLink: string | undefined;
}

type Work = Pick<Worker, 'engine' | 'directSend' | 'templates' | 'poster'>;

/** Opens the api and lets it listen. @throws StartError if the address is in use, or links in mail would not work */
export async function openApi(
  context: AppContext,
  channels: OpenedChannels,
  media: MediaParts,
  worker: Work,
  metricsText: MetricsText,
): Promise<Api> {
  const { config, engineDb, closers } = context;
  // Not of backups and workers, which write no letters.
  if (config.smtp && config.publicUrl === undefined)
    throw new StartError(
      'PUBLIC_URL is needed with SMTP_URL, because letters have links in them: set it to where people reach Recado.',
    );
  const webApp = openWebApp();
  const { server, people, authenticate, connecting, limits } = await openServer(context, webApp.page);
  metricsRoute(server, metricsText, isOfThisMachine);
  webApp.addRoutes(server, () => hasOwner(engineDb));
  const publicUrl = () => config.publicUrl ?? localUrl(server, config.host);
  const seedWorkspace = workspaceSeeder(channels);
  await peopleRoutes(server, context, people, publicUrl, seedWorkspace);
  workRoutes(server, context, channels, media, worker, publicUrl);
  webhookRoutes(server, { db: engineDb, clock: context.clock, apps: channels.apps, wake: worker.engine.wake, limits });
  sandboxRoutes(server, context, channels, media);
  eventRoutes(server, { db: context.db, engineDb, tail: context.tail, authenticate });
  endpointRoutes(server, {
    db: context.db,
    clock: context.clock,
    encrypter: channels.encrypter,
    poster: worker.poster,
    knownAccounts,
    wake: worker.engine.wake,
  });
  const closeRealtime = await addRealtime(server, context, connecting);
  const links = guardedClient({ clock: context.clock, allowedHosts: () => config.media.allowedHosts });
  closers.push(links.close);
  await mediaRoutes(server, {
    ...media.mediaService,
    db: context.db,
    links,
    fileLinks: fileLinks(context.foundation.secretKey, context.foundation.earlierKeys),
    baseUrl: publicUrl,
    isNeeded: needsMedia,
  });
  if (config.owner) await setUpUnattended({ db: engineDb, seedWorkspace }, { ...config.owner, name: 'Owner' });
  await listenAt(server, { ...config, names: { port: 'PORT', host: 'HOST' } });
  closers.push(async () => {
    // A client that does not read its response must not block the stop.
    const late = setTimeout(() => server.server.closeAllConnections(), graceMs);
    await server.close();
    clearTimeout(late);
  });
  // Before the server, which waits for open responses.
  closers.push(closeRealtime);
  const url = publicUrl();
  channels.announce(localUrl(server, config.host));
  await channels.introduce(await numbersOf(engineDb, 'sandbox'));
  const token = await offerSetup(engineDb);
  return { server, url, setupLink: token && `${url}/setup#token=${token}` };
}

type People = Awaited<ReturnType<typeof openServer>>['people'];

/** The server without routes, and what tells people and programs apart. */
async function openServer(context: AppContext, notFoundPage: HttpNeeds['notFoundPage']) {
  const { config, overrides, foundation, db, engineDb, clock, log, storageFull, closers } = context;
  const { secretKey, earlierKeys } = foundation;
  const tokens = accessTokens(secretKey, clock, earlierKeys);
  const cookies = cookieSessions(secretKey, config.publicUrl, earlierKeys);
  const callers = {
    ...personCallers({ db: engineDb, clock, tokens, workspaces: config.workspaces }),
    ...keyCallers({ db: engineDb, clock, log }),
    cookies,
  };
  const authenticate = authenticator(callers);
  const limits = rateLimits(
    config.rateLimits,
    () => clock.now(),
    request => credentialOf(cookies, request),
  );
  const denials = denialLog({ db, clock, log, holdsBack: storageFull });
  closers.push(denials.close);
  const server = await createServer({
    log,
    authenticate,
    refused: denials.note,
    version,
    notReady: context.notReady,
    storageFull,
    edge: { ...config, timeouts: overrides.timeouts },
    limits,
    cursors: encrypter(cursorKey(secretKey), earlierKeys.map(cursorKey)),
    notFoundPage,
  });
  const logIn = { db: engineDb, clock, tokens, encrypter: encrypter(secretKey, earlierKeys) };
  const connecting = { ...standing(callers), admit: admission({ authenticate, cookies, limits }) };
  return { server, authenticate, connecting, limits, people: { cookies, logIn } };
}

const cursorKey = (secretKey: string): string => deriveText(secretKey, 'cursors of lists 1');

type SeedWorkspace = ReturnType<typeof workspaceSeeder>;

/** What a new workspace begins with. */
const workspaceSeeder =
  ({ absenceOf, introduce }: OpenedChannels) =>
  async (tx: Queryable, workspaceId: string) => {
    const account = await createAccount(
      tx,
      workspaceId,
      { name: 'Sandbox', channel: 'sandbox' },
      { absenceOf, runHook },
    );
    return () => introduce([account]);
  };

/** Who may do what: people, keys, the log of it, and the workspace. */
async function peopleRoutes(
  server: Server,
  context: AppContext,
  { cookies, logIn }: People,
  publicUrl: () => string,
  seedWorkspace: SeedWorkspace,
): Promise<void> {
  const { config, db, engineDb, clock, log } = context;
  const later = backgroundTasks(log, clock);
  context.closers.push(() => later.settled(graceMs));
  const mailer = config.smtp && (await import('../adapters/mail/index.ts')).smtpMailer(config.smtp, log);
  authRoutes(server, { ...logIn, cookies, seedWorkspace, mailer, backgroundTasks: later, publicUrl });
  meRoutes(server, { db, engineDb, clock, proving: logIn, keyName });
  secondFactorRoutes(server, logIn);
  peopleFeatureRoutes(server, { db, engineDb, clock, logIn, cookies, mailer, publicUrl, knownAccounts, seedWorkspace });
  keyRoutes(server, { db, clock, encrypter: logIn.encrypter, knownAccounts, holdMember });
  auditRoutes(server, { db });
  workspaceRoutes(server, { db });
}

/** Accounts, contacts and messages, with what the channels and the operator's tools ask for. */
function workRoutes(
  server: Server,
  context: AppContext,
  { channels, absenceOf, apps, business, encrypter, forget, introduce }: OpenedChannels,
  { mediaService }: MediaParts,
  { engine: { wake }, directSend, templates }: Work,
  publicUrl: () => string,
): void {
  const { config, overrides, db, engineDb, clock, metrics, storageFull } = context;
  accountRoutes(server, {
    baseUrl: publicUrl,
    connect: { db, engineDb, clock, encrypter, business, publicUrl: config.publicUrl, forget, wake },
    absenceOf,
    runHook,
    readTemplates: (workspaceId, accountId) => readNewTemplates(templates.sync, workspaceId, accountId),
    db,
    clock,
    wake,
    introduce,
  });
  linkRoutes(server, { db, absence: () => absenceOf('web') });
  contactRoutes(server, { db, clock, runHook });
  privacyRoutes(server, { db, engineDb, clock, apps: apps.configured, budgetMs: overrides.eraseMs, runHook });
  optOutRoutes(server, { db, clock, runHook });
  const accepting = acceptMessages({
    db: engineDb,
    clock,
    pace: busyPace,
    channels,
    wake,
    metrics,
    directSend,
    templates: templates.checks,
    cannotConvert: conversionCheck(mediaService),
  });
  const messages: MessageNeeds = { db, clock, accepting, wake, creatorOf, storageFull };
  messageRoutes(server, messages);
  queueRoutes(server, messages);
  bulkRoutes(server, messages);
  fetchRoutes(server, { db, clock, wake });
  queueFigureRoutes(server, messages);
  queueReasonRoutes(server, messages);
  statisticsRoutes(server, messages);
  batchRoutes(server, messages);
  templateRoutes(server, { db, sync: templates.sync, openSample: fileOpener(engineDb, mediaService) });
  codeRoutes(server, messages);
  readRoutes(server, messages);
  typingRoutes(server, messages);
  ownerRoutes(server, { db, clock, channels });
  deadLetterRoutes(server, { db, engineDb, clock, apps: apps.configured, wake });
}

/** Who made a message: a person, or a program with an API key. */
async function creatorOf(db: Queryable, id: string): Promise<Creator | undefined> {
  const [person, key] = await Promise.all([personName(db, id), keyName(db, id)]);
  if (person !== undefined) return { kind: 'person', name: person };
  return key === undefined ? undefined : { kind: 'api_key', name: key };
}
