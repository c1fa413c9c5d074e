import fc from 'fast-check';
import { expect, test } from 'vitest';
import { phoneToRead } from './phone.ts';

test.each([
  ['+5511955501101', '+55 11 95550-1101'],
  ['+351912345678', '+351 912 345 678'],
  ['+447400123456', '+44 7400 123456'],
  ['+12025550117', '+1 202 555-0117'],
])('%s is read as %s', (number, words) => {
  expect(phoneToRead(number)).toBe(words.replaceAll(' ', '\u00a0'));
});

test('what is no number stays as it is', () => {
  for (const text of ['', 'Farol', '+', '+999123', '12345', '120363041234567890@g.us'])
    expect(phoneToRead(text)).toBe(text);
});

test('no digit is lost or added', () => {
  const digits = (text: string) => text.replace(/\D/g, '');
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), number => {
      expect(digits(phoneToRead(`+${number}`))).toBe(String(number));
    }),
  );
});
