import { expect, test } from 'vitest';
import { amountOf, unitsOf } from './money.ts';

test('sums of amounts are exact where those of numbers are not', () => {
  expect(0.1 + 0.2).not.toBe(0.3);
  expect(amountOf(unitsOf('0.1') + unitsOf('0.2'))).toBe('0.300000000');
  expect(amountOf(unitsOf('0.0068') - unitsOf('9007199254740993.5'))).toBe('-9007199254740993.493200000');
  expect(amountOf(unitsOf('-0.000001'))).toBe('-0.000001000');
});
