// The event log, newest first, and the types of events.
import type { ListEventsQuery } from '@recado/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';

export type EventFilter = Pick<
  ListEventsQuery,
  'types' | 'account_id' | 'message_id' | 'conversation_id' | 'contact_id' | 'until'
>;

const pageSize = 50;
const eventKeys = {
  log: (filter: EventFilter) => ['events', 'log', filter] as const,
  one: (id: string) => ['events', 'one', id] as const,
  types: ['events', 'types'] as const,
};

export const eventsQuery = (filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: eventKeys.log(filter),
    queryFn: ({ pageParam, signal }) =>
      recado.events.list({ ...filter, before: pageParam, limit: pageSize }, { signal }),
    initialPageParam: 'latest',
    getNextPageParam: ({ has_more: hasMore, last_id: lastId }) => (hasMore ? lastId : null),
    select: ({ pages }) => ({ rows: pages.flatMap(({ data }) => data), total: null }),
  });

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: eventKeys.one(id),
    queryFn: ({ signal }) => recado.events.get(id, { signal }),
  });

/** The names of all types. They change with the program only. */
export const eventTypesQuery = queryOptions({
  queryKey: eventKeys.types,
  queryFn: async ({ signal }) => (await recado.events.listTypes({ signal })).data.map(({ type }) => type),
  staleTime: Number.POSITIVE_INFINITY,
});
