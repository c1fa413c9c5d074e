import { expect, test } from 'vitest';
import { countriesIn, findCountries } from './countries.ts';

const english = countriesIn('en');
const codes = (text: string) => findCountries(english, text).map(({ code }) => code);

test('a country is found by its name, its letters and its calling code', () => {
  expect(codes('brazil')).toEqual(['BR']);
  expect(codes('br')).toContain('BR');
  expect(codes('+351')).toEqual(['PT']);
  expect(codes('351')).toEqual(['PT']);
  expect(codes('+1')).toContain('CA');
  expect(codes('curacao')).toEqual(['CW']);
  expect(codes('')).toHaveLength(english.length);
});

test('the names are those of the language, in its order', () => {
  const spanish = countriesIn('es');
  expect(spanish.find(({ code }) => code === 'DE')?.name).toBe('Alemania');
  const names = spanish.map(({ name }) => name);
  expect(names).toEqual([...names].sort(new Intl.Collator('es').compare));
});
