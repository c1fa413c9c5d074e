// Quiet hours: whether a time is in them by the clock of a time zone, and when they end.
const dayMinutes = 24 * 60;

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

/** The minutes since midnight in a time zone. */
function minutesIn(zone: string, now: number): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return minutesOf(parts.format(now));
}

/** When the quiet hours end that a time is in; undefined outside of them. Times are milliseconds. */
export function quietUntil(
  { from, until, zone }: { from: string; until: string; zone: string },
  now: number,
): number | undefined {
  const [begin, end, at] = [minutesOf(from), minutesOf(until), minutesIn(zone, now)];
  const since = (at - begin + dayMinutes) % dayMinutes;
  const long = (end - begin + dayMinutes) % dayMinutes;
  if (since >= long) return undefined;
  return now + (long - since) * 60_000 - (now % 60_000);
}
