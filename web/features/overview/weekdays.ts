// The inbound messages of hours, by the day of the week and the hour of the day.
import type { FigureGroup } from '@recado/client';

const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Seven days from Monday on, each with 24 hours, by the clock of a zone. */
export function byWeekday(groups: readonly Pick<FigureGroup, 'key' | 'inbound'>[], zone: string): number[][] {
  const days = names.map(() => Array.from({ length: 24 }, () => 0));
  const clock = new Intl.DateTimeFormat('en', { timeZone: zone, weekday: 'short', hour: 'numeric', hourCycle: 'h23' });
  for (const { key, inbound } of groups) {
    if (key === null || !inbound) continue;
    const parts = clock.formatToParts(new Date(key));
    const of = (type: string) => parts.find(part => part.type === type)?.value ?? '';
    const values = days[names.indexOf(of('weekday'))];
    const hour = Number(of('hour'));
    if (values) values[hour] = (values[hour] ?? 0) + inbound;
  }
  return days;
}
