// Which passwords are rejected as easy to guess, and that good ones are accepted.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCommon } from './common-password.ts';

test.each([
  'password1234',
  'passwordpassword',
  'Password123!',
  'P@ssw0rd2024',
  '123456789012',
  '111111111111',
  'qwertyuiop123',
  'qwerty123456',
  '1q2w3e4r5t6y',
  'iloveyou1234',
  'abcdefghijkl',
  'abcabcabcabc',
  'administrator',
  'Welcome2026!',
  'changeme1234',
  'letmein12345',
  'football1234',
  'September2026',
  'correct horse battery staple',
  'recado-admin-1',
  '12 characters or more',
  'at least 12 characters',
])('%s is tried first', password => {
  expect(isCommon(password)).toBe(true);
});

test.each(['anna@bakery.example', 'Anna Bakery'])('words from around it do not count: %s', word => {
  expect(isCommon('annabakery12', [word])).toBe(true);
  expect(isCommon('the anna bakery of my aunt', [word])).toBe(false);
});

test.each([
  'a long enough password',
  'blue kettle on the roof',
  'Tr0ub4dor&3-xkq',
  'пароль не из списка',
  '密码不在列表里面真的不在吧',
])('%s is not', password => {
  expect(isCommon(password)).toBe(false);
});

test('a random one is not', () => {
  const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ23456789');
  fc.assert(
    fc.property(fc.uniqueArray(letter, { minLength: 16, maxLength: 20 }), letters => {
      expect(isCommon(letters.join(''))).toBe(false);
    }),
  );
});
