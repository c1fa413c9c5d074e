import type { Import } from '@recado/client';
import { expect, test } from 'vitest';
import { bodyOf, type Changes, isChanged, targetsOf } from './changes.ts';

const column = (at: number, target: Import['columns'][number]['target']) => ({
  column: at,
  name: null,
  values: [],
  guess: target,
  target,
  key: null,
});

const given = {
  columns: [column(1, 'name'), column(2, 'phone'), column(3, 'leave_out')],
  default_country: null,
  dates: 'ymd',
  if_known: 'fill_empty',
  create_labels: true,
  opt_out_category: 'marketing',
} as unknown as Import;

test('nothing is changed until a value differs from the saved one', () => {
  expect(isChanged(given, {})).toBe(false);
  expect(isChanged(given, { targets: { 3: 'leave_out' }, default_country: null })).toBe(false);
  expect(isChanged(given, { targets: { 3: 'labels' } })).toBe(true);
  expect(isChanged(given, { default_country: 'BR' })).toBe(true);
  expect(isChanged(given, { create_labels: false })).toBe(true);
});

test('a request has every column in order, so that an error names its place', () => {
  const changes: Changes = { targets: { 3: 'fields.favourite_shop' }, default_country: 'PT' };
  expect(targetsOf(given, changes)).toEqual(['name', 'phone', 'fields.favourite_shop']);
  expect(bodyOf(given, changes)).toEqual({
    columns: [
      { column: 1, target: 'name' },
      { column: 2, target: 'phone' },
      { column: 3, target: 'fields.favourite_shop' },
    ],
    default_country: 'PT',
    dates: 'ymd',
    if_known: 'fill_empty',
    create_labels: true,
    opt_out_category: 'marketing',
  });
});
