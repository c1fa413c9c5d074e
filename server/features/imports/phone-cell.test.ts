import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countriesOfFile, type NumberHints, readPhoneCell } from './phone-cell.ts';

const read = (cell: string, country?: string, seen: string[] = [], hints: Partial<NumberHints> = {}) =>
  readPhoneCell(cell, { country, countries: { seen: new Set(seen), home: seen }, suggests: true, ...hints });

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
  });

  test('stays apart where it has two readings', () => {
    const readingsOf = (cell: string, country?: string, seen: string[] = [], hints: Partial<NumberHints> = {}) => {
      const result = read(cell, country, seen, hints);
      if (!result || 'phone' in result) return result?.phone;
      return result.suggestion?.readings?.map(({ phone }) => phone) ?? result.suggestion?.phone ?? result.code;
    };
    expect(readingsOf('06 00 00 01 77', 'BR', ['FR', 'MA'])).toEqual(['+33600000177', '+212600000177']);
    expect(read('4791234567', undefined, ['BR'])).toMatchObject({
      code: 'phone_two_readings',
      message: 'The number has 2 readings: +4791234567 in Norway, or +5547991234567 in Brazil. Choose one.',
    });
    // The file has numbers of Norway too, and somebody named Brazil.
    expect(readingsOf('4791234567', 'BR', ['BR', 'NO'])).toEqual(['+5547991234567', '+4791234567']);
    expect(readingsOf('4791234567', 'BR', ['BR'])).toBe('+5547991234567');
    expect(readingsOf('4791234567', 'BR', ['BR', 'NO'], { haveCountryCode: true })).toBe('+4791234567');
    // A mobile number with its country code comes before a land line without the 0 in front.
    expect(readingsOf('33612345679', undefined, ['DE'])).toBe('+33612345679');
    expect(readingsOf('1787654321', undefined, ['BR'])).toBe('+5517987654321');
    expect(countriesOfFile(['+351912345678', ...Array(9).fill('+5511977770190')])).toEqual({
      seen: new Set(['PT', 'BR']),
      home: ['BR'],
    });
  });

  test.each([
    ['919812345678', '91', '+919812345678'],
    ['9812345678', '91', '+919812345678'],
    ['098123 45678', '91', '+919812345678'],
    ['11987654321', '55', '+5511987654321'],
    ['5511987654321', '55', '+5511987654321'],
    ['202 555 0123', '1', '+12025550123'],
    ['06 12 34 56 79', '33', '+33612345679'],
    ['+351912345678', '55', '+351912345678'],
    ['123', '91', 'phone_too_short'],
    ['Ana', '91', 'phone_unreadable'],
  ])('%j beside the calling code %s', (cell, callingCode, expected) => {
    const result = read(cell, undefined, [], { callingCode });
    expect(result && ('phone' in result ? result.phone : result.code)).toBe(expected);
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
        // The same country code in front of it changes no number.
        const coded = read(text, country, [], { haveCountryCode: true });
        if (coded && 'phone' in coded)
          expect(read(coded.phone.slice(1), undefined, [], { haveCountryCode: true })).toEqual(coded);
      }),
      { numRuns: 300 },
    );
  });
});
