import { expect, test } from 'vitest';
import { placesOf } from './marked.tsx';

const marked = (text: string, ...words: string[]) =>
  placesOf(text, words).map(({ start, end }) => text.slice(start, end));

test('whole words are marked, the last one also as a beginning, without case and accents', () => {
  expect(marked('Torn, torné and untorn', 'torn')).toEqual(['Torn', 'torn']);
  expect(marked('the book is torn', 'book', 'to')).toEqual(['book', 'to']);
  expect(marked('books torn', 'book', 'torn')).toEqual(['torn']);
  expect(marked('São Paulo', 'sao')).toEqual(['São']);
  expect(marked('nothing')).toEqual([]);
});
