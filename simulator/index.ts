// The simulator's entry point: a server that plays the Cloud API, with simulated phones.
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { verifyCallback } from './callback.ts';
import { type Call, createCallLog } from './calls.ts';
import { trackTimers } from './clock.ts';
import { addControlRoutes } from './control-routes.ts';
import { addFaultRoutes, createHistoryFaults, createMessageFaults } from './fault-routes.ts';
import { addGraphRoutes } from './graph-routes.ts';
import { addHistoryRoutes } from './history-routes.ts';
import { createApp } from './http.ts';
import { type LedgerEntry, type LedgerSummary, openLedger } from './ledger.ts';
import { createLinkFetcher } from './link-fetch.ts';
import { createMediaFaults, type MediaFault } from './media-faults.ts';
import { addMediaRoutes } from './media-routes.ts';
import { type MediaEntry, openMediaStore } from './media-store.ts';
import { type Fault, type HistoryFault, type Settings, type SimulatorOptions, settingsOf } from './options.ts';
import { addPhoneMediaRoutes } from './phone-media-routes.ts';
import { addPhoneRoutes } from './phone-routes.ts';
import { openPhones } from './phones.ts';
import { openTemplates } from './template-store.ts';
import { createTraffic, receiptPlan } from './traffic.ts';
import { webhookBody } from './webhook-body.ts';
import { createWebhookSender } from './webhook-sender.ts';
import { openWebhookStore } from './webhook-store.ts';

export type { Call } from './calls.ts';
export type { Clock } from './clock.ts';
export type { LedgerEntry, LedgerSummary } from './ledger.ts';
export type { LinkReach } from './link-fetch.ts';
export type { MediaCall, MediaFault, MediaFaultName } from './media-faults.ts';
export type { MediaEntry } from './media-store.ts';
export type { Delays, Fault, FaultCall, HistoryFault, HistoryFaultName, SimulatorOptions } from './options.ts';
export { type OutcomeName, outcomeNames } from './reserved-recipients.ts';

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
  /** Forces history faults until it is set to null. */
  setHistoryFault(fault: HistoryFault | null): void;
  /** Forces media faults until it is set to null. */
  setMediaFault(fault: MediaFault | null): void;
  /** All files: uploaded, sent by a person, or fetched from a link; `read` returns the bytes. */
  media: { entries(): readonly MediaEntry[]; read(id: string): Readable };
  /** The last 10,000 calls to send or mark as read, accepted or not. */
  calls(): readonly Call[];
  ledger: { entries(): readonly LedgerEntry[]; summary(): LedgerSummary };
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
  const timers = trackTimers(settings.clock);
  const ledger = await openLedger(settings.dataDir);
  const phones = await openPhones(settings);
  const templates = await openTemplates(settings.dataDir);
  const media = await openMediaStore(settings.dataDir, timers);
  const links = createLinkFetcher(settings.fetchLinks, media);
  const store = await openWebhookStore(settings.dataDir, ledger.entries(), receiptPlan(settings.delays));
  const bodyOf = (items: Parameters<typeof webhookBody>[0]) => webhookBody(items, phones);
  const sender = createWebhookSender({ store, clock: timers, settings, bodyOf });
  const traffic = createTraffic({ store, sender, phones, clock: timers, delays: settings.delays });
  const calls = createCallLog();
  const verify = () => verifyCallback(sender.callbackUrl(), settings.verifyToken);
  const faults = { messages: createMessageFaults(), history: createHistoryFaults(), media: createMediaFaults() };

  const app = createApp(settings.host);
  const mediaNeeds = { settings, clock: timers, phones, media, mediaFaults: faults.media };
  addGraphRoutes(app, {
    ...mediaNeeds,
    ledger,
    links,
    traffic,
    calls,
    templates,
    fault: faults.messages.of,
    hasCallback: () => sender.callbackUrl() !== null,
    receiptsSettled: store.settled,
  });
  addHistoryRoutes(app, {
    settings,
    clock: timers,
    ledger,
    phones,
    store,
    callbackUrl: sender.callbackUrl,
    fault: faults.history.of,
  });
  addMediaRoutes(app, mediaNeeds);
  addPhoneRoutes(app, phones, traffic, media);
  addPhoneMediaRoutes(app, { ...mediaNeeds, traffic });
  addFaultRoutes(app, faults);
  addControlRoutes(app, { phones, ledger, verifyCallback: verify });

  const close = async () => {
    await app.close();
    await links.close();
    timers.cancelAll();
    await sender.close();
    await ledger.close();
    await store.close();
    await phones.close();
    await templates.close();
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
    setHistoryFault: faults.history.setSwitch,
    setMediaFault: faults.media.setSwitch,
    media: { entries: media.entries, read: id => media.read(id) },
    calls: calls.list,
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
