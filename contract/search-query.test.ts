import { expect, test } from 'vitest';
import { readSearch } from './search-query.ts';

const tokens = (text: string) => readSearch(text).tokens.map(({ operator, value }) => `${operator}=${value}`);

test('operators with a value that they take are told from words', () => {
  const text = 'label:"Big order" torn is:open cover after:2026-10-01';
  expect(tokens(text)).toEqual(['label=Big order', 'is=open', 'after=2026-10-01']);
  expect(readSearch(text).words).toEqual(['torn', 'cover']);
  const [first] = readSearch(text).tokens;
  expect(text.slice(first?.start, first?.end)).toBe('label:"Big order"');
});

test('what is no operator is text', () => {
  for (const text of ['http://x', 'is:asleep', 'before:yesterday', 'note:', 'at 5:30', 'has:'])
    expect([text, tokens(text)]).toEqual([text, []]);
  expect(readSearch('is:asleep 5:30').words).toEqual(['is:asleep', '5:30']);
  expect(readSearch('"torn cover"').words).toEqual(['torn', 'cover']);
  expect(readSearch('').words).toEqual([]);
});
