// The queue: events of messages and accounts make it old; ages and rates change without one.
import type { RecadoEvent } from '@recado/client';
import { infiniteQueryOptions, keepPreviousData, type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { inPieces } from './pieces.ts';
import { listFilterOf, ofAccount, type QueueFilter, type Range, startOf, statusesOf } from './queue-filter.ts';

const freshMs = 15_000;
const reasonsMs = 5_000;
const pageSize = 50;

/** `undefined` stands for all accounts. */
const of = (account: string | undefined) => ['queue', account ?? 'all'] as const;

export const queueKeys = {
  all: ['queue'] as const,
  of,
  reasons: (account: string | undefined) => [...of(account), 'reasons'] as const,
  metrics: [...of(undefined), 'metrics'] as const,
  statistics: (account: string | undefined, range: Range) => [...of(account), 'statistics', range] as const,
  errors: (account: string | undefined, range: Range) => [...of(account), 'errors', range] as const,
  messages: (filter: QueueFilter) => [...of(filter.account), 'messages', filter] as const,
  waiting: (account: string | undefined, ids: readonly string[]) => [...of(account), 'waiting', ids] as const,
};

/** An event of an account changes its own queue and that of all. */
export const staleQueue = ({ type, account_id }: RecadoEvent): QueryKey[] =>
  account_id !== null && (type.startsWith('message.') || type.startsWith('account.'))
    ? [queueKeys.of(account_id), queueKeys.of(undefined)]
    : [];

/** How many wait, for which reasons. */
export const reasonsQuery = (account: string | undefined) =>
  queryOptions({
    queryKey: queueKeys.reasons(account),
    queryFn: ({ signal }) => recado.queue.reasons(ofAccount(account), { signal }),
    refetchInterval: reasonsMs,
    placeholderData: keepPreviousData,
  });

/** Rates, waits and workers of the workspace. */
export const metricsQuery = queryOptions({
  queryKey: queueKeys.metrics,
  queryFn: ({ signal }) => recado.queue.get({ signal }),
  refetchInterval: reasonsMs,
});

/** Messages of a range by status. */
export const statisticsQuery = (account: string | undefined, range: Range) =>
  queryOptions({
    queryKey: queueKeys.statistics(account, range),
    queryFn: ({ signal }) => recado.messages.statistics({ ...ofAccount(account), from: startOf(range) }, { signal }),
    refetchInterval: freshMs,
    placeholderData: keepPreviousData,
  });

/** Errors of failed messages of a range. */
export const errorsQuery = (account: string | undefined, range: Range) =>
  queryOptions({
    queryKey: queueKeys.errors(account, range),
    queryFn: ({ signal }) => recado.queue.errors({ ...ofAccount(account), from: startOf(range) }, { signal }),
    refetchInterval: freshMs,
    placeholderData: keepPreviousData,
  });

/** Pages of messages of the queue, the newest first. */
export const queuedMessagesQuery = (filter: QueueFilter) =>
  infiniteQueryOptions({
    queryKey: queueKeys.messages(filter),
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

/** Why some messages wait, by id. */
export const waitingQuery = (account: string | undefined, ids: readonly string[]) =>
  queryOptions({
    queryKey: queueKeys.waiting(account, ids),
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(inPieces(ids).map(some => recado.messages.waiting({ ids: some }, { signal })));
      return new Map(answers.flatMap(({ data }) => data.map(each => [each.id, each] as const)));
    },
    enabled: ids.length > 0,
    refetchInterval: reasonsMs,
    placeholderData: keepPreviousData,
  });
