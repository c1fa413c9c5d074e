import { alertSignals } from '@recado/contract';
import { expect, test } from 'vitest';
import { neverGiven } from './seed-store.ts';

const withNew = [...alertSignals, 'new_signal'];

test('a workspace without a record was given the signals of that time, and no later one', () => {
  expect(neverGiven([], withNew)).toEqual(['new_signal']);
});

test('a workspace with a record was given what it says', () => {
  expect(neverGiven(alertSignals, withNew)).toEqual(['new_signal']);
  expect(neverGiven(withNew, withNew)).toEqual([]);
  expect(neverGiven(withNew.slice(1), withNew)).toEqual([alertSignals[0]]);
});
