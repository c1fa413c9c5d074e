// The filters of the queue, as they are in the address.

export interface QueueSearch {
  status?: string | undefined;
  account?: string | undefined;
  error?: string | undefined;
  reason?: string | undefined;
}

const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);

/** Keeps what is a filter. What is not validated would stay in the address. */
export const queueSearch = (given: Record<string, unknown>): QueueSearch => ({
  status: text(given.status),
  account: text(given.account),
  error: text(given.error),
  reason: text(given.reason),
});
