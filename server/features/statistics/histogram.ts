// Percentiles of kept histograms, whose n-th bucket is about 1.15^n ms. Percentiles are never averaged: buckets add up.

export interface Bucket {
  bucket: number;
  n: number;
}

const growth = 1.15;

const msOf = ({ bucket }: Bucket): number => growth ** bucket;

export const countOf = (buckets: readonly Bucket[]): number => buckets.reduce((sum, { n }) => sum + n, 0);

/** The quantile of a histogram in whole milliseconds, to 7 % before rounding; the share is 0 to 1. Null of an empty one. */
export function percentile(buckets: readonly Bucket[], share: number): number | null {
  let left = Math.ceil(countOf(buckets) * share);
  for (const bucket of buckets) {
    left -= bucket.n;
    if (left <= 0) return Math.round(msOf(bucket));
  }
  return null;
}

/** How many values are below each of the bounds, in seconds, and not below the one before; and how many above all. */
export function spansOf(buckets: readonly Bucket[], bounds: readonly number[]): number[] {
  const spans = [...bounds, Number.POSITIVE_INFINITY].map(() => 0);
  for (const bucket of buckets) {
    const found = bounds.findIndex(bound => msOf(bucket) < bound * 1_000);
    const place = found === -1 ? bounds.length : found;
    spans[place] = (spans[place] ?? 0) + bucket.n;
  }
  return spans;
}
