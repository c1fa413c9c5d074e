// Numbers, dates and durations in the person's language and time zone.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Makes the formatters of a language. */
function formatters(language: string, t: TFunction) {
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const share = new Intl.NumberFormat(language, { style: 'percent' });
  const moneyOf = (currency: string, maximumFractionDigits: number) =>
    new Intl.NumberFormat(language, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: Math.min(2, maximumFractionDigits),
      maximumFractionDigits,
    });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const clock = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' });
  const date = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
  const dateOfYear = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' });
  // A date without a time is of no zone.
  const calendar = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' });
  const moment = new Intl.DateTimeFormat(language, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  });
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: 0,
    }).format(value);
  const precise = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
  const gap = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'short',
    minimumFractionDigits: 3,
    maximumFractionDigits: 3,
  });
  const tenths = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  });
  const list = new Intl.ListFormat(language, { type: 'unit' });
  const names = new Intl.ListFormat(language, { type: 'conjunction' });

  /** 3 min 12 s; at most two units. */
  function duration(seconds: number): string {
    const whole = Math.max(0, Math.round(seconds));
    const parts = [
      [Math.floor(whole / day), 'day'],
      [Math.floor((whole % day) / hour), 'hour'],
      [Math.floor((whole % hour) / minute), 'minute'],
      [whole % minute, 'second'],
    ] as const;
    const first = parts.findIndex(([value]) => value > 0);
    if (first === -1) return unit(0, 'second');
    return parts
      .slice(first, first + 2)
      .filter(([value]) => value > 0)
      .map(([value, name]) => unit(value, name))
      .join(' ');
  }

  return {
    number: (value: number) => number.format(value),
    percent: (value: number) => percent.format(value),
    /** In whole percents. */
    share: (value: number) => share.format(value),
    /** An amount of money: a decimal text, exact, or a number of a chart. `isRound` leaves out decimals. */
    money: (amount: string | number, currency: string, isRound = false) =>
      moneyOf(currency, isRound ? 0 : 2).format(amount as Intl.StringNumericLiteral),
    /** A rate has more decimals than a sum. */
    rate: (amount: string, currency: string) => moneyOf(currency, 6).format(amount as Intl.StringNumericLiteral),
    list: (items: string[]) => list.format(items),
    /** Ana and Bruno. */
    names: (items: string[]) => names.format(items),
    exact: (time: string) => exact.format(new Date(time)),
    clock: (time: string) => clock.format(new Date(time)),
    /** The time of day to the millisecond. */
    precise: (time: string) => precise.format(new Date(time)),
    /** What passed between two moments; below ten seconds to the millisecond. */
    gap(from: string, to: string): string {
      const seconds = Math.max(0, Date.parse(to) - Date.parse(from)) / 1_000;
      return seconds < 10 ? gap.format(seconds) : duration(seconds);
    },
    /** A moment of another day with its time, and its time alone. */
    moment: (at: Date) => ({ words: moment.format(at), time: clock.format(at) }),
    day(time: string): string {
      const at = new Date(time);
      return (at.getFullYear() === new Date().getFullYear() ? date : dateOfYear).format(at);
    },
    /** A date like 1990-03-14. */
    date: (day: string) => (Number.isNaN(Date.parse(day)) ? day : calendar.format(new Date(day))),
    duration,
    /** A time that was measured, however short: "under 0.1 sec", "0.4 sec", "12 sec". */
    measured(seconds: number): string {
      if (seconds < 0.1) return t('format.under', { time: tenths.format(0.1) });
      return seconds < 10 ? tenths.format(seconds) : duration(seconds);
    },
    /** Near as "3 min ago", today as a time of day, far as a date. */
    when(time: string): string {
      const at = new Date(time);
      const seconds = (at.getTime() - Date.now()) / 1000;
      if (Math.abs(seconds) < minute) return relative.format(Math.round(seconds), 'second');
      if (Math.abs(seconds) < hour) return relative.format(Math.round(seconds / minute), 'minute');
      if (at.toDateString() === new Date().toDateString()) return clock.format(at);
      if (Math.abs(seconds) < 7 * day) return relative.format(Math.round(seconds / day), 'day');
      return this.day(time);
    },
  };
}

const kept = new Map<string, ReturnType<typeof formatters>>();

export function useFormat(): ReturnType<typeof formatters> {
  const { i18n } = useTranslation();
  const known = kept.get(i18n.language) ?? formatters(i18n.language, i18n.getFixedT(i18n.language));
  kept.set(i18n.language, known);
  return known;
}
