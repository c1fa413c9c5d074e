import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPhoneCell } from './phone-cell.ts';

const read = (cell: string, country?: string, seen: string[] = []) =>
  readPhoneCell(cell, { country, seen: new Set(seen), suggests: true });

describe('a number', () => {
  test.each([
    ['+351 912 345 678', undefined, '+351912345678'],
    ["'+351912345678", undefined, '+351912345678'],
    ['00351 912345678', undefined, '+351912345678'],
    ['(+351) 912-345-678', undefined, '+351912345678'],
    ['+351\u00a0912\u00a0345\u00a0678', undefined, '+351912345678'],
    ['\u202a+351 912 345 678\u202c', undefined, '+351912345678'],
    ['\u2066+351912345678\u2069\u200e', undefined, '+351912345678'],
    ['＋３５１９１２３４５６７８', undefined, '+351912345678'],
    ['٠٠٣٥١٩١٢٣٤٥٦٧٨', undefined, '+351912345678'],
    ['۰۰۳۵۱۹۱۲۳۴۵۶۷۸', undefined, '+351912345678'],
    ['912 345 678', 'PT', '+351912345678'],
    ['(11) 97777-0190', 'BR', '+5511977770190'],
    ['011 97777-0190', 'BR', '+5511977770190'],
    ['5511977770190', 'BR', '+5511977770190'],
    // The form of accept: the ninth digit of Brazil, the 1 of Mexico, the 9 of Argentina.
    ['11 8777-0190', 'BR', '+5511987770190'],
    ['+5215512345678', undefined, '+525512345678'],
    ['+541112345678', undefined, '+5491112345678'],
    ['11977770190.0', 'BR', '+5511977770190'],
    ['119876-4 / 11977770190', 'BR', '+5511977770190'],
    ['+351912345678 ::: +351912345679', undefined, '+351912345678'],
    ['+351912345678;+351912345679', undefined, '+351912345678'],
    ['(202) 555-0123', 'US', '+12025550123'],
  ])('%j, %s', (cell, country, phone) => {
    expect(read(cell, country)).toEqual({ phone });
  });

  test.each([
    ['5.51E+12', undefined, 'phone_scientific', 'Format the column as text'],
    ['5,51199e+012', 'BR', 'phone_scientific', 'Format the column as text'],
    ['912 345 678', undefined, 'phone_without_country', 'Name the country'],
    ['119876-4', 'BR', 'phone_too_short', 'too short for Brazil: 7 digits, needs 8 to 11'],
    ['+351 21', undefined, 'phone_impossible', 'impossible'],
    ['06 00 00 01 77', 'BR', 'phone_impossible', 'not a number of Brazil'],
    ['+999123456789', undefined, 'country_unknown', 'country code'],
    ['Ana Souza', 'PT', 'phone_unreadable', 'not a phone number'],
    ['+351912345678 ext. 5', undefined, 'phone_unreadable', 'not a phone number'],
  ])('%j, %s is refused with a remedy', (cell, country, code, says) => {
    expect(read(cell, country)).toMatchObject({ code, message: expect.stringContaining(says) });
  });

  test('may be meant: with a + before it, or of the only country that occurs', () => {
    expect(read('5511977770190')).toMatchObject({ suggestion: { phone: '+5511977770190', country: 'BR' } });
    expect(read('06 00 00 01 77', 'BR', ['BR', 'FR'])).toMatchObject({
      message: 'It is not a number of Brazil. It would be +33600000177 in France.',
      suggestion: { phone: '+33600000177', country: 'FR' },
    });
    expect(read('06 00 00 01 77', 'BR', ['FR', 'MA'])).toMatchObject({ suggestion: undefined });
  });

  test('an empty cell has none', () => {
    for (const cell of ['', '  ', '\u200e', "'"]) expect(read(cell, 'BR')).toBeUndefined();
  });

  test('is the same when it is read again, and no cell breaks the reader', () => {
    const cell = fc.string({ unit: fc.constantFrom(..."0123456789+-() /,;:.'eE٣５\u200e\u00a0ab"), maxLength: 24 });
    fc.assert(
      fc.property(cell, fc.constantFrom(undefined, 'BR', 'PT', 'US'), (text, country) => {
        const first = read(text, country);
        if (first && 'phone' in first) expect(read(first.phone)).toEqual(first);
      }),
      { numRuns: 300 },
    );
  });
});
