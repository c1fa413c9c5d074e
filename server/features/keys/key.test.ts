import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hintOf, isKey, newKey } from './key.ts';

test('a new key has the form that scanners know, and no two are the same', () => {
  const keys = Array.from({ length: 100 }, (_, index) => newKey(index % 2 === 0));
  expect(new Set(keys).size).toBe(100);
  for (const [index, key] of keys.entries()) {
    expect(key).toMatch(index % 2 === 0 ? /^rcd_test_[0-9A-Za-z]{38}$/ : /^rcd_live_[0-9A-Za-z]{38}$/);
    expect(isKey(key)).toBe(true);
    expect(hintOf(key)).toBe(key.slice(0, 13));
  }
});

test('a key with a character changed is none', () => {
  const key = newKey(false);
  fc.assert(
    fc.property(fc.nat(key.length - 1), fc.constantFrom(...'0aZ_-. é'), (place, character) => {
      fc.pre(key[place] !== character);
      expect(isKey(key.slice(0, place) + character + key.slice(place + 1))).toBe(false);
    }),
  );
});
