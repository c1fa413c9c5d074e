// What the budgets promise, checked on the times of calls alone: pure, and ignorant of how the server counts.

/** Times are milliseconds; each list here is in rising order. */
export interface Excess {
  /** The most in any stretch; for a bucket, the most that one recipient got. */
  most: number;
  /** By how many milliseconds each call came too early that came too early. */
  early: number[];
}

export const worst = ({ early }: Excess): number => early.reduce((most, ms) => Math.max(most, ms), 0);

export function together(parts: Excess[]): Excess {
  return { most: Math.max(0, ...parts.map(part => part.most)), early: parts.flatMap(part => part.early) };
}

/** At most `messages` in any stretch of `seconds`, its end not in it: a call and the one `messages` later lie that far apart. */
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

/** A bucket of so many, full at first, where one comes back every so many seconds, never goes below zero. */
export function checkBucket(times: number[], bucket: { burst: number; seconds: number }): Excess {
  const every = bucket.seconds * 1_000;
  const early: number[] = [];
  // When the bucket is full again; a call needs one whole token in it.
  let full = Number.NEGATIVE_INFINITY;
  for (const at of times) {
    const free = full - (bucket.burst - 1) * every;
    if (at < free) early.push(free - at);
    full = Math.max(full, at) + every;
  }
  return { most: times.length, early };
}

/**
 * What was sent of what the rate allows, from the first on, over as many whole stretches as there were (over all
 * the time where there was not even one). A part of a stretch would prove nothing: the limit allows all of it at once.
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
  /** The part of them that is shorter than a quarter of the jitter. */
  short: number;
  /** What they do not have that gaps of a jitter have, in words. */
  wrong: string[];
}

/**
 * Behind each call lies a gap at random from nothing to the jitter, or a longer one where the rate asks for it. So hardly
 * more than a quarter of the gaps is shorter than a quarter of the jitter, and where the rate asks for little they vary. Four
 * standard deviations are forgiven.
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
  // Evenly spread, gaps up to the jitter deviate by 0.29 of it.
  if (count >= 10 && jitterMs >= (4_000 * rate.seconds) / rate.messages && deviation(gaps) < jitterMs / 8)
    wrong.push(`${count} gaps deviate by ${deviation(gaps).toFixed(0)} ms only, with a jitter of ${jitterMs} ms`);
  return { count, short, wrong };
}

function deviation(values: number[]): number {
  const mean = values.reduce((left, right) => left + right, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
