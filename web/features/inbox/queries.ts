// What the inbox reads of one conversation.
import { queryOptions } from '@tanstack/react-query';
import { recado } from '../../kit/client.ts';

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversation', id],
    queryFn: ({ signal }) => recado.conversations.get(id, { signal }),
  });

/** All accounts that the person sees, by their names. */
export const inboxAccountsQuery = queryOptions({
  queryKey: ['accounts', 'inbox'],
  queryFn: ({ signal }) => recado.accounts.list({ limit: 100 }, { signal }).toArray(),
  staleTime: 60_000,
});

/** One message with its timeline, and why it waits. */
export const detailsQuery = (id: string) =>
  queryOptions({
    queryKey: ['message', id],
    queryFn: ({ signal }) => recado.messages.get(id, { signal }),
  });
