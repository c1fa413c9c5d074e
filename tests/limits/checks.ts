// Checks every limit on call times alone: pure functions that do not know how the server counts.

/** Times are in milliseconds; each list is sorted. */
export interface Excess {
  /** The most in any period; for a bucket, the most that one recipient got. */
  most: number;
  /** By how many milliseconds each early call was early. */
  early: number[];
}

export const worst = ({ early }: Excess): number => early.reduce((most, ms) => Math.max(most, ms), 0);

export function together(parts: Excess[]): Excess {
  return { most: Math.max(0, ...parts.map(part => part.most)), early: parts.flatMap(part => part.early) };
}

/** At most `messages` in any half-open period of `seconds`: a call and the one `messages` later are that far apart. */
export function checkRate(times: number[], rate: { messages: number; seconds: number }): Excess {
  const span = rate.seconds * 1_000;
  const early: number[] = [];
  let most = 0;
  let first = 0;
  for (const [place, at] of times.entries()) {
    while (at - (times[first] ?? at) >= span) first++;
    most = Math.max(most, place - first + 1);
    const before = times[place - rate.messages];
    if (before !== undefined && at - before < span) early.push(span - (at - before));
  }
  return { most, early };
}

/** A bucket of `burst` tokens, full at first and refilled one every `seconds`, never goes below zero. */
export function checkBucket(times: number[], bucket: { burst: number; seconds: number }): Excess {
  const every = bucket.seconds * 1_000;
  const early: number[] = [];
  // When the bucket is full again; a call needs one whole token.
  let full = Number.NEGATIVE_INFINITY;
  for (const at of times) {
    const free = full - (bucket.burst - 1) * every;
    if (at < free) early.push(free - at);
    full = Math.max(full, at) + every;
  }
  return { most: times.length, early };
}

/**
 * The share of the allowed rate that was used, over whole periods from the first call (over the whole time if there
 * was not even one). A partial period proves nothing, because the limit allows all of it at once.
 */
export function useOf(times: number[], rate: { messages: number; seconds: number }, end: number): number {
  const [first] = times;
  if (first === undefined) return 0;
  const span = rate.seconds * 1_000;
  const stretches = Math.max(1, Math.floor((end - first) / span));
  const until = first + stretches * span;
  return times.filter(at => at < until).length / (stretches * rate.messages);
}

export interface Gaps {
  count: number;
  /** The share of gaps shorter than a quarter of the jitter. */
  short: number;
  /** How they differ from random gaps, as text. */
  wrong: string[];
}

/**
 * After each call there is a random gap of up to the jitter, or a longer one if the rate needs it. So at most about a
 * quarter of the gaps is shorter than a quarter of the jitter, and with a low rate they vary. Tolerates four standard
 * deviations.
 */
export function checkJitter(times: number[], jitterMs: number, rate: { messages: number; seconds: number }): Gaps {
  const gaps = times.slice(1).map((at, place) => at - (times[place] ?? at));
  const count = gaps.length;
  if (count === 0) return { count, short: 0, wrong: [] };
  const short = gaps.filter(gap => gap < jitterMs / 4).length / count;
  const wrong: string[] = [];
  const most = 0.25 + 4 * Math.sqrt((0.25 * 0.75) / count);
  if (short > most)
    wrong.push(
      `${(100 * short).toFixed(0)} % of ${count} gaps are shorter than a quarter of the jitter of ${jitterMs} ms`,
    );
  // Uniform gaps up to the jitter have a standard deviation of 0.29 of it.
  if (count >= 10 && jitterMs >= (4_000 * rate.seconds) / rate.messages && deviation(gaps) < jitterMs / 8)
    wrong.push(`${count} gaps deviate by ${deviation(gaps).toFixed(0)} ms only, with a jitter of ${jitterMs} ms`);
  return { count, short, wrong };
}

function deviation(values: number[]): number {
  const mean = values.reduce((left, right) => left + right, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
