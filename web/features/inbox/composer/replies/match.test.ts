import type { SavedReply } from '@recado/client';
import { expect, test } from 'vitest';
import { askedBefore, matches } from './match.ts';

const reply = (shortcut: string, title: string, body = '') => ({ shortcut, title, body }) as SavedReply;

test('a / asks where a word begins, anywhere in the text', () => {
  expect(askedBefore('/ret', 4)).toEqual({ start: 0, end: 4, query: 'ret', isAlone: true });
  expect(askedBefore('Of course. /Ret', 15)).toMatchObject({ start: 11, query: 'ret', isAlone: false });
  expect(askedBefore('line\n/', 6)).toMatchObject({ start: 5, query: '' });
  // Before the cursor only.
  expect(askedBefore('/ret later', 4)).toMatchObject({ end: 4, query: 'ret', isAlone: false });
  for (const text of ['and/or', 'https://x', '/ret ', 'no', '//'])
    expect(askedBefore(text, text.length)).toBeUndefined();
});

test('the shortcut counts most, then the title, then the text', () => {
  const replies = [
    reply('hours', 'Opening hours', 'You can return it.'),
    reply('request-tax', 'Ask for the tax number'),
    reply('post', 'Return by post'),
    reply('store-ret', 'Store'),
    reply('return', 'At the shop'),
  ];
  const found = matches(replies, 'ret');
  expect(found.map(match => match.reply.shortcut)).toEqual(['return', 'store-ret', 'post', 'request-tax', 'hours']);
  expect([...(found[3]?.letters ?? [])]).toEqual([0, 1, 6]);
  expect(matches(replies, '').map(match => match.reply.shortcut)).toEqual(replies.map(({ shortcut }) => shortcut));
  expect(matches(replies, 'xyz')).toEqual([]);
});
