// Phone numbers as people read them. The table of countries is 29 KB gzip: the first load has phone-later.ts.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

const digitsOf = (text: string) => text.replace(/\D/g, '');

/**
 * "+55 11 95550-1101"; what is no number of any country stays as it is. Its spaces do not break, and hold the digits
 * together in a text from right to left.
 */
export function phoneToRead(number: string): string {
  const parsed = parsePhoneNumberFromString(number);
  if (!parsed?.isPossible()) return number;
  const written = [
    // With its hyphens, as in its country; where calls there begin with a zero, that form is another number.
    `+${parsed.countryCallingCode} ${parsed.formatNational().replace(/[()]/g, '')}`,
    parsed.formatInternational(),
  ];
  // The library drops digits of an invalid number that look like the prefix of calls in the country.
  const words = written.find(each => digitsOf(each) === digitsOf(number)) ?? number;
  return words.replaceAll(' ', '\u00a0');
}
