// Hours and days by the clock of a zone that may not be the person's.
import { useTranslation } from 'react-i18next';

function formatters(language: string, timeZone: string) {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const made = new Intl.DateTimeFormat(language, { ...options, timeZone });
    return (at: string | number) => made.format(new Date(at));
  };
  const hour = new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone });
  const number = new Intl.NumberFormat(language);
  return {
    clock: format({ hour: 'numeric', minute: '2-digit' }),
    /** From 0 to 23, for an axis. */
    hour: (at: string) => number.format(Number(hour.format(new Date(at)))),
    day: format({ weekday: 'short', day: 'numeric', month: 'short' }),
    shortDay: format({ day: 'numeric', month: 'numeric' }),
    weekday: format({ weekday: 'long' }),
    shortWeekday: format({ weekday: 'short' }),
    date: format({ day: 'numeric', month: 'long' }),
    month: format({ month: 'long' }),
  };
}

const kept = new Map<string, ReturnType<typeof formatters>>();

export function useZoneFormat(zone: string): ReturnType<typeof formatters> {
  const { i18n } = useTranslation();
  const key = `${i18n.language} ${zone}`;
  const known = kept.get(key) ?? formatters(i18n.language, zone);
  kept.set(key, known);
  return known;
}
