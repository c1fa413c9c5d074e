/** As many ids as one request of the API takes. */
export const idsAtOnce = 100;

/** The ids in groups that one request each takes. */
export const inPieces = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / idsAtOnce) }, (_, n) => ids.slice(n * idsAtOnce, (n + 1) * idsAtOnce));
