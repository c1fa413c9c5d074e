// The number in a cell, as people and spreadsheets write numbers.
import type { ImportRowCode } from '@recado/contract';
import { countryOf } from '../../kit/text/country.ts';
import {
  isLandLine,
  lengthsIn,
  mainCountryOf,
  type NationalFault,
  type NumberFault,
  nameOfCountry,
  nationalNumber,
  numberOf,
  onlyCountryWith,
  validNumber,
} from '../contacts/index.ts';
import type { Reading, Suggestion } from './import.ts';

export interface CellFault {
  code: ImportRowCode;
  message: string;
  suggestion?: Suggestion | undefined;
}

/** The countries of the numbers of a file that have a + or a country. */
export interface FileCountries {
  seen: ReadonlySet<string>;
  /** Those of at least a fifth of the numbers. */
  home: readonly string[];
}

export interface NumberHints {
  /** The country of a number without a country code. */
  country: string | undefined;
  /** The calling code that another column gives. */
  callingCode?: string | undefined;
  /** Whether numbers without + begin with their country code. */
  haveCountryCode?: boolean | undefined;
  countries: FileCountries;
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
    const read = written.startsWith('+') ? international(written) : withoutPlus(written, hints);
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

/** A number without +: with its country code, as the country writes it, or as one that may be meant. */
function withoutPlus(written: string, hints: NumberHints): { phone: string } | CellFault {
  const digits = /\p{L}/u.test(written) ? '' : digitsIn(written);
  if (hints.callingCode !== undefined) return withCallingCode(written, digits, hints.callingCode);
  const whole = hints.haveCountryCode ? validNumber(digits) : undefined;
  if (whole !== undefined) return { phone: whole };
  const own = hints.country === undefined ? undefined : nationalNumber(written, hints.country);
  if (own && 'phone' in own) {
    const other = otherReading(own.phone, digits, hints);
    return other === undefined ? own : twoReadings([own.phone, other].map(reading));
  }
  if (hints.haveCountryCode && digits !== '' && !digits.startsWith('0')) {
    // New ranges appear faster than any table: a possible number counts, as it does with a +.
    const read = international(`+${digits}`);
    if ('phone' in read || !own) return read;
  }
  const meantOnes = readingsOf(written, digits, hints);
  if (meantOnes.length > 1) return twoReadings(meantOnes);
  const [suggestion] = meantOnes;
  if (hints.country === undefined || !own)
    return {
      code: 'phone_without_country',
      message: `The number has no country code. Name the country of such numbers. ${meant(suggestion)}`.trim(),
      suggestion,
    };
  const { code, message } = nationalFault(written, hints.country, own.fault);
  return { code, message: `${message} ${suggestion ? meant(suggestion) : remedy}`, suggestion };
}

/** The number of another country of the file that the digits are with a + before them. */
function otherReading(own: string, digits: string, { country, countries: { seen } }: NumberHints): string | undefined {
  if (seen.size === 0 || (seen.size === 1 && country !== undefined && seen.has(country))) return undefined;
  const whole = validNumber(digits);
  if (whole === undefined || whole === own || !seen.has(countryOf(whole) ?? '')) return undefined;
  return isLandLine(whole) && !isLandLine(own) ? undefined : whole;
}

/** A number beside a column with its calling code, which may be in front of it once more. */
function withCallingCode(written: string, digits: string, callingCode: string): { phone: string } | CellFault {
  const whole = digits.startsWith(callingCode) ? validNumber(digits) : undefined;
  const country = mainCountryOf(callingCode);
  const own = country === undefined ? undefined : nationalNumber(written, country);
  const behind = own && 'phone' in own ? own.phone : validNumber(`${callingCode}${digits.replace(/^0+/, '')}`);
  const found = [...new Set([whole, behind].filter(phone => phone !== undefined))];
  if (found.length > 1) return twoReadings(found.map(reading));
  const [phone] = found;
  if (phone !== undefined) return { phone };
  const possible = international(`+${digits.startsWith(callingCode) ? '' : callingCode}${digits.replace(/^0+/, '')}`);
  if ('phone' in possible || country === undefined || !own || !('fault' in own)) return possible;
  const { code, message } = nationalFault(written, country, own.fault);
  return { code, message: `${message} ${remedy}` };
}

const reading = (phone: string): Reading => ({ phone, country: countryOf(phone) });

function twoReadings(readings: Reading[]): CellFault {
  const [first = { phone: '', country: null }] = readings;
  const all = readings.map(inCountry).join(', or ');
  const message = `The number has ${readings.length} readings: ${all}. Choose one.`;
  return { code: 'phone_two_readings', message, suggestion: { ...first, readings } };
}

const inCountry = ({ phone, country }: Reading): string =>
  country === null ? phone : `${phone} in ${nameOfCountry(country)}`;

const meant = (suggestion: Reading | undefined): string => (suggestion ? `It would be ${inCountry(suggestion)}.` : '');

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

/** More are no help. */
const mostReadings = 3;

/**
 * The numbers that may be meant: with a + before the digits, or in a country of the file; else in the only country that
 * has it. A mobile number with its country code counts before a land line without the 0 that people write there.
 */
function readingsOf(written: string, digits: string, { countries: { seen, home }, suggests }: NumberHints): Reading[] {
  if (digits.length < leastDigits) return [];
  const whole = validNumber(digits);
  const isMobile = whole !== undefined && !isLandLine(whole);
  const found = new Set(whole === undefined ? [] : [whole]);
  for (const country of whole === undefined && suggests ? seen : home) {
    const read = nationalNumber(written, country);
    if ('phone' in read && countryOf(read.phone) === country && !(isMobile && isLandLine(read.phone)))
      found.add(read.phone);
  }
  if (found.size > 0) return found.size > mostReadings ? [] : [...found].map(reading);
  const only = suggests ? onlyCountryWith(written) : undefined;
  return only ? [only] : [];
}

/** Countries of at least this share of the numbers of a file may be meant by the others. */
const shareOfHome = 0.2;

/** The countries of a file, by the numbers that are certain. */
export function countriesOfFile(phones: readonly string[]): FileCountries {
  const counts = new Map<string, number>();
  for (const phone of phones) {
    const country = countryOf(phone);
    if (country !== null) counts.set(country, (counts.get(country) ?? 0) + 1);
  }
  const home = [...counts].filter(([, count]) => count >= phones.length * shareOfHome).map(([country]) => country);
  return { seen: new Set(counts.keys()), home };
}
