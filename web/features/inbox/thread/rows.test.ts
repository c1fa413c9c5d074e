import type { ConversationChange, Message, Note } from '@recado/client';
import { expect, test } from 'vitest';
import type { OutgoingMessage } from '../composer/outgoing.ts';
import { firstMeanwhile, rowsOf, twinsOf } from './rows.ts';

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
    rowsOf({
      messages,
      outgoing,
      changes,
      notes: [],
      unreadFrom: undefined,
      cameFrom: undefined,
      twins: new Set(),
      ...more,
    })
      .filter(({ kind }) => kind !== 'day')
      .map(({ key }) => key);
  expect(keysOf({ hasOlder: false, hasNewer: false })).toEqual([
    ...[lineOf(1), lineOf(2), 'f1', '2', 'f3', '4', lineOf(5), '6', 's5', 'f7'],
  ]);
  // A message that is not loaded may stand between the two.
  expect(keysOf({ hasOlder: true, hasNewer: true })).toEqual([lineOf(2), '2', 'f3', '4', lineOf(5), '6']);
});

test('a message or note of another of us comes meanwhile; own ones, deleted ones and those of the customer do not', () => {
  const at = (n: number) => `2026-01-01T10:0${n}:00.000Z`;
  const message = (n: number, direction = 'outbound') =>
    ({ ...stored(String(n), 'ok', direction), created_at: at(n) }) as Message;
  const note = (n: number, author: string, deleted_at: string | null = null) =>
    ({ id: `n${n}`, author: { id: author }, created_at: at(n), deleted_at }) as Note;
  const messages = [message(1), message(2), message(3, 'inbound'), message(4), message(6)];
  const notes = [note(3, 'me'), note(4, 'leo', at(5)), note(5, 'leo')];
  const given = { messages, notes, seen: '2', own: new Set(['4']), me: 'me' };
  expect(firstMeanwhile(given)).toBe('n5');
  expect(firstMeanwhile({ ...given, own: new Set() })).toBe('4');
  expect(firstMeanwhile({ ...given, seen: 'n5' })).toBe('6');
  expect(firstMeanwhile({ ...given, seen: '6' })).toBeUndefined();
  expect(firstMeanwhile({ ...given, seen: undefined })).toBeUndefined();
});
