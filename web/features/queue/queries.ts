// What the queue reads. Events of messages make it old (see kit/invalidation.ts); ages and rates change without one.
import type { Contact, Message } from '@recado/client';
import type { WaitingReason } from '@recado/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { recado } from '../../kit/client.ts';
import { isOpen, type Range, startOf, statusesOf, type View } from './search.ts';

const freshMs = 15_000;
const pageSize = 50;

export interface Filter {
  view: View;
  account: string | undefined;
  error: string | undefined;
  reason: string | undefined;
  range: Range;
}

const ofAccount = (account: string | undefined) => (account === undefined ? {} : { account_id: account });

/** How many wait, for which reasons. */
export const reasonsQuery = (account: string | undefined) =>
  queryOptions({
    queryKey: ['queue', 'reasons', account],
    queryFn: ({ signal }) => recado.queue.reasons(ofAccount(account), { signal }),
    refetchInterval: 5_000,
    placeholderData: keepPreviousData,
  });

/** Rates, waits and workers of the workspace. */
export const metricsQuery = queryOptions({
  queryKey: ['queue', 'metrics'],
  queryFn: ({ signal }) => recado.queue.get({ signal }),
  refetchInterval: 5_000,
});

/** Messages of a range by status. */
export const statisticsQuery = (account: string | undefined, range: Range) =>
  queryOptions({
    queryKey: ['queue', 'statistics', account, range],
    queryFn: ({ signal }) => recado.messages.statistics({ ...ofAccount(account), from: startOf(range) }, { signal }),
    refetchInterval: freshMs,
    placeholderData: keepPreviousData,
  });

/** Errors of failed messages of a range. */
export const errorsQuery = (account: string | undefined, range: Range) =>
  queryOptions({
    queryKey: ['queue', 'errors', account, range],
    queryFn: ({ signal }) => recado.queue.errors({ ...ofAccount(account), from: startOf(range) }, { signal }),
    refetchInterval: freshMs,
    placeholderData: keepPreviousData,
  });

/** The filter of the list, as the API takes it. */
export const listFilterOf = ({ view, account, error, reason, range }: Filter) => ({
  ...ofAccount(account),
  ...(view === 'failed' && error !== undefined && { error_code: error }),
  ...(view === 'waiting' &&
    reason !== undefined && {
      // The server rejects what is no reason.
      waiting_reason: reason as WaitingReason,
    }),
  ...(!isOpen(view) && { from: startOf(range) }),
});

/** Pages of messages, the newest first. */
export const messagesQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['queue', 'messages', filter],
    queryFn: ({ signal, pageParam }) =>
      recado.messages
        .list(
          {
            ...listFilterOf(filter),
            direction: 'outbound',
            status: [...statusesOf[filter.view]],
            limit: pageSize,
            ...(pageParam !== undefined && { cursor: pageParam }),
          },
          { signal },
        )
        .page(),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.page.next_cursor ?? undefined,
    refetchInterval: freshMs,
  });

const idsAtOnce = 100;

const inPieces = (ids: readonly string[]) =>
  Array.from({ length: Math.ceil(ids.length / idsAtOnce) }, (_, n) => ids.slice(n * idsAtOnce, (n + 1) * idsAtOnce));

/** Why some messages wait, by id. */
export const waitingQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ['queue', 'waiting', ids],
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(inPieces(ids).map(some => recado.messages.waiting({ ids: some }, { signal })));
      return new Map(answers.flatMap(({ data }) => data.map(each => [each.id, each] as const)));
    },
    enabled: ids.length > 0,
    refetchInterval: 5_000,
    placeholderData: keepPreviousData,
  });

/** The people of some messages, by id. */
export const peopleQuery = (messages: readonly Message[]) => {
  const ids = [...new Set(messages.map(message => message.contact_id))].sort();
  return queryOptions({
    queryKey: ['people-of-messages', ids],
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(
        inPieces(ids).map(some => recado.contacts.list({ ids: some, limit: idsAtOnce }, { signal }).page()),
      );
      return new Map<string, Contact>(answers.flatMap(({ data }) => data.map(each => [each.id, each] as const)));
    },
    enabled: ids.length > 0,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
};

/** One message with its timeline. */
export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['message', id],
    queryFn: ({ signal }) => recado.messages.get(id, { signal }),
    // Events say nothing of why it waits.
    refetchInterval: 5_000,
  });
