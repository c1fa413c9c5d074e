// Ages on a wall, in so few signs that they are read from afar, and from when on they are bad.
import { countsOf, totalOf } from '../../../components/strip.tsx';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** 0:42 and 3:12 are minutes and seconds; from an hour on it is a number of hours or days. */
export function spanOf(seconds: number): { value: string; unit?: 'hours' | 'days' } {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < hour) return { value: `${Math.floor(whole / minute)}:${String(whole % minute).padStart(2, '0')}` };
  if (whole < 2 * day) return { value: String(Math.floor(whole / hour)), unit: 'hours' };
  return { value: String(Math.floor(whole / day)), unit: 'days' };
}

/** A time in one unit: 6 minutes, 2 hours. */
export function roundedOf(seconds: number): { value: number; unit: 'seconds' | 'minutes' | 'hours' | 'days' } {
  // Half of them waited at most so long, so a moment is a second.
  if (seconds < minute) return { value: Math.ceil(seconds), unit: 'seconds' };
  if (seconds < hour) return { value: Math.round(seconds / minute), unit: 'minutes' };
  return seconds < 2 * day
    ? { value: Math.round(seconds / hour), unit: 'hours' }
    : { value: Math.round(seconds / day), unit: 'days' };
}

/** A message that is due for a minute waits for something; for ten, somebody should look. */
export const oldestTone = (seconds: number): 'warning' | 'danger' | undefined =>
  seconds >= 10 * minute ? 'danger' : seconds >= minute ? 'warning' : undefined;

/** Fewer messages say nothing about a share. */
const leastMessages = 50;
const badShare = 0.05;

export const toneOfFailures = (byStatus: Record<string, number>, rate: number | null): 'danger' | undefined =>
  rate !== null && rate >= badShare && totalOf(countsOf(byStatus)) >= leastMessages ? 'danger' : undefined;
