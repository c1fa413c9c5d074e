// Times of day, weekdays and dates of the hours of a team, in words.

import type { BusinessHours } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { dayIn, daysAfter } from '../../kit/zone-days.ts';
import { stateAt } from './hours.ts';

/** Its clock and its calendar are those of the zone of the team, so no zone is converted. */
export function useHourWords() {
  const { t, i18n } = useTranslation();
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(i18n.language, { ...options, timeZone: 'UTC' });
  const clock = format({ hour: 'numeric', minute: '2-digit' });
  const weekday = format({ weekday: 'short' });
  const longWeekday = format({ weekday: 'long' });
  const date = format({ weekday: 'short', day: 'numeric', month: 'short' });
  const dateOfYear = format({ day: 'numeric', month: 'short', year: 'numeric' });
  const time = (text: string) => clock.format(Date.UTC(1970, 0, 1, Number(text.slice(0, 2)), Number(text.slice(3))));
  // 5 January 1970 was a Monday.
  const dayOf = (day: number) => Date.UTC(1970, 0, 4 + day);
  return {
    time,
    span: ({ opens, closes }: { opens: string; closes: string }) => `${time(opens)}–${time(closes)}`,
    weekday: (day: number) => weekday.format(dayOf(day)),
    longWeekday: (day: number) => longWeekday.format(dayOf(day)),
    /** With the year, unless it is this one. */
    date: (day: string) =>
      (day.startsWith(String(new Date().getFullYear())) ? date : dateOfYear).format(Date.parse(`${day}T00:00:00Z`)),
    /** "Open until 18:00". */
    state(hours: BusinessHours, now: number): string {
      const { isOpen, until } = stateAt(hours, now);
      if (!until) return t(isOpen ? 'teams.hours.always' : 'teams.hours.never');
      const today = dayIn(hours.time_zone, now);
      const when =
        until.day === today || (isOpen && until.day === daysAfter(today, 1))
          ? time(until.time)
          : `${date.format(Date.parse(`${until.day}T00:00:00Z`))}, ${time(until.time)}`;
      return t(isOpen ? 'teams.hours.openUntil' : 'teams.hours.closedUntil', { when });
    },
  };
}
