// Numbers without a country code, as people of a country write them.
import {
  type CountryCode,
  getCountries,
  isSupportedCountry,
  Metadata,
  type ParseError,
  parsePhoneNumberFromString,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/max';
import { countriesOf } from '../../kit/text/country.ts';
import { asDialled } from '../../kit/text/phone.ts';

export type NationalFault = 'unreadable' | 'extension' | 'too_short' | 'too_long' | 'impossible';

const faults: Record<string, NationalFault> = { TOO_SHORT: 'too_short', TOO_LONG: 'too_long' };

/** The number in E.164, if it is one of this country, or what is wrong with it. */
export function nationalNumber(text: string, country: string): { phone: string } | { fault: NationalFault } {
  if (!isSupportedCountry(country)) return { fault: 'unreadable' };
  try {
    const number = parsePhoneNumberWithError(text, { defaultCountry: country, extract: false });
    if (number.ext) return { fault: 'extension' };
    const phone = asDialled(number.number);
    const dialled = phone === number.number ? number : parsePhoneNumberFromString(phone);
    // Whose number is it in another country? Here a wrong guess would reach somebody else.
    if (dialled?.isValid()) return { phone };
    return { fault: lengthFault(number.nationalNumber, country) };
  } catch (error) {
    const { message } = error as ParseError;
    if (!/^[A-Z_]+$/.test(message)) throw error;
    return { fault: faults[message] ?? 'unreadable' };
  }
}

/** The number in E.164, if these digits with a + before them are one that exists. */
export function validNumber(digits: string): string | undefined {
  const read = digits.startsWith('0') ? undefined : parsePhoneNumberFromString(`+${digits}`);
  if (!read) return undefined;
  const phone = asDialled(read.number);
  const dialled = phone === read.number ? read : parsePhoneNumberFromString(phone);
  return dialled?.isValid() ? phone : undefined;
}

/** Whether a number cannot be one of a mobile phone. */
export const isLandLine = (phone: string): boolean => parsePhoneNumberFromString(phone)?.getType() === 'FIXED_LINE';

/** The calling code in a text like +91, 0055 or 351; undefined where no country has it. */
export function callingCodeIn(text: string): string | undefined {
  const [, code] = /^\+?\s*0{0,2}([1-9]\d{0,2})$/.exec(text.trim()) ?? [];
  return code !== undefined && countriesOf(code).length > 0 ? code : undefined;
}

/** Of calling codes with several countries, the one that numbers without more are of. */
const mainCountries: Record<string, string> = {
  ...{ 1: 'US', 7: 'RU', 39: 'IT', 44: 'GB', 47: 'NO', 61: 'AU', 212: 'MA', 262: 'RE', 290: 'SH', 358: 'FI' },
  ...{ 590: 'GP', 599: 'CW' },
};

/** The country that a calling code stands for, like US for 1. */
export const mainCountryOf = (callingCode: string): string | undefined =>
  mainCountries[callingCode] ?? countriesOf(callingCode)[0];

/** How many digits numbers of a country may have. */
export function lengthsIn(country: string): number[] {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country as CountryCode);
  return metadata.numberingPlan?.possibleLengths() ?? [];
}

function lengthFault(digits: string, country: string): NationalFault {
  const lengths = lengthsIn(country);
  if (digits.length < Math.min(...lengths)) return 'too_short';
  return digits.length > Math.max(...lengths) ? 'too_long' : 'impossible';
}

/** The number in the only one of these countries in which it is one; undefined where several or none have it. */
export function onlyCountryWith(
  text: string,
  countries: Iterable<string> = getCountries(),
): { phone: string; country: string } | undefined {
  const found: { phone: string; country: string }[] = [];
  for (const country of countries) {
    const number = parsePhoneNumberFromString(text, { defaultCountry: country as CountryCode, extract: false });
    // A number with the calling code in front of it comes out of several, always as the same.
    if (!number?.isValid() || number.country !== country || found.some(({ phone }) => phone === number.number))
      continue;
    found.push({ phone: asDialled(number.number), country });
    if (found.length > 1) return undefined;
  }
  return found[0];
}

/** What people write for a country besides its two letters and its name. */
const shortNames: Record<string, string> = {
  USA: 'US',
  UK: 'GB',
  ENGLAND: 'GB',
  SCOTLAND: 'GB',
  WALES: 'GB',
  UAE: 'AE',
};

let byName: Map<string, string> | undefined;
const plain = (name: string) => name.normalize('NFKC').toLowerCase().trim();

/** The two letters of a country that is given by them, or by its name in English, Portuguese, Spanish or Arabic. */
export function countryNamed(text: string): string | undefined {
  const letters = text.trim().toUpperCase();
  if (isSupportedCountry(letters)) return letters;
  if (Object.hasOwn(shortNames, letters)) return shortNames[letters];
  if (!byName) {
    byName = new Map();
    for (const language of ['en', 'pt', 'es', 'ar']) {
      const names = new Intl.DisplayNames(language, { type: 'region' });
      for (const country of getCountries()) byName.set(plain(names.of(country) ?? country), country);
    }
  }
  return byName.get(plain(text));
}

const english = new Intl.DisplayNames('en', { type: 'region' });

/** The English name of a country. */
export const nameOfCountry = (country: string): string => english.of(country) ?? country;
