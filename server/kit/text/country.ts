// Countries of phone numbers.
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';

/** How many numbers are remembered with their country. */
const mostRemembered = 10_000;
const countries = new Map<string, CountryCode | null>();

/** The country of a number in E.164, as two letters. Null where its calling code is of none. */
export function countryOf(e164: string): CountryCode | null {
  const known = countries.get(e164);
  if (known !== undefined) return known;
  const country = parsePhoneNumberFromString(e164)?.country ?? null;
  if (countries.size >= mostRemembered) countries.clear();
  countries.set(e164, country);
  return country;
}

/** The calling code of a country, without its +. Undefined where there is no such country. */
export const callingCodeOf = (country: string): string | undefined =>
  isSupportedCountry(country) ? getCountryCallingCode(country) : undefined;

/** The countries with a calling code, as two letters: `1` has several. Empty where no country has it. */
export const countriesOf = (callingCode: string): string[] =>
  getCountries().filter(country => getCountryCallingCode(country) === callingCode);
