// How long to wait after failures in a row.

/** The wait `step`, doubled after each failure, at most `most`; in the unit of both. */
export const backoff = (step: number, most: number, failures: number): number =>
  Math.min(most, step * 2 ** Math.min(failures, 40));

/** A wait up to this part shorter or longer, so that not all come back at once. `random` is from 0 to 1. */
export const spread = (wait: number, part: number, random: number): number => wait * (1 - part + 2 * part * random);
