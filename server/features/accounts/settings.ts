// Account settings, in the API's form and in the table's.
import type { ChannelName, Delivery, Limits } from '@recado/contract';

export interface Settings {
  limits: Limits;
  delivery: Delivery;
}

export type SettingsChange = {
  [Part in keyof Settings]?: { [Name in keyof Settings[Part]]?: Settings[Part][Name] | undefined } | undefined;
};

export interface SettingsRow {
  rate_messages: number;
  rate_seconds: number;
  per_day: number | null;
  concurrency: number;
  new_per_day: number | null;
  recipient_burst: number | null;
  recipient_seconds: number | null;
  jitter_ms: number;
  quiet_from: string | null;
  quiet_until: string | null;
  warm_up_start: string | null;
  warm_up_first: number | null;
  warm_up_days: number | null;
  on_limit: 'reject' | 'hold';
  max_queued: number;
  on_unknown: 'hold' | 'retry' | 'fail';
  unknown_window_s: number;
  retry_attempts: number;
  retry_delay_ms: number;
  undelivered_after_s: number;
  on_template_paused: 'hold' | 'fail';
  on_window_closed: Settings['delivery']['on_window_closed'];
  marketing_endpoint: Settings['delivery']['marketing_endpoint'];
  messaging_account_id: string | null;
}

const unhurried: Settings = {
  limits: {
    rate: { messages: 20, seconds: 60 },
    per_day: 1_000,
    on_limit: 'reject',
    new_conversations_per_day: null,
    recipient: null,
    jitter_ms: 0,
    quiet_hours: null,
    warm_up: null,
    max_queued: 100_000,
    concurrency: 10,
  },
  delivery: {
    retry: { attempts: 4, delay_ms: 5_000 },
    on_unknown: 'hold',
    unknown_window_seconds: 600,
    undelivered_after_seconds: 86_400,
    on_template_paused: 'hold',
    marketing_endpoint: 'prefer',
    on_window_closed: 'reject',
    messaging_account_id: null,
  },
};

/**
 * Below Meta's limits for a Cloud API number: 80 a second, and to one person 45 at once, then one every 6 seconds. Calls
 * arrive closer together than they leave.
 */
const cloud: Settings = {
  ...unhurried,
  limits: { ...unhurried.limits, rate: { messages: 70, seconds: 1 }, recipient: { burst: 40, seconds: 6 } },
};

/** The highest rates that accounts may have, where a channel bans those who send faster. */
export const highestRates: Record<ChannelName, Limits['rate'] | undefined> = {
  sandbox: undefined,
  cloud: undefined,
  web: { messages: 20, seconds: 60 },
};

/** For a linked phone: a person's pace. A repeat with the same id does no harm, so unknown outcomes are repeated. */
const web: Settings = {
  limits: {
    ...unhurried.limits,
    per_day: 200,
    new_conversations_per_day: 30,
    jitter_ms: 8_000,
    concurrency: 1,
  },
  delivery: { ...unhurried.delivery, on_unknown: 'retry', unknown_window_seconds: 30, on_window_closed: 'send' },
};

/** The settings of a new account. The daily limit is small, so that a mistake stays small. */
export const presets: Record<ChannelName, Settings> = { sandbox: cloud, cloud, web };

export const toSettings = (row: SettingsRow): Settings => ({
  limits: {
    rate: { messages: row.rate_messages, seconds: row.rate_seconds },
    per_day: row.per_day,
    on_limit: row.on_limit,
    new_conversations_per_day: row.new_per_day,
    recipient:
      row.recipient_burst === null || row.recipient_seconds === null
        ? null
        : { burst: row.recipient_burst, seconds: row.recipient_seconds },
    jitter_ms: row.jitter_ms,
    quiet_hours:
      row.quiet_from === null || row.quiet_until === null
        ? null
        : { from: row.quiet_from.slice(0, 5), until: row.quiet_until.slice(0, 5) },
    warm_up:
      row.warm_up_start === null || row.warm_up_first === null || row.warm_up_days === null
        ? null
        : { start: row.warm_up_start, first_day: row.warm_up_first, days: row.warm_up_days },
    max_queued: row.max_queued,
    concurrency: row.concurrency,
  },
  delivery: {
    retry: { attempts: row.retry_attempts, delay_ms: row.retry_delay_ms },
    on_unknown: row.on_unknown,
    unknown_window_seconds: row.unknown_window_s,
    undelivered_after_seconds: row.undelivered_after_s,
    on_template_paused: row.on_template_paused,
    marketing_endpoint: row.marketing_endpoint,
    on_window_closed: row.on_window_closed,
    messaging_account_id: row.messaging_account_id,
  },
});
