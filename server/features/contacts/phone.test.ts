import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../kit/errors.ts';
import { readPhone, toE164 } from './phone.ts';

test.each([
  ['+33 6 12 34 56 78', '+33612345678'],
  ['+1 (202) 555-0123', '+12025550123'],
  ['  +351912345678', '+351912345678'],
  ['\u202a+1 202-555-0123\u202c', '+12025550123'],
  ['+52 55 1234 5678', '+525512345678'],
  ['+52 1 55 1234 5678', '+525512345678'],
  ['+55 11 8765-4321', '+5511987654321'],
  ['+55 11 98765-4321', '+5511987654321'],
  ['+55 11 3265-4321', '+551132654321'],
  ['+5491112345678', '+5491112345678'],
  ['+54 11 15 1234 5678', '+5491112345678'],
  ['+54 11 1234 5678', '+5491112345678'],
])('%s is %s', (written, e164) => expect(toE164(written, 'to')).toBe(e164));

test.each([
  ['12', 'does not begin with +'],
  ['0612345678', 'does not begin with +'],
  ['+999 123', 'has a country code that does not exist'],
  ['+001 202 555 0123', 'has a country code that does not exist'],
  ['+52 1 55 1234 56789', 'has an impossible length for its country'],
  ['+33 6 12', 'has an impossible length for its country'],
  ['+1 202 555 0123 ext. 7', 'has an extension'],
  ['+hello', 'is not a phone number'],
])('%s is rejected: it %s', (written, why) => {
  expect(() => toE164(written, 'to')).toThrow(why);
});

test('a parsed number parses to itself, and an error names the field of its request', async () => {
  const db = { query: async () => [] };
  for (let time = 0; time < 2; time++) {
    expect(await readPhone(db, 'workspace', '+33 6 12 34 56 78', 'to')).toBe('+33612345678');
    for (const field of ['to', 'phone'])
      await expect(readPhone(db, 'workspace', '+33 6 12', field)).rejects.toMatchObject({ fields: [{ field }] });
  }
});

test('any text is a number or an error that names the field', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map(text => `+${text}`),
      ),
      written => {
        try {
          expect(toE164(written, 'to')).toMatch(/^\+[1-9]\d{4,14}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect((error as AppError).fields?.[0]?.field).toBe('to');
        }
      },
    ),
  );
});
