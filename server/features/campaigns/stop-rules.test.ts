import { expect, test } from 'vitest';
import { brokenRule, type Outcomes } from './stop-rules.ts';

const rules = { failed: 5, not_on_whatsapp: 15, spared: 30, opted_out: 2, quality: 'yellow' as const, spent: null };
const outcomes = (more: Partial<Outcomes>): Outcomes => ({
  ...{ n: 200, failed: {}, optedOut: 0, quality: 'GREEN', first: [null, null, null] },
  ...more,
});
const codeOf = (more: Partial<Outcomes>, some: Partial<typeof rules> = {}) =>
  brokenRule(outcomes(more), { ...rules, ...some })?.code;

test('each rule has its limit, and its own codes', () => {
  expect(codeOf({})).toBeUndefined();
  expect(codeOf({ failed: { 131026: 29 } })).toBeUndefined();
  expect(codeOf({ failed: { 131026: 30 } })).toBe('not_on_whatsapp');
  expect(codeOf({ failed: { 131049: 59 } })).toBeUndefined();
  expect(codeOf({ failed: { 131049: 60 } })).toBe('spared');
  expect(codeOf({ failed: { 131000: 6, 131047: 4 } })).toBe('failed');
  expect(codeOf({ failed: { 131000: 9 } })).toBeUndefined();
  expect(codeOf({ optedOut: 3 })).toBeUndefined();
  expect(codeOf({ optedOut: 4 })).toBe('opted_out');
});

test('fewer than 50 outcomes decide nothing, but errors of the account and the message do', () => {
  expect(codeOf({ n: 49, failed: { 131000: 49 } })).toBeUndefined();
  expect(codeOf({ n: 50, failed: { 131000: 5 } })).toBe('failed');
  expect(codeOf({ n: 1, failed: { 131042: 1 } })).toBe('account_error');
  expect(codeOf({ n: 3, failed: { 132000: 3 }, first: ['132000', '132012', '132000'] })).toBe('wrong_message');
  expect(codeOf({ n: 3, failed: { 132000: 2 }, first: ['132000', null, '132000'] })).toBeUndefined();
});

test('a rule of null is none, and red quality always holds', () => {
  expect(codeOf({ failed: { 131000: 200 } }, { failed: null as never })).toBeUndefined();
  expect(codeOf({ quality: 'YELLOW' })).toBe('quality');
  expect(codeOf({ quality: 'YELLOW' }, { quality: 'red' as never })).toBeUndefined();
  expect(codeOf({ quality: 'RED' }, { quality: 'red' as never })).toBe('quality');
  expect(brokenRule(outcomes({ quality: 'YELLOW' }), rules, true)).toBeUndefined();
  expect(brokenRule(outcomes({ quality: 'RED' }), rules, true)?.code).toBe('quality');
});
