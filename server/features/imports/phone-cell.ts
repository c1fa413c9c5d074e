// The number in a cell, as people and spreadsheets write numbers.
import type { ImportRowCode } from '@recado/contract';
import { countryOf } from '../../kit/text/country.ts';
import {
  lengthsIn,
  type NationalFault,
  type NumberFault,
  nameOfCountry,
  nationalNumber,
  numberOf,
  onlyCountryWith,
} from '../contacts/index.ts';

export interface CellFault {
  code: ImportRowCode;
  message: string;
  suggestion?: { phone: string; country: string | null } | undefined;
}

export interface NumberHints {
  /** The country of a number without a country code. */
  country: string | undefined;
  /** Countries that occur in the file. */
  seen: ReadonlySet<string>;
  /** Whether to look for the number that may be meant: that costs. */
  suggests: boolean;
}

const zeros = [0x0660, 0x06f0, 0xff10];

/** The text with plain digits and signs, and without what people do not see. */
const plain = (cell: string): string =>
  cell
    .replaceAll(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, digit => {
      const code = digit.charCodeAt(0);
      return String(code - (zeros.findLast(zero => zero <= code) ?? code));
    })
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\p{Zs}\s]+/gu, ' ')
    .replaceAll('＋', '+')
    .trim()
    .replace(/^'+\s*/, '')
    .replace(/^(\d{7,15})[.,]0+$/, '$1')
    .replace(/^\(?00(?=\s*\(?[1-9])/, '+')
    .replace(/^\(\s*\+/, '+(');

const digitsIn = (text: string) => text.replaceAll(/\D/g, '');
/** Fewer digits are the end of the number before, or an extension. */
const leastDigits = 7;

/** The numbers of a cell: several may be in it, with / , ; or ::: between them. */
function numbersIn(text: string): string[] {
  const parts = text
    .split(/\/|,|;|:::/)
    .map(part => part.trim())
    .filter(part => digitsIn(part).length >= leastDigits);
  return parts.length > 0 ? parts : [text];
}

/** The first number of a cell that can be read, in E.164; undefined for an empty cell. */
export function readPhoneCell(cell: string, hints: NumberHints): { phone: string } | CellFault | undefined {
  const text = plain(cell);
  if (text === '') return undefined;
  if (/^[+-]?\d+([.,]\d+)?e\s?\+?\d+$/i.test(text))
    return {
      code: 'phone_scientific',
      message:
        'The spreadsheet shortened the number, so digits are lost. Format the column as text, and enter the numbers again.',
    };
  let first: CellFault | undefined;
  for (const written of numbersIn(text)) {
    const read = written.startsWith('+') ? international(written) : national(written, hints);
    if ('phone' in read) return read;
    first ??= read;
  }
  return first;
}

const codes: Record<NumberFault, ImportRowCode> = {
  NO_PLUS: 'phone_without_country',
  NOT_A_NUMBER: 'phone_unreadable',
  EXTENSION: 'phone_unreadable',
  INVALID_COUNTRY: 'country_unknown',
  TOO_SHORT: 'phone_too_short',
  TOO_LONG: 'phone_too_long',
  INVALID_LENGTH: 'phone_impossible',
  IMPOSSIBLE: 'phone_impossible',
};
const remedy = 'Write it with + and country code, like +12025550123.';
const saying: Partial<Record<ImportRowCode, string>> = {
  phone_unreadable: 'The text is not a phone number.',
  country_unknown: 'The number begins with a country code that does not exist.',
  phone_too_short: 'The number is too short.',
  phone_too_long: 'The number is too long.',
  phone_impossible: 'The number has a length that is impossible in its country.',
};

function international(written: string): { phone: string } | CellFault {
  const read = numberOf(written);
  if ('phone' in read) return read;
  const code = codes[read.fault];
  return { code, message: `${saying[code] ?? 'The number cannot be read.'} ${remedy}` };
}

function national(written: string, { country, seen, suggests }: NumberHints): { phone: string } | CellFault {
  const read = country === undefined ? undefined : nationalNumber(written, country);
  if (read && 'phone' in read) return read;
  const suggestion = suggests ? suggestionFor(written, seen) : undefined;
  if (country === undefined || !read)
    return {
      code: 'phone_without_country',
      message: `The number has no country code. Name the country of such numbers. ${meant(suggestion)}`.trim(),
      suggestion,
    };
  const { code, message } = nationalFault(written, country, read.fault);
  return { code, message: `${message} ${suggestion ? meant(suggestion) : remedy}`, suggestion };
}

type Suggestion = NonNullable<CellFault['suggestion']>;

const meant = (suggestion: Suggestion | undefined): string => {
  if (!suggestion) return '';
  const where = suggestion.country === null ? '' : ` in ${nameOfCountry(suggestion.country)}`;
  return `It would be ${suggestion.phone}${where}.`;
};

function nationalFault(written: string, country: string, fault: NationalFault): CellFault {
  const name = nameOfCountry(country);
  const counted = `${digitsIn(written).length} digits, needs ${lengthsInWords(country)}`;
  switch (fault) {
    case 'too_short':
      return { code: 'phone_too_short', message: `The number is too short for ${name}: ${counted}.` };
    case 'too_long':
      return { code: 'phone_too_long', message: `The number is too long for ${name}: ${counted}.` };
    case 'impossible':
      return { code: 'phone_impossible', message: `It is not a number of ${name}.` };
    default:
      return { code: 'phone_unreadable', message: 'The text is not a phone number.' };
  }
}

const lengthsInWords = (country: string): string => {
  const lengths = lengthsIn(country);
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  return least === most ? String(least) : `${least} to ${most}`;
};

/** The number that may be meant: with a + before it, or in the only country that has it. */
function suggestionFor(written: string, seen: ReadonlySet<string>): Suggestion | undefined {
  const digits = digitsIn(written);
  if (digits.length < leastDigits || /\p{L}/u.test(written)) return undefined;
  const own = onlyCountryWith(written, seen) ?? onlyCountryWith(written);
  if (own) return own;
  const withPlus = digits.length > 10 && !digits.startsWith('0') ? numberOf(`+${digits}`) : undefined;
  if (!withPlus || !('phone' in withPlus)) return undefined;
  return { phone: withPlus.phone, country: countryOf(withPlus.phone) };
}
