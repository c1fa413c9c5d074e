// Conversations: their lists, and one by one.
import type { Conversation, OpenConversationBody } from '@recado/client';
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { conversationKeys } from './conversation-keys.ts';
import { isOfTime, type ListData, type ListFilter } from './conversations-cache.ts';

/** The list reads 100 conversations at a time, the latest first. */
export const conversationsQuery = (filter: ListFilter) =>
  infiniteQueryOptions({
    queryKey: conversationKeys.list(filter),
    queryFn: ({ pageParam, signal }) =>
      recado.conversations.list({ ...filter, limit: 100, cursor: pageParam }, { signal }).page(),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ page }) => page.next_cursor ?? undefined,
    staleTime: 30_000,
    refetchInterval: isOfTime(filter) && 30_000,
    // Rows are patched one by one; comparing ten thousand of them for each event would take longer than the rest.
    structuralSharing: false,
  });

export const conversationCountsQuery = (account: string | undefined) =>
  queryOptions({
    queryKey: conversationKeys.count(account),
    queryFn: ({ signal }) =>
      recado.conversations.count(account === undefined ? {} : { account_id: account }, { signal }),
  });

/** How many conversations fit a filter; null above 10,000. */
export const conversationCountQuery = (filter: ListFilter) =>
  queryOptions({
    queryKey: conversationKeys.countOf(filter),
    queryFn: async ({ signal }) =>
      (await recado.conversations.list({ ...filter, limit: 1 }, { signal }).page()).page.total,
  });

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: conversationKeys.one(id),
    queryFn: ({ signal }) => recado.conversations.get(id, { signal }),
  });

/** The conversation as one of the lists knows it. */
export const knownConversation = (client: QueryClient, id: string): Conversation | undefined =>
  client
    .getQueriesData<ListData>({ queryKey: conversationKeys.lists })
    .flatMap(([, list]) => list?.pages ?? [])
    .flatMap(page => page.data)
    .find(row => row.id === id);

const mostUnread = 20;

/** The latest unread conversation that fits the filter and the question. */
export async function firstUnread(
  filter: ListFilter,
  fits: (conversation: Conversation) => boolean,
): Promise<Conversation | undefined> {
  const { data } = await recado.conversations.list({ ...filter, unread: true, limit: mostUnread }).page();
  return data.find(fits);
}

const mostOfContact = 20;

/** The conversations of all accounts with a contact. */
export const conversationsOfQuery = (contactId: string) =>
  queryOptions({
    queryKey: conversationKeys.of(contactId),
    queryFn: ({ signal }) =>
      recado.conversations.list({ contact_id: contactId, limit: mostOfContact }, { signal }).page(),
  });

const fewFound = 6;

/** The first conversations that fit a search, of all accounts. */
export const foundConversationsQuery = (search: string) =>
  queryOptions({
    queryKey: conversationKeys.found(search),
    queryFn: ({ signal }) => recado.conversations.list({ search, limit: fewFound }, { signal }).page(),
  });

/** The conversation of an account with a number; undefined before its first message. */
export async function findConversation(accountId: string, number: string): Promise<Conversation | undefined> {
  const { data } = await recado.conversations.list({ account_id: accountId, search: number, limit: 1 }).page();
  return data[0];
}

/** Opens the conversation with a number or a contact. Where there is one already, the answer is that one. */
export const openConversation = change(
  (body: OpenConversationBody) => recado.conversations.open(body),
  () => [conversationKeys.lists],
);

/** Marks a message, and those before it in its conversation, as read. Events tell the lists. */
export const markRead = (messageId: string) => recado.messages.markRead(messageId);

const newestCount = 50;

/** Marks all messages of a conversation as read. */
export async function markAllRead(conversationId: string): Promise<void> {
  const { data } = await recado.conversations.listMessages(conversationId, { limit: newestCount }).page();
  const newest = data.find(({ direction }) => direction === 'inbound');
  if (newest) await markRead(newest.id);
  else await recado.conversations.unmarkUnread(conversationId);
}

/** Marks a conversation as unread, so that somebody looks at it again. Events tell the lists. */
export const markUnread = (conversationId: string) => recado.conversations.markUnread(conversationId);

/** Removes that mark. */
export const unmarkUnread = (conversationId: string) => recado.conversations.unmarkUnread(conversationId);
