// Which conversations the list shows, and the queries for them.
import type { Conversation, Page } from '@recado/client';
import { type InfiniteData, infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { recado } from '../../../kit/client.ts';
import type { InboxSearch } from '../search.ts';

export interface ListFilter {
  account_id?: string;
  unread?: true;
  waiting?: true;
  not_sent?: true;
  search?: string;
}

export type ListData = InfiniteData<Page<Conversation>, string | undefined>;

const listKey = ['conversations', 'list'] as const;
/** The lists of all filters. */
export const allLists = { queryKey: listKey };

export const filterOf = ({ account, unread, waiting, not_sent, q }: InboxSearch): ListFilter => ({
  ...(account !== undefined && { account_id: account }),
  ...(unread && { unread }),
  ...(waiting && { waiting }),
  ...(not_sent && { not_sent }),
  ...(q !== undefined && { search: q }),
});

/** The list reads 100 conversations at a time, the latest first. */
export const conversationsQuery = (filter: ListFilter) =>
  infiniteQueryOptions({
    queryKey: [...listKey, filter],
    queryFn: ({ pageParam, signal }) =>
      recado.conversations.list({ ...filter, limit: 100, cursor: pageParam }, { signal }).page(),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ page }) => page.next_cursor ?? undefined,
    staleTime: 30_000,
    // Rows are patched one by one; comparing ten thousand of them for each event would take longer than the rest.
    structuralSharing: false,
  });

export const countsQuery = (account: string | undefined) =>
  queryOptions({
    queryKey: ['conversations', 'counts', account ?? 'all'],
    queryFn: ({ signal }) =>
      recado.conversations.count(account === undefined ? {} : { account_id: account }, { signal }),
  });
