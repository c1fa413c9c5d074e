// The simulator's entry point: a server that plays the Cloud API, with simulated phones.
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { addBillingControl, createBilling } from './business/billing.ts';
import { addBusinessControl } from './business/business-control.ts';
import { addBusinessGuards, addBusinessRoutes, describeAccount, detailsOf } from './business/business-routes.ts';
import { openBusiness, targetsOf } from './business/business-store.ts';
import { verifyCallback } from './business/callback.ts';
import { createFlows } from './business/flows.ts';
import { addThreadControl, createThreads } from './business/thread-control.ts';
import { addControlRoutes } from './control/control-routes.ts';
import { addGuide } from './control/guide.ts';
import { drawDelay } from './control/script-fields.ts';
import { addScriptRoutes } from './control/script-routes.ts';
import { createMessageFaults } from './control/script-rules.ts';
import { type Call, createCallLog } from './graph/calls.ts';
import { addGraphGuards } from './graph/graph-guards.ts';
import { addGraphRoutes } from './graph/graph-routes.ts';
import { type LedgerEntry, type LedgerSummary, openLedger } from './graph/ledger.ts';
import { createLimits } from './graph/limits.ts';
import { createTokens } from './graph/tokens.ts';
import { openClock } from './kit/clock.ts';
import { createApp } from './kit/http.ts';
import { createIds } from './kit/ids.ts';
import { openRandom } from './kit/random.ts';
import { createLinkFetcher } from './media/link-fetch.ts';
import { createMediaFaults, type MediaFault } from './media/media-faults.ts';
import { addMediaRoutes } from './media/media-routes.ts';
import { type MediaEntry, openMediaStore } from './media/media-store.ts';
import { type Fault, type Settings, type SimulatorOptions, settingsOf } from './options.ts';
import { addChatRoutes } from './phones/chat-routes.ts';
import { addPhoneMediaRoutes } from './phones/phone-media-routes.ts';
import { addPhoneRoutes } from './phones/phone-routes.ts';
import { openPhones } from './phones/phones.ts';
import { createTraffic, receiptPlan } from './phones/traffic.ts';
import { createTemplateLife, type TemplateAction } from './templates/template-life.ts';
import { addTemplateRoutes, editTemplate } from './templates/template-routes.ts';
import { openTemplates, type Template } from './templates/template-store.ts';
import { webhookBody } from './webhooks/webhook-body.ts';
import { createWebhookFaults } from './webhooks/webhook-faults.ts';
import { createWebhookSender } from './webhooks/webhook-sender.ts';
import { openWebhookStore } from './webhooks/webhook-store.ts';

export { type OutcomeName, outcomeNames } from './control/reserved-recipients.ts';
export type { Call } from './graph/calls.ts';
export type { LedgerEntry, LedgerSummary } from './graph/ledger.ts';
export type { Clock } from './kit/clock.ts';
export type { LinkReach } from './media/link-fetch.ts';
export type { MediaCall, MediaFault, MediaFaultName } from './media/media-faults.ts';
export type { MediaEntry } from './media/media-store.ts';
export type { Delays, Fault, FaultCall, SimulatorOptions } from './options.ts';

/** A running simulator. */
export type Simulator = {
  /** Its base URL without a trailing slash. */
  url: string;
  host: string;
  port: number;
  /** Sets the webhook URL; null holds webhooks back. Retries waiting webhooks at once. */
  setCallbackUrl(url: string | null): void;
  /** Verifies the callback with the verify token, as Meta does before it accepts one. */
  verifyCallback(): Promise<boolean>;
  /** Forces outcomes of calls until it is set to null. */
  setFault(fault: Fault | null): void;
  /** Forces media faults until it is set to null. */
  setMediaFault(fault: MediaFault | null): void;
  /** All files: uploaded, sent by a person, or fetched from a link; `read` returns the bytes. */
  media: { entries(): readonly MediaEntry[]; read(id: string): Readable };
  /** Every route that is served, as `METHOD /path`. */
  routes(): readonly string[];
  /** The last 10,000 calls to send or mark as read, accepted or not. */
  calls(): readonly Call[];
  ledger: { entries(): readonly LedgerEntry[]; summary(): LedgerSummary };
  /** The templates of business accounts, and what a person at Meta does with them. */
  templates: {
    of(account: string): Template[];
    act(id: string, action: TemplateAction, details?: { reason?: string; category?: string; quality?: string }): void;
    /** After how many milliseconds a review approves; null never. */
    approveAfter(ms: number | null): void;
  };
  /** The number of webhook items not yet acknowledged, including future ones. */
  pendingWebhooks(): number;
  /** Resolves when no webhook item is pending or being sent, or when the simulator closes. */
  webhooksIdle(): Promise<void>;
  close(): Promise<void>;
};

