// The limits as data: at each of them a content passes, and one beyond it the field is named.
import { expect, test } from 'vitest';
import { contentLimits } from '../../server/adapters/channels/whatsapp-cloud/content-limits.ts';
import { beyondLimits } from '../../server/features/messages/content-limits.ts';

const fieldsOf = (type: string, content: Record<string, unknown> | unknown[]) =>
  beyondLimits(contentLimits, type, content).map(({ field }) => field);

test('characters are counted, not their halves', () => {
  expect(fieldsOf('text', { body: '😀'.repeat(4_096) })).toEqual([]);
  expect(fieldsOf('text', { body: '😀'.repeat(4_097) })).toEqual(['text.body']);
});

test('a body of an interactive message has the limit of its kind', () => {
  const body = { text: 'x'.repeat(1_025) };
  expect(fieldsOf('interactive', { type: 'list', body })).toEqual([]);
  expect(fieldsOf('interactive', { type: 'button', body })).toEqual(['interactive.body.text']);
});

test('257 contacts, and no more', () => {
  expect(fieldsOf('contacts', Array(257).fill({}))).toEqual([]);
  expect(fieldsOf('contacts', Array(258).fill({}))).toEqual(['contacts']);
});

test('one section needs no title; all of several do', () => {
  const list = (...sections: object[]) => ({ type: 'list', action: { sections } });
  expect(fieldsOf('interactive', list({ rows: [] }))).toEqual([]);
  expect(fieldsOf('interactive', list({ rows: [] }, { title: 'B', rows: [] }))).toEqual([
    'interactive.action.sections[0].title',
  ]);
});
