// An encrypted text decrypts only with its own key and in its own place.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecryptionError, encrypter, placeOf } from './encryption.ts';

const [first, second] = ['the first of two secret keys, long enough', 'the second of two secret keys, long enough'];
const { encrypt, open, isCurrent } = encrypter(first);

/** Why it cannot be decrypted. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(DecryptionError);
    return (error as DecryptionError).message;
  }
  throw new Error('It was opened.');
}

test('any text comes back as it was, and looks different each time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
      const encrypted = encrypt(plain, context);
      expect(open(encrypted, context)).toBe(plain);
      expect(encrypted).toMatch(/^s1\.[0-9a-f]{16}\.[\w-]+$/);
      expect(encrypt(plain, context)).not.toBe(encrypted);
    }),
  );
});

test('in another place it does not open', () => {
  const place = (id: string) => placeOf('person', 'totp_secret', id);
  expect(refusal(() => open(encrypt('secret', place('a')), place('b')))).toContain('changed');
});

test('not a byte of it can be changed', () => {
  const [version, id, text = ''] = encrypt('secret', 'here').split('.');
  const body = Buffer.from(text, 'base64url');
  for (let place = 0; place < body.length; place++) {
    const changed = Buffer.from(body);
    changed[place] = (changed[place] ?? 0) ^ 1;
    refusal(() => open(`${version}.${id}.${changed.toString('base64url')}`, 'here'));
  }
});

test('a text that is not encrypted is rejected', () => {
  for (const text of ['', 'secret', 's1.0.x', 's2.0123456789abcdef.AAAA', 's1.0123456789abcdef.AAAA'])
    expect(refusal(() => open(text, 'here'))).toBe('It is not an encrypted text.');
});

describe('after the secret key was changed', () => {
  test('a text of the earlier key opens while that key is known, and is marked as such', () => {
    const encrypted = encrypt('secret', 'here');
    const next = encrypter(second, [first]);
    expect(next.open(encrypted, 'here')).toBe('secret');
    expect([isCurrent(encrypted), next.isCurrent(encrypted), next.isCurrent(next.encrypt('secret', 'here'))]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('it does not open without that key', () => {
    expect(refusal(() => encrypter(second).open(encrypt('secret', 'here'), 'here'))).toContain('no given secret key');
  });
});