/** Starts a simulator; it listens when the promise resolves. */
export const startSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const settings = settingsOf(options);
  await mkdir(settings.dataDir, { recursive: true });
  const clock = openClock(settings.clock, settings.standsAt?.getTime() ?? null);
  const random = await openRandom(settings.dataDir, settings.seed);
  const ids = createIds(random);
  const limits = createLimits(clock, settings.limits, settings.throughput);
  const tokens = createTokens();
  const ledger = await openLedger(settings.dataDir);
  const billing = createBilling(ledger.entries, settings.delays);
  const phones = await openPhones(settings);
  const media = await openMediaStore(settings.dataDir, clock, ids);
  const templates = await openTemplates(settings.dataDir);
  const flows = createFlows();
  const threads = createThreads();
  const business = await openBusiness(settings.dataDir);
  const links = createLinkFetcher(settings.fetchLinks, media);
  const store = await openWebhookStore(settings.dataDir, ledger.entries(), receiptPlan(settings.delays));
  const bodyOf = (items: Parameters<typeof webhookBody>[0]) => webhookBody(items, phones);
  const webhooks = createWebhookFaults({ store, clock, random, send: items => sender.pushTogether(items) });
  const sender = createWebhookSender({
    store,
    clock,
    settings,
    bodyOf,
    rejects: webhooks.rejects,
    targetsOf: (field, number, account) => targetsOf(business, account ?? phones.accountOf(number), field),
  });
  const traffic = createTraffic({ store, threads, push: webhooks.push, phones, clock, delays: settings.delays, ids });
  const life = createTemplateLife(templates, clock, traffic.notify);
  const calls = createCallLog();
  const verify = () => verifyCallback(sender.callbackUrl(), settings.verifyToken, ids.digits('challenge', 9));
  const faults = { messages: createMessageFaults(), media: createMediaFaults() };
  clock.settleWith(sender.quiet);

  const app = createApp(settings.host, ids);
  const mediaNeeds = { settings, clock, phones, media, mediaFaults: faults.media };
  const templateNeeds = { accessToken: settings.accessToken, templates, life, clock };
  const served: string[] = [];
  app.addHook('onRoute', ({ method, path }) => {
    served.push(...[method].flat().map(name => `${name} ${path}`));
  });
  addGraphGuards(app, { tokens, limits, calls, clock });
  const businessNeeds = { business, settings, clock, phones, limits, ids };
  addBillingControl(app, billing);
  addBusinessGuards(app, businessNeeds);
  addBusinessRoutes(app, businessNeeds);
  addBusinessControl(app, businessNeeds);
  addGraphRoutes(app, {
    detailsOf: id => detailsOf(business, id),
    describeAccount: (id, fields) => describeAccount(business, phones, billing, id, fields),
    ...mediaNeeds,
    ledger,
    billing,
    links,
    traffic,
    calls,
    ids,
    limits,
    script: faults.messages.take,
    pause: async ({ delay_ms }) => {
      if (delay_ms !== undefined) await new Promise<void>(done => clock.after(drawDelay(delay_ms, random), done));
    },
    templates,
    flows,
    editTemplate: (template, body) => editTemplate(templateNeeds, template, body),
    hasCallback: number => sender.hasTarget(number),
    receiptsSettled: store.settled,
  });
  addThreadControl(app, { accessToken: settings.accessToken, threads, phones, ids, clock });
  addMediaRoutes(app, mediaNeeds);
  addTemplateRoutes(app, templateNeeds);
  const phoneNeeds = { phones, traffic, media, templates, clock };
  addPhoneRoutes(app, phoneNeeds);
  addChatRoutes(app, phoneNeeds);
  addPhoneMediaRoutes(app, { ...mediaNeeds, traffic });
  addGuide(app);
  addScriptRoutes(app, { seed: settings.seed, clock, limits, tokens, webhooks, ...faults });
  addControlRoutes(app, { phones, ledger, flows, verifyCallback: verify });

  const close = async () => {
    await app.close();
    await links.close();
    clock.cancelAll();
    await sender.close();
    await ledger.close();
    await store.close();
    await phones.close();
    await templates.close();
    await business.close();
    await media.close();
  };

  const port = await listen(app, settings).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  traffic.resume();
  let closing: Promise<void> | null = null;
  return {
    url: `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`,
    host: settings.host,
    port,
    setCallbackUrl: sender.setCallbackUrl,
    verifyCallback: verify,
    setFault: faults.messages.setSwitch,
    setMediaFault: faults.media.setSwitch,
    media: { entries: media.entries, read: id => media.read(id) },
    routes: () => served,
    calls: calls.list,
    templates: {
      of: templates.of,
      act: (id, action, details) => {
        const template = templates.byId(id);
        if (template === undefined) throw new Error(`there is no template ${id}`);
        life.act(template, action, details);
      },
      approveAfter: life.approveAfter,
    },
    ledger: { entries: ledger.entries, summary: ledger.summary },
    pendingWebhooks: store.size,
    webhooksIdle: async () => {
      await links.idle();
      await store.idle();
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};

const listen = async (app: FastifyInstance, { host, port, portFallback, skipPort }: Settings): Promise<number> => {
  const last = portFallback && port !== 0 ? Math.min(port + 50, 65_535) : port;
  for (let candidate = port; ; candidate++) {
    if (candidate === skipPort && candidate < last) continue;
    try {
      await app.listen({ host, port: candidate });
      return (app.server.address() as AddressInfo).port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || candidate >= last) throw error;
    }
  }
};
