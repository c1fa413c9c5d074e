// The filters of the request log, as they are in the address.

/** Answers of 4xx and of 5xx, and slow ones: a second or more. */
export const requestViews = ['refused', 'failed', 'slow'] as const;
export type RequestView = (typeof requestViews)[number];

export const requestMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** How far back, in hours. */
export const requestRanges = { hour: 1, day: 24 } as const;

export interface RequestsSearch {
  view?: RequestView | undefined;
  /** The id of a person or of an API key. */
  by?: string | undefined;
  /** Only requests of API keys. */
  keys?: true | undefined;
  method?: (typeof requestMethods)[number] | undefined;
  within?: keyof typeof requestRanges | undefined;
  /** A request id, or a part of a path: that has a slash. */
  id?: string | undefined;
}

const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);

/** Keeps valid filters. Others would stay in the address. */
export const requestsSearch = (given: Record<string, unknown>): RequestsSearch => ({
  view: requestViews.find(view => view === given.view),
  by: text(given.by),
  keys: given.keys === true ? true : undefined,
  method: requestMethods.find(method => method === given.method),
  within: (Object.keys(requestRanges) as (keyof typeof requestRanges)[]).find(each => each === given.within),
  // An id of digits is a number in the address.
  id: text(given.id) ?? (typeof given.id === 'number' ? String(given.id) : undefined),
});
