/** As many ids as one request of the API takes. */
export const idsAtOnce = 100;

/** The ids in groups that one request each takes. */
export const inPieces = (ids: readonly string[], most = idsAtOnce): string[][] =>
  Array.from({ length: Math.ceil(ids.length / most) }, (_, n) => ids.slice(n * most, (n + 1) * most));
