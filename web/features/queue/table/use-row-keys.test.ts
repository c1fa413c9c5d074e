// Which rows a selection with Shift has.
import { expect, test } from 'vitest';
import { between } from './use-row-keys.ts';

test('a selection reaches from one row to another, whichever comes first', () => {
  expect(between(['a', 'b', 'c', 'd'], 2, 1)).toEqual(['b', 'c']);
  expect(between(['a', 'b', 'c', 'd'], 0, 3)).toEqual(['a', 'b', 'c', 'd']);
});
