import { expect, test } from 'vitest';
import { daysOfMonth } from './month-days.ts';

test('each day of the month has what its categories cost, and days to come are left out', () => {
  const spent = [
    { day: '2026-11-02', category: 'utility', amount: '0.25' },
    { day: '2026-11-02', category: 'marketing', amount: '1.5' },
    { day: '2026-11-02', category: 'utility', amount: '0.5' },
    { day: '2026-10-31', category: 'utility', amount: '9' },
  ];
  expect(daysOfMonth('2026-11', '2026-11-03', spent, ['marketing', 'utility'])).toEqual([
    { day: '2026-11-01', values: [0, 0] },
    { day: '2026-11-02', values: [1.5, 0.75] },
    { day: '2026-11-03', values: [0, 0] },
  ]);
  expect(daysOfMonth('2026-10', '2026-11-03', [], ['utility'])).toHaveLength(31);
});
