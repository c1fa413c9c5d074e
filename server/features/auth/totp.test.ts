// The codes match RFC 6238, as in every authenticator app.
import { describe, expect, test } from 'vitest';
import { base32, codeAt, otpauthUri, stepAt, stepsOf } from './totp.ts';

const secret = Buffer.from('12345678901234567890');

// Appendix B of RFC 6238 for SHA-1; a six-digit code is the end of an eight-digit one.
test.each([
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
])('at second %i', (seconds, eight) => {
  expect(codeAt(secret, stepAt(seconds * 1000))).toBe(eight.slice(2));
});

describe('a code is good', () => {
  const now = 1111111109_000;
  const at = (away: number) => stepsOf(secret, codeAt(secret, stepAt(now) + away), now);
  test('in its own step and the two beside it, and in no other', () => {
    expect([-2, -1, 0, 1, 2].map(away => at(away).map(step => step - stepAt(now)))).toEqual([[], [-1], [0], [1], []]);
  });
  test('with six digits only', () => {
    for (const code of ['', '81804', '0081804', 'é81804']) expect(stepsOf(secret, code, now)).toEqual([]);
  });
});

// Section 10 of RFC 4648, without padding.
test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('base32 of %j', (text, expected) => {
  expect(base32(Buffer.from(text))).toBe(expected);
});

test('the address names the person, and what the code is made with', () => {
  const uri = new URL(otpauthUri(secret, 'me+2@example.com'));
  expect(uri.pathname).toBe('/Recado:me%2B2%40example.com');
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    secret: base32(secret),
    issuer: 'Recado',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});
