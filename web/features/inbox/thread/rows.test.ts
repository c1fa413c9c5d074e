import type { ConversationChange, Message, Note } from '@recado/client';
import { expect, test } from 'vitest';
import type { OutgoingMessage } from '../composer/outgoing.ts';
import { firstMeanwhile, rowsOf, twinsOf } from './rows.ts';

const stored = (id: string, body: string, direction = 'outbound') =>
  ({
    id,
    type: 'text',
    direction,
    text: { body },
    source: null,
    campaign_id: null,
    created_by: direction === 'outbound' ? { id: 'ana', name: 'Ana' } : null,
  }) as unknown as Message;
const onItsWay = (localId: string, body: string, more: Partial<OutgoingMessage> = {}) =>
  ({ localId, content: { type: 'text', text: { body } }, state: 'sending', ...more }) as OutgoingMessage;

test('a message that is stored and still on its way is shown once', () => {
  const messages = [stored('1', 'ok'), stored('2', 'ok', 'inbound'), stored('3', 'ok')];
  const seenAt = new Map([['a', '2']]);
  expect([...twinsOf([onItsWay('a', 'ok')], messages, seenAt, 'ana')]).toEqual(['3']);
  // Two of the same words have a twin each.
  const two = [onItsWay('a', 'ok'), onItsWay('b', 'ok')];
  const both = new Map([...seenAt, ['b', '2']]);
  expect([...twinsOf(two, messages, both, 'ana')]).toEqual(['3']);
  expect([...twinsOf(two, [...messages, stored('4', 'ok')], both, 'ana')]).toEqual(['3', '4']);
});

test('nothing else is hidden', () => {
  const messages = [stored('1', 'ok'), stored('2', 'no'), stored('3', 'ok', 'inbound')];
  expect(twinsOf([onItsWay('a', 'ok')], messages, new Map([['a', '1']]), 'ana').size).toBe(0);
  const ofOther = { ...stored('5', 'ok'), created_by: { id: 'leo', name: 'Leo' } };
  expect(twinsOf([onItsWay('a', 'ok')], [...messages, ofOther], new Map([['a', '3']]), 'ana').size).toBe(0);
  const later = [stored('0', 'before'), ...messages];
  expect(twinsOf([onItsWay('a', 'ok')], later.slice(2), new Map([['a', '0']]), 'ana').size).toBe(0);
  const answered = [onItsWay('a', 'ok', { messageId: '1' }), onItsWay('b', 'ok', { state: 'failed' })];
  expect(twinsOf(answered, messages, new Map(), 'ana').size).toBe(0);
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
      me: 'me',
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
  const message = (n: number, by: string | null, more: Partial<Message> = {}) =>
    ({ ...stored(String(n), 'ok'), created_at: at(n), created_by: by && { id: by, name: by }, ...more }) as Message;
  const note = (n: number, author: string, deleted_at: string | null = null) =>
    ({ id: `n${n}`, author: { id: author }, created_at: at(n), deleted_at }) as Note;
  const answers = [message(1, 'leo'), message(2, 'leo'), message(3, null, { direction: 'inbound' }), message(4, 'me')];
  const ofNobody = [message(4, null), message(4, 'leo', { campaign_id: 'cmp' })];
  const messages = [...answers, ...ofNobody, message(6, 'leo')];
  const notes = [note(3, 'me'), note(4, 'leo', at(5)), note(5, 'leo')];
  const given = { messages, notes, seen: '2', me: 'me' };
  expect(firstMeanwhile(given)).toBe('n5');
  expect(firstMeanwhile({ ...given, me: 'ana' })).toBe('n3');
  expect(firstMeanwhile({ ...given, notes: [] })).toBe('6');
  const onPhone = message(5, null, { source: 'phone' });
  expect(firstMeanwhile({ ...given, notes: [], messages: [...answers, onPhone] })).toBe('5');
  expect(firstMeanwhile({ ...given, seen: '6' })).toBeUndefined();
  expect(firstMeanwhile({ ...given, seen: undefined })).toBeUndefined();
});

test('a run of bubbles ends where somebody else writes', () => {
  const senders = [{ by: 'me' }, { by: 'me' }, { by: 'leo' }, { by: 'leo' }, { by: 'leo', campaign_id: 'cmp' }, {}];
  const messages = senders.map(({ by = null, ...more }: { by?: string | null; campaign_id?: string }, n) => ({
    ...stored(String(n), 'ok', by === null ? 'inbound' : 'outbound'),
    ...{ created_at: `2026-01-01T10:00:0${n}.000Z`, created_by: by && { id: by, name: by }, ...more },
  })) as Message[];
  const none = { changes: [], notes: [], hasOlder: false, hasNewer: false, unreadFrom: undefined, cameFrom: undefined };
  const outgoing = [onItsWay('a', 'ok', { createdAt: '2026-01-01T10:00:08.000Z' })];
  const rows = rowsOf({ ...none, messages, outgoing, twins: new Set(), me: 'me' });
  const runs = rows.flatMap(row => (row.kind === 'message' ? [row.isNext] : []));
  expect(runs).toEqual([false, true, false, true, false, false]);
});
