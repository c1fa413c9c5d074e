// Times in time zones, by the data of Intl.

const formats = new Map<string, Intl.DateTimeFormat>();
const fields = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const;

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...fields });
    formats.set(zone, format);
  }
  return format;
}

/** Whether a text names a time zone, like Europe/Lisbon. */
export function isZone(text: string): boolean {
  try {
    formatOf(text);
    return /^[A-Za-z]/.test(text);
  } catch {
    return false;
  }
}

const minute = 60_000;
const day = 86_400_000;

/** The clock of a zone at an instant, as if it were UTC. */
function clockAt(instant: number, zone: string): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day: date = 1, hour = 0, minute: minutes = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, date, hour, minutes, second);
}

const offsetAt = (instant: number, zone: string) => clockAt(instant, zone) - Math.floor(instant / 1_000) * 1_000;

/**
 * The instant of a local time, both in milliseconds. A time that the change to summer leaves out moves forward; of a time
 * that comes twice it is the first.
 */
function instantOf(local: number, zone: string): number {
  const before = offsetAt(local - day, zone);
  const after = offsetAt(local + day, zone);
  const fitting = [local - before, local - after].filter(instant => clockAt(instant, zone) === local);
  return fitting.length > 0 ? Math.min(...fitting) : local - before;
}

/** The instant of a local time like 2026-12-01T10:00 in a zone. */
export const instantOfText = (text: string, zone: string): number => instantOf(Date.parse(`${text}Z`), zone);

/** The hours of a day in which something may happen, and the days of the week, 1 for Monday. */
export interface Hours {
  from: string;
  until: string;
  days: readonly number[];
}

const minutesOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

/** The first instant at or after this one that is in the hours of a zone. */
export function nextWithin(instant: number, zone: string, hours: Hours): number {
  const local = clockAt(instant, zone);
  const midnight = Math.floor(local / day) * day;
  const minutes = (local - midnight) / minute;
  const isDay = (at: number) => hours.days.includes(((new Date(at).getUTCDay() + 6) % 7) + 1);
  if (isDay(midnight) && minutes >= minutesOf(hours.from) && minutes < minutesOf(hours.until)) return instant;
  const first = isDay(midnight) && minutes < minutesOf(hours.from) ? 0 : 1;
  for (let ahead = first; ahead <= 7; ahead++) {
    const date = midnight + ahead * day;
    if (isDay(date)) return Math.max(instant, instantOf(date + minutesOf(hours.from) * minute, zone));
  }
  throw new Error('hours without a day');
}
