import type { ConversationChange, Message } from '@recado/client';
import { expect, test } from 'vitest';
import type { OutgoingMessage } from '../composer/outgoing.ts';
import { rowsOf, twinsOf } from './rows.ts';

const stored = (id: string, body: string, direction = 'outbound') =>
  ({ id, type: 'text', direction, text: { body } }) as unknown as Message;
const onItsWay = (localId: string, body: string, more: Partial<OutgoingMessage> = {}) =>
  ({ localId, content: { type: 'text', text: { body } }, state: 'sending', ...more }) as OutgoingMessage;

test('a message that is stored and still on its way is shown once', () => {
  const messages = [stored('1', 'ok'), stored('2', 'ok', 'inbound'), stored('3', 'ok')];
  const seenAt = new Map([['a', '2']]);
  expect([...twinsOf([onItsWay('a', 'ok')], messages, seenAt)]).toEqual(['3']);
  // Two of the same words have a twin each.
  const two = [onItsWay('a', 'ok'), onItsWay('b', 'ok')];
  const both = new Map([...seenAt, ['b', '2']]);
  expect([...twinsOf(two, messages, both)]).toEqual(['3']);
  expect([...twinsOf(two, [...messages, stored('4', 'ok')], both)]).toEqual(['3', '4']);
});

test('nothing else is hidden', () => {
  const messages = [stored('1', 'ok'), stored('2', 'no'), stored('3', 'ok', 'inbound')];
  expect(twinsOf([onItsWay('a', 'ok')], messages, new Map([['a', '1']])).size).toBe(0);
  const later = [stored('0', 'before'), ...messages];
  expect(twinsOf([onItsWay('a', 'ok')], later.slice(2), new Map([['a', '0']])).size).toBe(0);
  const answered = [onItsWay('a', 'ok', { messageId: '1' }), onItsWay('b', 'ok', { state: 'failed' })];
  expect(twinsOf(answered, messages, new Map()).size).toBe(0);
});

test('changes and what failed here stand at their time, and what is on its way last', () => {
  const at = (minute: number) => `2026-01-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
  const messages = [2, 4, 6].map(n => ({ ...stored(String(n), 'ok'), created_at: at(n) })) as Message[];
  const outgoing = [
    onItsWay('f1', 'no', { state: 'failed', createdAt: at(1) }),
    onItsWay('f3', 'no', { state: 'failed', createdAt: at(3) }),
    onItsWay('s5', 'ok', { createdAt: at(5) }),
    onItsWay('f7', 'no', { state: 'failed', createdAt: at(7) }),
  ];
  const changes = [1, 2, 5].map(n => ({ change: 'closed', at: at(n) })) as ConversationChange[];
  const lineOf = (n: number) => `closed ${at(n)}`;
  const keysOf = (more: { hasOlder: boolean; hasNewer: boolean }) =>
    rowsOf({ messages, outgoing, changes, notes: [], unreadFrom: undefined, twins: new Set(), ...more })
      .filter(({ kind }) => kind !== 'day')
      .map(({ key }) => key);
  expect(keysOf({ hasOlder: false, hasNewer: false })).toEqual([
    ...[lineOf(1), lineOf(2), 'f1', '2', 'f3', '4', lineOf(5), '6', 's5', 'f7'],
  ]);
  // A message that is not loaded may stand between the two.
  expect(keysOf({ hasOlder: true, hasNewer: true })).toEqual([lineOf(2), '2', 'f3', '4', lineOf(5), '6']);
});
