// What the simulator can be told, and what it does when it is not told.
import { type Clock, systemClock } from './clock.ts';
import type { LinkReach } from './link-fetch.ts';
import type { OutcomeName } from './reserved-recipients.ts';

/** Milliseconds after acceptance; `late` is added for late statuses, `slow` holds back a slow answer. */
export type Delays = { sent: number; delivered: number; read: number; late: number; slow: number };

/** What a fault switch gets to see of a valid call before it is played. */
export type FaultCall = { phoneNumberId: string; to: string; type: string; token: string | null; body: unknown };

/** Names the outcome to force for this call, or nothing. A refusal that is forced so refuses every time. */
export type Fault = (call: FaultCall) => OutcomeName | null | undefined;

/** What a call for a number's history can be made to come to; `empty` lists nothing. */
export const historyFaultNames = ['forbidden', 'rate-limited', 'server-error', 'garbage', 'empty'] as const;
export type HistoryFaultName = (typeof historyFaultNames)[number];

/** Names the fault to force for this call, or nothing. */
export type HistoryFault = (call: { phoneNumberId: string }) => HistoryFaultName | null | undefined;

export type SimulatorOptions = {
  host?: string;
  /** 0 takes any free port. */
  port?: number;
  /** Takes the next free port, up to 50 further, if the port is taken. */
  portFallback?: boolean;
  /** Is left free all the same, for whom it is meant. */
  skipPort?: number;
  dataDir?: string;
  accessToken: string;
  appSecret: string;
  verifyToken: string;
  /** Until there is one, webhooks wait. */
  callbackUrl?: string | null;
  /** Whether phones read by themselves what they get. */
  autoRead?: boolean;
  /** The text with which phones answer by themselves, or null. */
  autoReply?: string | null;
  /** Messages a second for each business number; without it there is no limit. */
  throughput?: number | null;
  /** Which links of messages are fetched, as Meta fetches all of them; without it none, and they are shown as they are. */
  fetchLinks?: LinkReach;
  delays?: Partial<Delays>;
  /** First and longest pause between two attempts of one webhook, and how long one may take, in milliseconds. */
  webhookRetry?: { first?: number; longest?: number; timeout?: number };
  clock?: Clock;
};

export type Settings = Required<Omit<SimulatorOptions, 'delays' | 'webhookRetry'>> & {
  delays: Delays;
  webhookRetry: { first: number; longest: number; timeout: number };
};

/** Fills in the defaults. */
export const settingsOf = (options: SimulatorOptions): Settings => ({
  host: options.host ?? '127.0.0.1',
  port: options.port ?? 3001,
  portFallback: options.portFallback ?? false,
  skipPort: options.skipPort ?? 0,
  dataDir: options.dataDir ?? './data/simulator',
  accessToken: options.accessToken,
  appSecret: options.appSecret,
  verifyToken: options.verifyToken,
  callbackUrl: options.callbackUrl ?? null,
  autoRead: options.autoRead ?? true,
  autoReply: options.autoReply ?? null,
  throughput: options.throughput ?? null,
  fetchLinks: options.fetchLinks ?? 'none',
  delays: { sent: 10, delivered: 30, read: 80, late: 5_000, slow: 3_000, ...options.delays },
  webhookRetry: { first: 200, longest: 30_000, timeout: 10_000, ...options.webhookRetry },
  clock: options.clock ?? systemClock,
});
