// The filters of the queue, as they are in the address.
import { type Range, ranges, type View, views } from '../../data/queue-filter.ts';

export interface QueueSearch {
  status?: View | undefined;
  account?: string | undefined;
  /** Only messages to this contact. */
  contact?: string | undefined;
  error?: string | undefined;
  reason?: string | undefined;
  range?: Range | undefined;
}

const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);

/** Keeps valid filters. Others would stay in the address. */
export const queueSearch = (given: Record<string, unknown>): QueueSearch => ({
  status: views.find(view => view === given.status || (view === 'waiting' && given.status === 'queued')),
  account: text(given.account),
  contact: text(given.contact),
  // An error code of Meta is a number in the address.
  error: text(given.error) ?? (typeof given.error === 'number' ? String(given.error) : undefined),
  reason: text(given.reason),
  range: ranges.find(range => range === given.range),
});
