import { expect, test } from 'vitest';
import { receiptItems } from './receipts.ts';

const me = { id: '15550001:7@s.whatsapp.net', lid: '915550001:7@lid' };
const from = '15550002:3@s.whatsapp.net';
const itemsOf = (attrs: Record<string, string>, ids: string[] = []) =>
  receiptItems(
    {
      tag: 'receipt',
      attrs: { id: 'A', from, t: '1764000000', ...attrs },
      content: [{ tag: 'list', attrs: {}, content: ids.map(id => ({ tag: 'item', attrs: { id } })) }],
    },
    me,
  );

test('a receipt names each message that it is about', () => {
  expect(itemsOf({ type: 'read' }, ['B']).map(({ key, status, at }) => [key.id, status, at])).toEqual([
    ['A', 'read', 1_764_000_000],
    ['B', 'read', 1_764_000_000],
  ]);
  expect(itemsOf({})).toMatchObject([
    { key: { remoteJid: '15550002@s.whatsapp.net', fromMe: true }, status: 'delivered', participant: undefined },
  ]);
});

test('a receipt of a group names the member', () => {
  const group = '120363000000000001@g.us';
  expect(itemsOf({ from: group, participant: '15550003:2@s.whatsapp.net', type: 'played' })).toMatchObject([
    { key: { remoteJid: group }, status: 'played', participant: '15550003@s.whatsapp.net' },
  ]);
});

test.each([
  ['of our own devices', { from: '15550001@s.whatsapp.net', recipient: from, type: 'sender' }],
  ['of our own phone in a group', { from: '120363000000000001@g.us', participant: '915550001@lid' }],
  ['about what others wrote', { recipient: '15550001@s.whatsapp.net', type: 'read' }],
  ['that ask for a message again', { type: 'retry' }],
  ['of inactive devices', { type: 'inactive' }],
  ['of status posts', { from: 'status@broadcast', participant: from }],
])('receipts %s are none of our messages', (_, attrs) => {
  expect(itemsOf(attrs)).toEqual([]);
});
