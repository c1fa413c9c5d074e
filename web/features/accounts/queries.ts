// What the pages of accounts read. Events make it old: see kit/invalidation.ts.
import type { Account } from '@recado/client';
import { queryOptions } from '@tanstack/react-query';
import { everything, recado } from '../../kit/client.ts';

/** Days end and waits pass without an event. */
const refetchInterval = 60_000;

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: ({ signal }) => recado.accounts.list(everything, { signal }).page(),
});

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ['accounts', id],
    queryFn: ({ signal }) => recado.accounts.get(id, { signal }),
  });

export const accountQueueQuery = (id: string) =>
  queryOptions({
    queryKey: ['accounts', id, 'queue'],
    queryFn: ({ signal }) => recado.accounts.getQueue(id, { signal }),
    refetchInterval,
  });

/** The account's day by status. */
export const accountDayQuery = ({ id, time_zone }: Pick<Account, 'id' | 'time_zone'>) =>
  queryOptions({
    queryKey: ['accounts', id, 'day'],
    queryFn: ({ signal }) =>
      recado.messages.statistics({ account_id: id, from: startOfDay(time_zone, new Date()).toISOString() }, { signal }),
    refetchInterval,
  });

const day = 86_400_000;

/** The last midnight in a time zone, to the second. */
function startOfDay(timeZone: string, now: Date): Date {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(now);
  const of = (type: string) => Number(parts.find(part => part.type === type)?.value ?? 0);
  const since = (of('hour') * 3_600 + of('minute') * 60 + of('second')) * 1_000 + now.getMilliseconds();
  return new Date(now.getTime() - Math.min(since, day));
}
