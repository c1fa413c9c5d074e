// The stretch of time that the overview is about.
import { dayIn, daysAfter, startIn } from '../../kit/zone-days.ts';
import type { OverviewSearch } from './search.ts';

export interface Stretch {
  from: string;
  /** Undefined: now. */
  until: string | undefined;
  /** The end of its last day, which a chart is drawn to. */
  end: string;
  /** How a chart cuts it. */
  by: 'hour' | 'day';
}

/** The API counts by hour for a month at most; by then hours are no line any more. */
const mostHourly = 2;
/** The API looks back no further. */
const mostDays = 366;

const days = { today: 1, week: 7, month: 28 } as const;

const later = (one: string, other: string) => (one > other ? one : other);

/** What a search is about, in whole days of a zone. */
export function stretchOf({ period = 'today', from, until }: OverviewSearch, zone: string, now: number): Stretch {
  const today = dayIn(zone, now);
  const isCustom = period === 'custom' && from !== undefined && until !== undefined;
  const last = isCustom && until < today ? until : today;
  const asked = isCustom ? from : daysAfter(today, 1 - days[period === 'custom' ? 'today' : period]);
  const least = daysAfter(last, 1 - mostDays);
  const first = asked > last ? last : later(asked, least);
  const end = new Date(startIn(zone, daysAfter(last, 1))).toISOString();
  return {
    from: new Date(startIn(zone, first)).toISOString(),
    until: last === today ? undefined : end,
    end,
    by: daysAfter(first, mostHourly) > last ? 'hour' : 'day',
  };
}

const heatDays = 28;

/** The four weeks before today, whose days are all over. */
export function fourWeeks(zone: string, now: number): { from: string; until: string } {
  const today = dayIn(zone, now);
  return {
    from: new Date(startIn(zone, daysAfter(today, -heatDays))).toISOString(),
    until: new Date(startIn(zone, today)).toISOString(),
  };
}
