// Every language has every text, with the same values in it and the plural forms that it needs.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Texts = { [name: string]: string | Texts };
const read = (language: string): Record<string, string> => {
  const folder = new URL(`${language}/`, import.meta.url);
  const files = readdirSync(folder).filter(name => name.endsWith('.json'));
  return Object.assign({}, ...files.map(name => flat(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))));
};

const flat = (texts: Texts, before = ''): Record<string, string> =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) =>
      typeof text === 'string' ? [[`${before}${name}`, text]] : Object.entries(flat(text, `${before}${name}.`)),
    ),
  );

const english = read('en');
const plural = /_(zero|one|two|few|many|other)$/;
const counted = new Set(
  Object.keys(english)
    .filter(name => name.endsWith('_other'))
    .map(name => name.replace(plural, '')),
);
const baseOf = (name: string) => (counted.has(name.replace(plural, '')) ? name.replace(plural, '') : name);
const valuesIn = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name))].sort();

test.each(['en', 'pt', 'es', 'ar'])('%s has every text', language => {
  const texts = read(language);
  expect(new Set(Object.keys(texts).map(baseOf))).toEqual(new Set(Object.keys(english).map(baseOf)));
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  for (const name of counted)
    for (const category of pluralCategories)
      expect(texts, `${name}_${category}`).toHaveProperty([`${name}_${category}`]);
  for (const [name, text] of Object.entries(texts)) {
    expect(text.trim(), name).not.toBe('');
    const model = english[name] ?? english[`${baseOf(name)}_other`] ?? '';
    // "One message" needs no number.
    const free = counted.has(baseOf(name)) ? ['count'] : [];
    const without = (values: (string | undefined)[]) => values.filter(value => !free.includes(value ?? ''));
    expect([name, without(valuesIn(text))]).toEqual([name, without(valuesIn(model))]);
  }
});
