import { expect, test } from 'vitest';
import { columnKey } from './column-key.ts';

test('the key of a column has no case, accents and signs, and every script', () => {
  const keys = [' Próxima  visita! ', 'ORDER_No.', 'الموعد التالي', 'मुलाक़ात', '--', null].map((name, at) =>
    columnKey(name, at + 1),
  );
  expect(keys).toEqual([
    'proxima_visita',
    'order_no',
    'الموعد_التالي',
    'मुलाक़ात'.normalize('NFC'),
    'column_5',
    'column_6',
  ]);
});

test('the key of a long name is cut between characters', () => {
  expect(columnKey('𐐨'.repeat(150), 1)).toBe('𐐨'.repeat(100));
});
