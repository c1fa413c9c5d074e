import { expect, test } from 'vitest';
import { holidaysAhead, intervalsOf, stateAt, weekOf, withInterval, wrongDays } from './hours.ts';

const week = [1, 2, 3, 4, 5].map(weekday => ({ weekday, opens: '09:00', closes: '18:00' }));
const lisbon = {
  time_zone: 'Europe/Lisbon',
  intervals: [
    ...week,
    { weekday: 6, opens: '10:00', closes: '13:00' },
    { weekday: 6, opens: '15:00', closes: '24:00' },
    { weekday: 7, opens: '00:00', closes: '02:00' },
  ],
  holidays: [{ date: '2026-12-25', name: 'Christmas' }],
};
const at = (time: string) => Date.parse(time);

test('a team is open until its hours end, over pauses that are none and over midnight', () => {
  expect(stateAt(lisbon, at('2026-11-30T09:00:00Z'))).toEqual({
    isOpen: true,
    until: { day: '2026-11-30', time: '18:00' },
  });
  expect(stateAt(lisbon, at('2026-12-05T13:00:00Z'))).toEqual({
    isOpen: false,
    until: { day: '2026-12-05', time: '15:00' },
  });
  expect(stateAt(lisbon, at('2026-12-05T16:00:00Z'))).toEqual({
    isOpen: true,
    until: { day: '2026-12-06', time: '02:00' },
  });
  expect(stateAt(lisbon, at('2026-12-06T02:00:00Z'))).toEqual({
    isOpen: false,
    until: { day: '2026-12-07', time: '09:00' },
  });
});

test('a closed day is skipped, and the clock is that of the zone', () => {
  expect(stateAt(lisbon, at('2026-12-24T18:00:00Z'))).toEqual({
    isOpen: false,
    until: { day: '2026-12-26', time: '10:00' },
  });
  // In summer Lisbon is an hour ahead.
  expect(stateAt(lisbon, at('2026-07-06T08:30:00Z')).isOpen).toBe(true);
  expect(holidaysAhead(lisbon, at('2026-12-25T23:59:00Z'))).toHaveLength(1);
  expect(holidaysAhead(lisbon, at('2026-12-26T00:00:00Z'))).toEqual([]);
});

test('a team that never closes, or never opens, has no end of it', () => {
  const always = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: '00:00', closes: '24:00' }));
  expect(stateAt({ ...lisbon, intervals: always, holidays: [] }, at('2026-11-30T09:00:00Z'))).toEqual({ isOpen: true });
  const once = { ...lisbon, intervals: [{ weekday: 5, opens: '09:00', closes: '10:00' }] };
  expect(stateAt(once, at('2026-12-19T09:00:00Z')).until).toEqual({ day: '2027-01-01', time: '09:00' });
});

test('a week is typed and sent: midnight at the end of a day, and what is wrong in it', () => {
  expect(intervalsOf(weekOf(lisbon))).toEqual(lisbon.intervals);
  expect(intervalsOf(weekOf(null))).toEqual(week);
  const [one] = [withInterval(weekOf(lisbon), 1)];
  expect(one[1]).toEqual([
    { opens: '09:00', closes: '18:00' },
    { opens: '18:00', closes: '00:00' },
  ]);
  expect(wrongDays(one)).toEqual(new Set());
  expect(wrongDays({ 1: [{ opens: '18:00', closes: '09:00' }], 2: [{ opens: '', closes: '09:00' }] })).toEqual(
    new Set([1, 2]),
  );
  const both = [
    { opens: '12:00', closes: '15:00' },
    { opens: '09:00', closes: '12:30' },
  ];
  expect(wrongDays({ 3: both })).toEqual(new Set([3]));
});
