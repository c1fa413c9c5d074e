// The simulator's options and their defaults.

import type { OutcomeName } from './control/reserved-recipients.ts';
import { type Clock, systemClock } from './kit/clock.ts';
import type { LinkReach } from './media/link-fetch.ts';

/** Milliseconds after acceptance; `late` is added for late statuses, `slow` delays a slow response. */
export type Delays = { sent: number; delivered: number; read: number; late: number; slow: number };

/** What a fault switch sees of a valid call before it is played. */
export type FaultCall = { phoneNumberId: string; to: string; type: string; token: string | null; body: unknown };

/** The outcome to force for this call, if any. A forced error applies every time. */
export type Fault = (call: FaultCall) => OutcomeName | null | undefined;

/** Which callbacks apps and business accounts may have: ones that Meta could reach, or any. */
export const callbackReaches = ['public', 'any'] as const;
export type CallbackReach = (typeof callbackReaches)[number];

/** Which phone number ids exist: only made ones, or each one from its first use. */
export const numberChoices = ['made', 'any'] as const;
export type NumberChoice = (typeof numberChoices)[number];

export type SimulatorOptions = {
  host?: string;
  /** 0 picks any free port. */
  port?: number;
  /** Tries up to 50 further ports if the port is taken. */
  portFallback?: boolean;
  /** A port to leave free for another program. */
  skipPort?: number;
  dataDir?: string;
  accessToken: string;
  appSecret: string;
  verifyToken: string;
  /** Webhooks wait until there is one. */
  callbackUrl?: string | null;
  /** Whether phones read messages automatically. */
  autoRead?: boolean;
  /** The automatic reply of phones, or null. */
  autoReply?: string | null;
  /** Messages a second for each business number; unlimited if not set. */
  throughput?: number | null;
  /**
   * Which links of messages are fetched. Meta fetches all; without this option none are, and messages show the link.
   */
  fetchLinks?: LinkReach;
  /** As at Meta, `public` if not set: https at a public address. `any` is for programs on this machine. */
  callbacks?: CallbackReach;
  /** As at Meta, `made` if not set: a call for a number that nobody made is rejected. */
  numbers?: NumberChoice;
  /** Whether Meta's limits of pace, pairs, people and management calls apply; true if not set. */
  limits?: boolean;
  /** Makes ids, scripted delays and orders the same in each run; all are random without it. */
  seed?: string | null;
  /** The time at which the clock stands until a script moves it; without it, time passes. */
  standsAt?: Date | null;
  /** Whether free-form messages need an open 24-hour window, as at Meta; true if not set. */
  window?: boolean;
  delays?: Partial<Delays>;
  /** First and longest pause between attempts of a webhook, and the timeout of an attempt, in milliseconds. */
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
  callbacks: options.callbacks ?? 'public',
  numbers: options.numbers ?? 'made',
  limits: options.limits ?? true,
  seed: options.seed ?? null,
  standsAt: options.standsAt ?? null,
  window: options.window ?? true,
  delays: { sent: 10, delivered: 30, read: 80, late: 5_000, slow: 3_000, ...options.delays },
  webhookRetry: { first: 200, longest: 30_000, timeout: 10_000, ...options.webhookRetry },
  clock: options.clock ?? systemClock,
});
