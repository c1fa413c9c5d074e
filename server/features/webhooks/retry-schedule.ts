// When a delivery that failed is attempted again.

const minute = 60_000;
const hour = 60 * minute;

/** The pause after each failure. A failure after the last one is final. */
const pauses = [5_000, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];

/** Jitter adds at most this part of a pause, so that deliveries that failed together do not come back together. */
const spread = 0.1;

const longestWish = 24 * hour;

/**
 * Milliseconds until the next attempt; undefined if there is none. `failures`: the attempts that failed, this one
 * included. An endpoint may ask for a later time, and not for an earlier one.
 */
export function pauseAfter(failures: number, random: number, retryAfterMs: number | undefined): number | undefined {
  const pause = pauses[failures - 1];
  if (pause === undefined) return undefined;
  return Math.round(Math.max(pause * (1 + spread * random), Math.min(retryAfterMs ?? 0, longestWish)));
}

/** Reads the header Retry-After: seconds, or a date. Returns at most a day; undefined if it says nothing usable. */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  const ms = /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : /[a-z]/i.test(text) ? Date.parse(text) - now : Number.NaN;
  return Number.isNaN(ms) || ms <= 0 ? undefined : Math.min(ms, longestWish);
}
