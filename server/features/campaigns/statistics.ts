// Rates with their uncertainty.

export interface Share {
  n: number;
  of: number;
  rate: number | null;
  low: number | null;
  high: number | null;
}

/** The quantile of the normal distribution for 95 %. */
const z = 1.959964;

/** A rate with its interval by Wilson: also right for few people and for rates near 0. */
export function shareOf(n: number, of: number): Share {
  if (of <= 0) return { n, of, rate: null, low: null, high: null };
  const rate = Math.min(1, n / of);
  const centre = rate + z ** 2 / (2 * of);
  const spread = z * Math.sqrt((rate * (1 - rate)) / of + z ** 2 / (4 * of ** 2));
  const scale = 1 + z ** 2 / of;
  return { n, of, rate, low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

/** Whether two rates differ with 95 % certainty: the test of two shares. Null where one of them has nobody. */
export function differ(left: Share, right: Share): boolean | null {
  if (left.rate === null || right.rate === null) return null;
  const pooled = (left.n + right.n) / (left.of + right.of);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / left.of + 1 / right.of));
  return error > 0 && Math.abs(left.rate - right.rate) / error >= z;
}
