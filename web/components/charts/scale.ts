// Scales of charts: from values to pixels, and where the marks of an axis stand.

/** What a round step is of: 1, 2, 2.5 or 5, times a power of ten. */
const roundSteps = [1, 2, 2.5, 5, 10] as const;

/**
 * The marks of an axis that begins at zero: at most `most` steps, up to the largest value or above it. Whole values have
 * whole steps.
 */
export function marksTo(largest: number, most: number, isWhole = true): number[] {
  const above = largest > 0 ? largest : 1;
  const least = above / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const round = roundSteps.map(step => step * power).find(step => step >= least * (1 - 1e-9)) ?? least;
  const step = isWhole ? Math.max(1, Math.ceil(round)) : round;
  const count = Math.max(1, Math.ceil(above / step - 1e-9));
  // Steps like 0.1 add up to more than their sum.
  return Array.from({ length: count + 1 }, (_, place) => Number((place * step).toPrecision(12)));
}

/** Places a value between two ends; the second may be the smaller one. */
export const scaleOf =
  (largest: number, from: number, to: number) =>
  (value: number): number =>
    from + (value / largest) * (to - from);

/** The smallest of these steps at which names of this width do not touch. */
export function stepOfNames(count: number, width: number, nameWidth: number, steps: readonly number[]): number {
  const fits = (step: number) => (width / Math.max(1, count)) * step >= nameWidth;
  return steps.find(fits) ?? Math.max(1, count);
}

/** The most steps of a colour beside the empty one. */
const heatSteps = 5;

/** The step of a value's colour, from 0 for none to 5 for the most. */
export const heatStep = (value: number, most: number): number =>
  value <= 0 || most <= 0 ? 0 : Math.min(heatSteps, Math.max(1, Math.ceil((value / most) * heatSteps)));

/** The index of the point nearest to a pixel, of `count` points between two ends. */
export function nearest(pixel: number, count: number, from: number, to: number): number {
  if (count < 2) return 0;
  const place = Math.round(((pixel - from) / (to - from)) * (count - 1));
  return Math.min(count - 1, Math.max(0, place));
}
