// The filters of the request log, as they are in the address.

/** Answers of 4xx and of 5xx, and slow ones: a second or more. */
export const requestViews = ['refused', 'failed', 'slow'] as const;
export type RequestView = (typeof requestViews)[number];

export interface RequestsSearch {
  view?: RequestView | undefined;
  /** The id of a person or of an API key. */
  by?: string | undefined;
  /** A request id. */
  id?: string | undefined;
}

const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);

/** Keeps valid filters. Others would stay in the address. */
export const requestsSearch = (given: Record<string, unknown>): RequestsSearch => ({
  view: requestViews.find(view => view === given.view),
  by: text(given.by),
  // An id of digits is a number in the address.
  id: text(given.id) ?? (typeof given.id === 'number' ? String(given.id) : undefined),
});
