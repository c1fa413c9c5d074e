import type { RecadoEvent } from '@recado/client';
import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { conversationKeys } from './conversation-keys.ts';
import type { ListFilter } from './conversations-cache.ts';
import { staleCounts, staleFigures } from './conversations-stale.ts';

const filters: ListFilter[] = [
  {},
  { account_id: 'a' },
  { unread: true },
  { waiting: true },
  { waiting: true, account_id: 'a' },
  { not_sent: true, search: 'ana' },
];
const keys = [conversationKeys.count(undefined), conversationKeys.count('a'), ...filters.map(conversationKeys.list)];

/** The keys of the cache that an event makes old. */
function staleAfter(type: RecadoEvent['type'], of: typeof staleCounts): string[] {
  const client = new QueryClient();
  for (const key of keys) client.setQueryData(key, []);
  for (const queryKey of of({ type } as RecadoEvent)) void client.invalidateQueries({ queryKey });
  return keys.filter(key => client.getQueryState(key)?.isInvalidated).map(key => JSON.stringify(key.slice(1)));
}

const counts = ['["counts","all"]', '["counts","a"]'];

test('the number in the title follows reads and inbound messages, without the lists', () => {
  for (const type of ['conversation.read', 'conversation.unread', 'message.received', 'message.failed'] as const)
    expect(staleAfter(type, staleCounts)).toEqual(counts);
  expect(staleAfter('message.queued', staleCounts)).toEqual([]);
});

test('any message makes the counts old, and the lists that only the server fills, of every account and search', () => {
  for (const type of ['message.queued', 'message.sent', 'message.cancelled', 'message.delivered'] as const)
    expect(staleAfter(type, staleFigures)).toEqual([
      ...counts,
      '["list",{"waiting":true}]',
      '["list",{"waiting":true,"account_id":"a"}]',
      '["list",{"not_sent":true,"search":"ana"}]',
    ]);
  expect(staleAfter('conversation.read', staleFigures)).toEqual([]);
  expect(staleAfter('message.received', staleFigures)).toHaveLength(3);
});
