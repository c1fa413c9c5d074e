import { expect, test } from 'vitest';
import { fitting, mentionedIn, piecesOf, typedMention } from './mentions.ts';

const ana = { id: 'a', name: 'Ana' };
const souza = { id: 's', name: 'Ana Souza' };
const ines = { id: 'i', name: 'Inês Duarte' };
const people = [ana, souza, ines];

test('a note names whom it mentions, by the longest name that fits', () => {
  expect(mentionedIn('@Ana Souza and @Inês Duarte, not ana@example.com', people)).toEqual([souza, ines]);
  expect(piecesOf('ask @Ana!', people)).toEqual([{ text: 'ask ' }, { text: '@Ana', person: ana }, { text: '!' }]);
  expect(piecesOf('@nobody', people)).toEqual([{ text: '@nobody' }]);
});

test('a mention is written from an @ after a space up to the cursor', () => {
  expect(typedMention('see @In', 7)).toEqual({ from: 4, typed: 'In' });
  expect(typedMention('see @In', 4)).toBeUndefined();
  expect(typedMention('ana@in', 6)).toBeUndefined();
  expect(fitting(people, 'dua')).toEqual([ines]);
  expect(fitting(people, 'ines d')).toEqual([ines]);
});
