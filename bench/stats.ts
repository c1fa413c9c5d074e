// The statistics of the bench: medians, quantiles, ratios of medians, and their formatting.

const sorted = (values: number[]): number[] => [...values].sort((left, right) => left - right);

/** The value below which this part of the values lies, interpolated. @throws if there are no values */
export function quantile(values: number[], part: number): number {
  if (values.length === 0) throw new Error('an empty list has no quantile');
  const rising = sorted(values);
  const place = (rising.length - 1) * part;
  const [low, high] = [rising[Math.floor(place)] as number, rising[Math.ceil(place)] as number];
  return low + (high - low) * (place - Math.floor(place));
}

export const median = (values: number[]): number => quantile(values, 0.5);

/** The same values in the same order, starting with another one each round. */
export const rotated = <Value>(values: Value[], round: number): Value[] =>
  values.map((_, place) => values[(place + round) % values.length] as Value);

/** The median of `these` divided by the median of `those`. */
export const ratio = (these: number[], those: number[]): number => median(these) / median(those);

/** By how much `y` rises per `x`, by least squares. @throws if all x are equal */
export function slope(points: { x: number; y: number }[]): number {
  const mean = (pick: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [x, y] = [mean(point => point.x), mean(point => point.y)];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  if (!(spread > 0)) throw new Error('a slope needs two points');
  return points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
}

/** Three significant digits, with thin commas in large numbers. */
export function written(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The median with the minimum and maximum. */
export const spread = (values: number[]): string =>
  `${written(median(values))} (${written(Math.min(...values))}–${written(Math.max(...values))})`;

/** The result beside its aim, a minimum or a maximum. */
export function aim(
  what: string,
  reached: number,
  aimed: number,
  bound: 'at least' | 'at most' = 'at least',
  unit = '',
): string {
  const good = bound === 'at least' ? reached >= aimed : reached <= aimed;
  return `${what}: **${written(reached)}${unit}**, aimed at ${bound} ${aimed}${unit}: ${good ? 'reached' : 'not reached'}.`;
}
