import { eventExample } from '@recado/contract';
import { expect, test } from 'vitest';
import type { EventRow } from '../events/index.ts';
import { prepare } from './client.ts';

test('a block has no line break of any kind within its data', () => {
  const event = { ...eventExample('contact.created'), data: { text: 'one\u2028two\u2029three\u0085four\nfive\r' } };
  const block = prepare({} as EventRow, event)
    .block()
    .toString();
  const lines = block.split(/[\n\r\u0085\u2028\u2029]/);
  expect(lines.length).toBe(4);
  expect(JSON.parse(lines[1]?.replace('data: ', '') ?? '')).toEqual(event);
});
