// What an alert says outside of the app, in English: what is wrong, and what to do first. No number of a phone and no text
// of a message is ever in it.
import type { AlertSignal } from '@recado/contract';

export interface Told {
  signal: AlertSignal;
  subject: string;
  value: number;
  n: number | null;
  detail: Record<string, unknown>;
}

const guide = 'docs/guides/alerts.md';

/** The place of the guide about a signal. */
export const guideOf = (signal: AlertSignal): string => `${guide}#${signal.replaceAll('_', '-')}`;

const rounded = (value: number) => String(Math.round(value * 10) / 10);

/** A time in words: 45 s, 12 min, 3 h, 2 days. */
export function lasting(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** The account whose cap it is, where it is not that of the workspace. */
const capOf = ({ account }: Record<string, unknown>): string => (typeof account === 'string' ? ` on ${account}` : '');

const titles: Readonly<Record<AlertSignal, (told: Told) => string>> = {
  account_attention: ({ subject }) => `${subject} needs attention`,
  token_expiry: ({ subject, detail }) =>
    `The access token of ${subject} expires ${Number(detail.days) > 1 ? `in ${detail.days} days` : 'within a day'}`,
  webhook_routing: ({ subject }) => `Not all webhooks of ${subject} come to Recado`,
  limit_lowered: ({ subject, detail }) => `WhatsApp lowered a limit of ${subject}: ${detail.from} to ${detail.to}`,
  silence_in: ({ subject, detail }) => `Nothing was received on ${subject} for ${lasting(Number(detail.minutes) * 60)}`,
  stall_out: ({ subject, value }) => `${value} messages wait on ${subject}, and none leaves`,
  no_receipts: ({ subject, value }) => `${value} messages of ${subject} are sent, and no receipt comes`,
  failed_share: ({ subject, value }) => `${rounded(value)}% fail on ${subject}`,
  quality: ({ subject }) => `WhatsApp warns of ${subject}`,
  template_trouble: ({ subject, detail }) =>
    detail.former_category ? `The category of template ${subject} changed` : `Template ${subject} is ${detail.status}`,
  unknown_age: ({ subject, value }) => `Unknown for ${lasting(value * 60)} on ${subject}`,
  oldest_high: ({ subject, value }) => `An urgent message waits for ${lasting(value)} on ${subject}`,
  oldest_normal: ({ subject, value }) => `A message waits for ${lasting(value)} on ${subject}`,
  daily_limit: ({ subject, value }) => `${rounded(value)}% of the daily limit on ${subject}`,
  spend_cap: ({ value, detail }) =>
    `${value >= 100 ? 'A spend cap is reached' : 'A spend cap is used up by 80%'}${capOf(detail)}`,
  free_messages: ({ subject, value }) => `${rounded(value)}% of the free messages of ${subject} are used`,
  unanswered: ({ subject, value }) => `Somebody waits for an answer on ${subject} for ${lasting(value * 60)}`,
  nobody_online: ({ subject, detail }) => `${detail.waiting} wait for ${subject}, and nobody of it is online`,
  no_gateway: ({ subject }) => `No gateway for the phone of ${subject}`,
  endpoint_failing: ({ subject, detail }) => (detail.disabled ? `${subject} is disabled` : `${subject} fails`),
  dead_letters: ({ value }) => `${value} dead letters`,
  disk: ({ value }) => `The disk is ${rounded(value)}% full`,
  clock: ({ value }) => `The clock is ${rounded(value)} s off`,
  web_version: ({ value }) => `The version of WhatsApp Web is ${rounded(value)} days old`,
  backup_age: ({ value }) => `The last backup is ${lasting(value)} old`,
};

export const remedies: Readonly<Record<AlertSignal, string>> = {
  account_attention: 'Save a new token or link the phone again, then resume the account.',
  token_expiry: 'Make a permanent token of a system user at Meta, and save it on the page of the account.',
  webhook_routing: 'Check the webhooks on the page of the account: another app may have them.',
  limit_lowered: 'Stop campaigns on this account, and look at its quality at Meta.',
  silence_in: 'Send yourself a message from a phone. If it does not arrive, check the webhook at Meta.',
  stall_out: 'See what the queue waits for. Nothing is lost: what waits is sent later.',
  no_receipts: 'The webhook does not reach Recado: check its address at Meta.',
  failed_share: 'Look at the most frequent code first. What failed can be sent again.',
  quality: 'Stop campaigns on this account until WhatsApp rates it well again.',
  template_trouble: 'Change the template or use another one. Messages with it may wait.',
  unknown_age: 'Look whether these messages arrived, then resolve them.',
  oldest_high: 'See what the queue waits for, and whether a worker runs.',
  oldest_normal: 'See what the queue waits for, and whether a worker runs.',
  daily_limit: 'Raise the limit, or send the rest tomorrow.',
  spend_cap: 'Raise the cap, or wait for the next month. Replies and codes are sent all the same.',
  free_messages: 'Set a payment method at Meta: without one nothing more is delivered this month.',
  unanswered: 'Answer the oldest conversation of the inbox.',
  nobody_online: 'Ask a member of the team to go online, or give the conversations to another team.',
  no_gateway: 'Start a process with the role gateway.',
  endpoint_failing: 'Look at the log of its server. No event is lost: recover them once it answers.',
  dead_letters: 'Read why they could not be applied, then retry or discard them.',
  disk: 'Free space on the disk of the data folder.',
  clock: 'Set the clock of the server by NTP.',
  web_version: 'Let the gateway reach web.whatsapp.com, or set the version by hand.',
  backup_age: 'Make a backup, and look why the schedule made none.',
};

/** What looks like a phone number: a reason may come from outside. */
const numbers = /\+?\d[\d\s().-]{5,}\d/g;

/** A text that may go out. */
export const withoutNumbers = (text: string): string => text.replaceAll(numbers, '…');

/** What is wrong, in a few words. */
export const titleOf = (told: Told): string => withoutNumbers(titles[told.signal](told));
