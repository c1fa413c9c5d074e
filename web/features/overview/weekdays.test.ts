import { expect, test } from 'vitest';
import { byWeekday } from './weekdays.ts';

test('hours are added up by the clock of the zone, from Monday on', () => {
  const groups = [
    { key: '2026-11-30T03:00:00.000Z', inbound: 2 },
    { key: '2026-11-23T03:00:00.000Z', inbound: 3 },
    { key: '2026-11-30T02:00:00.000Z', inbound: 7 },
    { key: null, inbound: 9 },
    { key: '2026-11-30T05:00:00.000Z', inbound: null },
  ];
  const days = byWeekday(groups, 'America/Sao_Paulo');
  expect(days[0]?.[0]).toBe(5);
  expect(days[6]?.[23]).toBe(7);
  expect(days.flat().reduce((all, each) => all + each, 0)).toBe(12);
  // Both hours of a clock that is set back are the same hour of the day.
  const twice = ['2026-10-25T00:00:00.000Z', '2026-10-25T01:00:00.000Z'].map(key => ({ key, inbound: 1 }));
  expect(byWeekday(twice, 'Europe/Berlin')[6]?.[2]).toBe(2);
});
