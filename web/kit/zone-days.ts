// Days by the calendar of a time zone, as texts like 2026-11-30.

const dayMs = 86_400_000;

/** The day of a moment. */
export const dayIn = (zone: string, at: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);

/** A number of days later; earlier, if it is negative. */
export const daysAfter = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10);

/** The first moment of a day: midnight, or what comes after it where the clock skips midnight. */
export function startIn(zone: string, day: string): number {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // By the clocks of before and after: both are the same unless they change on this day.
  const tries = [midnight - dayMs, midnight + dayMs].map(near => midnight - offsetOf(zone, near));
  return Math.min(...tries.filter(at => dayIn(zone, at) === day));
}

/** By how much a zone is ahead of UTC, in milliseconds. */
function offsetOf(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find(part => part.type === type)?.value ?? 0);
  const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return local - Math.floor(at / 1_000) * 1_000;
}
