// Days in words: today, yesterday, a day of this week, or a date.
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../kit/format.ts';

const dayMs = 86_400_000;

/** How many midnights lie between a time and now. */
function daysAgo(at: Date): number {
  const midnight = (day: Date) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  return Math.round((midnight(new Date()) - midnight(at)) / dayMs);
}

/** The day of a time, long for the log and short for the list. */
export function useDayWords() {
  const { i18n } = useTranslation();
  const { day, clock } = useFormat();
  const relative = (days: number) => {
    const words = new Intl.RelativeTimeFormat(i18n.language, { numeric: 'auto' }).format(-days, 'day');
    return words.charAt(0).toLocaleUpperCase(i18n.language) + words.slice(1);
  };
  const weekday = (at: Date, style: 'long' | 'short') =>
    new Intl.DateTimeFormat(i18n.language, { weekday: style }).format(at);

  return {
    /** "Today", "Yesterday", "Wednesday", "3 Feb 2026". */
    long(time: string): string {
      const at = new Date(time);
      const days = daysAgo(at);
      if (days === 0 || days === 1) return relative(days);
      return days > 1 && days < 7 ? weekday(at, 'long') : day(time);
    },
    /** "14:41", "Yesterday", "Wed", "3 Feb". */
    short(time: string): string {
      const at = new Date(time);
      const days = daysAgo(at);
      if (days <= 0) return clock(time);
      if (days === 1) return relative(days);
      return days < 7 ? weekday(at, 'short') : day(time);
    },
  };
}
