// The countries of telephone numbers, in the person's language.
import { type CountryCode, getCountries, getCountryCallingCode } from 'libphonenumber-js/min';

export interface Country {
  /** Two letters. */
  code: CountryCode;
  name: string;
  /** With its plus. */
  callingCode: string;
}

/** All countries that have telephone numbers, by name. */
export function countriesIn(language: string): Country[] {
  const names = new Intl.DisplayNames(language, { type: 'region' });
  const order = new Intl.Collator(language);
  return getCountries()
    .map(code => ({ code, name: names.of(code) ?? code, callingCode: `+${getCountryCallingCode(code)}` }))
    .sort((one, other) => order.compare(one.name, other.name));
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The countries whose name, code or calling code begins like the text, or whose name has it within. */
export function findCountries(countries: readonly Country[], text: string): Country[] {
  const wanted = folded(text.trim());
  return countries.filter(
    ({ code, name, callingCode }) =>
      folded(name).includes(wanted) ||
      code.toLowerCase() === wanted ||
      callingCode.startsWith(wanted) ||
      callingCode.slice(1).startsWith(wanted),
  );
}
