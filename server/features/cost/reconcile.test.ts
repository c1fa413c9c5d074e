import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareDays, sumOfMoney } from './reconcile.ts';

test('sums of money are exact, and not known where a part is not told', () => {
  expect(sumOfMoney(['0.1', '0.2'])).toBe('0.300000000');
  expect(sumOfMoney([])).toBe('0.000000000');
  expect(sumOfMoney(['0.1', undefined])).toBeUndefined();
  fc.assert(
    fc.property(fc.array(fc.nat(10_000_000)), millionths => {
      const text = (n: number) => `${Math.floor(n / 1_000_000)}.${String(n % 1_000_000).padStart(6, '0')}`;
      const sum = millionths.reduce((left, right) => left + right, 0);
      expect(sumOfMoney(millionths.map(text))).toBe(`${text(sum)}000`);
    }),
  );
});

test('a day is compared with what is told of this number; without a cost it is not known', () => {
  const counted = [
    { day: '2026-11-01', counted: 3, amount: '0.2' },
    { day: '2026-11-02', counted: 1, amount: '0.1' },
  ];
  const told = [
    { day: '2026-11-01', phone: '15550001', volume: 2, cost: '0.125' },
    { day: '2026-11-01', phone: '15550001', volume: 1, cost: '0.075' },
    { day: '2026-11-01', phone: '15550002', volume: 9, cost: '9' },
    { day: '2026-11-02', phone: '15550001', volume: 2, cost: undefined },
  ];
  expect(compareDays(counted, told, '+1 555 0001')).toEqual([
    { ...counted[0], told: 3, toldAmount: '0.200000000' },
    { ...counted[1], told: 2, toldAmount: null },
  ]);
});
