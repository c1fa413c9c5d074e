// The hours of a team by the clock of its zone: whether it works at the moment, and until when.
import type { BusinessHours } from '@recado/client';
import { dayIn, daysAfter } from '../../kit/zone-days.ts';

type Interval = BusinessHours['intervals'][number];

/** 1 is Monday. */
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

const endOfDay = '24:00';

/** The weekday of a date like 2026-12-25. */
const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

/** The time of day of a moment, like 09:05. */
const timeIn = (zone: string, at: number): string =>
  new Intl.DateTimeFormat('en', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

/** When the team works on a date, in order; never on a closed day. */
const intervalsOn = ({ intervals, holidays }: BusinessHours, day: string): Interval[] =>
  holidays.some(({ date }) => date === day) ? [] : intervals.filter(({ weekday }) => weekday === weekdayOf(day));

interface HoursState {
  isOpen: boolean;
  /** When that ends: a date and a time of day. Undefined: not within a year. */
  until?: { day: string; time: string };
}

const mostDays = 366;

/** Whether a team works at a moment, and when that ends. */
export function stateAt(hours: BusinessHours, now: number): HoursState {
  const today = dayIn(hours.time_zone, now);
  const time = timeIn(hours.time_zone, now);
  let open = intervalsOn(hours, today).find(({ opens, closes }) => opens <= time && time < closes);
  const isOpen = open !== undefined;
  for (let ahead = 0; ahead < mostDays; ahead += 1) {
    const day = daysAfter(today, ahead);
    const intervals = intervalsOn(hours, day);
    if (!isOpen) {
      const next = intervals.find(({ opens }) => ahead > 0 || opens > time);
      if (next) return { isOpen, until: { day, time: next.opens } };
      continue;
    }
    if (ahead > 0) {
      open = intervals.find(({ opens }) => opens === '00:00');
      if (!open) return { isOpen, until: { day: daysAfter(day, -1), time: endOfDay } };
    }
    const end = endOf(intervals, open);
    if (end !== endOfDay) return { isOpen, until: { day, time: end } };
  }
  return { isOpen };
}

/** When an interval ends, or one that follows it without a pause. */
function endOf(intervals: readonly Interval[], first: Interval | undefined): string {
  let end = first?.closes ?? endOfDay;
  for (const { opens, closes } of intervals) if (opens === end) end = closes;
  return end;
}

/** The closed days from today on. */
export const holidaysAhead = ({ time_zone: zone, holidays }: BusinessHours, now: number) => {
  const today = dayIn(zone, now);
  return holidays.filter(({ date }) => date >= today);
};

/** The closed days that are still kept once the hours change: what waits may be older than they are. */
export const holidaysToKeep = ({ time_zone: zone, holidays }: BusinessHours, now: number) => {
  const oldest = daysAfter(dayIn(zone, now), -31);
  return holidays.filter(({ date }) => date >= oldest);
};

/** What somebody has typed of a week: the intervals of each weekday. */
export type WeekDraft = Readonly<Record<number, readonly { opens: string; closes: string }[]>>;

/** Midnight at the end of a day is 00:00 in a field. */
const typedTime = (time: string) => (time === endOfDay ? '00:00' : time);
const sentTime = (time: string) => (time === '00:00' ? endOfDay : time);

const usual = { opens: '09:00', closes: '18:00' };

/** From Monday to Friday, where a team has no hours yet. */
export const weekOf = (hours: BusinessHours | null): WeekDraft =>
  Object.fromEntries(
    weekdays.map(weekday => [
      weekday,
      hours
        ? hours.intervals
            .filter(each => each.weekday === weekday)
            .map(({ opens, closes }) => ({ opens, closes: typedTime(closes) }))
        : weekday < 6
          ? [usual]
          : [],
    ]),
  );

/** With one more interval on a weekday: the usual one, or one after the last. */
export function withInterval(week: WeekDraft, weekday: number): WeekDraft {
  const before = week[weekday] ?? [];
  const last = before.at(-1);
  return { ...week, [weekday]: [...before, last ? { opens: last.closes, closes: '00:00' } : usual] };
}

/** What is sent of a week. */
export const intervalsOf = (week: WeekDraft): Interval[] =>
  weekdays.flatMap(weekday =>
    (week[weekday] ?? []).map(({ opens, closes }) => ({ weekday, opens, closes: sentTime(closes) })),
  );

/** The weekdays of which a time is missing, ends before it begins, or overlaps another. */
export function wrongDays(week: WeekDraft): ReadonlySet<number> {
  const isWrong = (intervals: readonly { opens: string; closes: string }[]) => {
    const spans = intervals.map(({ opens, closes }) => ({ opens, closes: sentTime(closes) }));
    const inOrder = spans.toSorted((one, other) => (one.opens < other.opens ? -1 : 1));
    return inOrder.some(
      ({ opens, closes }, place) => opens === '' || closes <= opens || closes > (inOrder[place + 1]?.opens ?? endOfDay),
    );
  };
  return new Set(weekdays.filter(weekday => isWrong(week[weekday] ?? [])));
}
