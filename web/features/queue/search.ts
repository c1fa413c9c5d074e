// The filters of the queue, as they are in the address.
import type { Status } from '@recado/contract';

/** What the table shows. The last three only on the way from the strip. */
export const views = [
  'waiting',
  'sending',
  'scheduled',
  'failed',
  'unknown',
  'left',
  'sent',
  'delivered',
  'read',
] as const;
export type View = (typeof views)[number];

export const statusesOf: Record<View, readonly Status[]> = {
  waiting: ['queued'],
  sending: ['sending'],
  scheduled: ['scheduled'],
  failed: ['failed'],
  unknown: ['unknown'],
  left: ['cancelled', 'expired'],
  sent: ['sent', 'delivered', 'read', 'played'],
  delivered: ['delivered', 'read', 'played'],
  read: ['read', 'played'],
};

export const ranges = ['today', 'week', 'month'] as const;
export type Range = (typeof ranges)[number];

/** What is there now is shown however old it is; what has ended, of a range. */
export const isOpen = (view: View): boolean => ['waiting', 'sending', 'scheduled', 'unknown'].includes(view);

export interface QueueSearch {
  status?: View | undefined;
  account?: string | undefined;
  error?: string | undefined;
  reason?: string | undefined;
  range?: Range | undefined;
}

const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);

/** Keeps what is a filter. What is not validated would stay in the address. */
export const queueSearch = (given: Record<string, unknown>): QueueSearch => ({
  status: views.find(view => view === given.status || (view === 'waiting' && given.status === 'queued')),
  account: text(given.account),
  // An error code of Meta is a number in the address.
  error: text(given.error) ?? (typeof given.error === 'number' ? String(given.error) : undefined),
  reason: text(given.reason),
  range: ranges.find(range => range === given.range),
});

const dayMs = 86_400_000;

/** The begin of a range: today's midnight here, or so many days before it. */
export function startOf(range: Range, now = new Date()): string {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const days = { today: 0, week: 6, month: 29 }[range];
  return new Date(midnight - days * dayMs).toISOString();
}
