import { expect, test } from 'vitest';
import { partsOf } from './web-links.ts';

const linksIn = (text: string) => partsOf(text).flatMap(({ href }) => href ?? []);

test('finds links of the web, without what ends the sentence', () => {
  expect(linksIn('See https://example.com/a?b=1. Or (http://example.org/x)!')).toEqual([
    'https://example.com/a?b=1',
    'http://example.org/x',
  ]);
});

test('everything of a text stays in it', () => {
  for (const text of ['plain', 'https://example.com', 'a https://example.com/ß, b', 'http:// nothing', ''])
    expect(
      partsOf(text)
        .map(part => part.text)
        .join(''),
    ).toBe(text);
});

test('follows nothing but http and https, and no mark that turns the direction', () => {
  expect(linksIn('javascript:alert(1) data:text/html,x file:///etc/passwd')).toEqual([]);
  expect(linksIn('https://example.com/\u202egpj.exe')).toEqual(['https://example.com/']);
});
