import { expect, test } from 'vitest';
import { dayIn, daysAfter, startIn } from './zone-days.ts';

test.each([
  ['Asia/Kathmandu', '2026-11-30', '2026-11-29T18:15:00.000Z'],
  ['Pacific/Chatham', '2026-11-30', '2026-11-29T10:15:00.000Z'],
  ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00.000Z'],
  ['Australia/Lord_Howe', '2026-10-05', '2026-10-04T13:00:00.000Z'],
  ['America/Sao_Paulo', '2026-11-30', '2026-11-30T03:00:00.000Z'],
  // The clock went from midnight to one, and in February from midnight back to eleven.
  ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
  ['America/Sao_Paulo', '2018-02-18', '2018-02-18T03:00:00.000Z'],
  // It had midnight twice.
  ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z'],
])('in %s the day %s begins at %s', (zone, day, start) => {
  const at = startIn(zone, day);
  expect(new Date(at).toISOString()).toBe(start);
  expect([dayIn(zone, at - 1), dayIn(zone, at)]).toEqual([daysAfter(day, -1), day]);
});

test('days are counted over months and leap years', () => {
  expect([daysAfter('2026-11-30', 1), daysAfter('2028-03-01', -1)]).toEqual(['2026-12-01', '2028-02-29']);
});
