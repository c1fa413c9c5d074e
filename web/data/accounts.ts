// Accounts: what they are, what they send and what can be done with them.
import type { Account, ChangeCredentialsBody, CreateAccountBody, RecadoEvent, UpdateAccountBody } from '@recado/client';
import { type QueryKey, queryOptions, useQuery } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { dayIn, startIn } from '../kit/zone-days.ts';
import { readWhole, type Whole } from './list.ts';
import { queueKeys } from './queue.ts';

/** Days end and waits pass without an event. */
const refetchInterval = 60_000;

const one = (id: string) => ['accounts', 'one', id] as const;

export const accountKeys = {
  all: ['accounts'] as const,
  list: ['accounts', 'list'] as const,
  /** All of an account: itself and its figures. */
  one,
  itself: (id: string) => [...one(id), 'itself'] as const,
  queue: (id: string) => [...one(id), 'queue'] as const,
  day: (id: string) => [...one(id), 'day'] as const,
  link: (id: string) => [...one(id), 'link'] as const,
  silence: (id: string) => [...one(id), 'silence'] as const,
};

/** A message changes the figures of its account only. */
export const staleAccounts = ({ type, account_id: id }: RecadoEvent): QueryKey[] => {
  if (id === null) return [];
  if (type.startsWith('message.')) return [accountKeys.itself(id), accountKeys.queue(id), accountKeys.day(id)];
  return type.startsWith('account.') ? [accountKeys.list, accountKeys.one(id)] : [];
};

/** All accounts that the person sees. */
export const accountsQuery = queryOptions({
  queryKey: accountKeys.list,
  queryFn: async ({ client, signal }) => {
    const since = Date.now();
    const whole = await readWhole(recado.accounts.list({ limit: 100 }, { signal }));
    for (const account of whole.rows) {
      const { queryKey } = accountQuery(account.id);
      // One that was read alone meanwhile is newer.
      if ((client.getQueryState(queryKey)?.dataUpdatedAt ?? since) < since) client.setQueryData(queryKey, account);
    }
    return whole;
  },
});

const none: readonly Account[] = [];

/** All accounts that the person sees; none until they are read. */
export const useAccounts = (enabled = true): readonly Account[] =>
  useQuery({ ...accountsQuery, enabled }).data?.rows ?? none;

/** The oldest account with simulated phones, for `select`; null if there is none. */
export const sandboxOf = ({ rows }: Whole<Account>): Account | null =>
  rows.find(({ capabilities }) => capabilities.simulated) ?? null;

/** An account of the list. Its counters follow events, which do not make the list old. */
export const useListed = (listed: Account): Account =>
  useQuery({ ...accountQuery(listed.id), initialData: listed, staleTime: Number.POSITIVE_INFINITY }).data;

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: accountKeys.itself(id),
    queryFn: ({ signal }) => recado.accounts.get(id, { signal }),
  });

export const accountQueueQuery = (id: string) =>
  queryOptions({
    queryKey: accountKeys.queue(id),
    queryFn: ({ signal }) => recado.accounts.getQueue(id, { signal }),
    refetchInterval,
  });

/** The account's day by status. */
export const accountDayQuery = ({ id, time_zone }: Pick<Account, 'id' | 'time_zone'>) =>
  queryOptions({
    queryKey: accountKeys.day(id),
    queryFn: ({ signal }) => recado.messages.statistics({ account_id: id, from: startOfToday(time_zone) }, { signal }),
    refetchInterval,
  });

const startOfToday = (zone: string) => new Date(startIn(zone, dayIn(zone, Date.now()))).toISOString();

/** The channels of this server. They change with its settings only. */
export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: ({ signal }) => recado.accounts.listChannels({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Each of them is a call to Meta, which must not be repeated by itself. */
const costly = { gcTime: 0, meta: { costly: true }, retry: false } as const;
const sameAnswerMs = 60_000;

/** Meta's answer about a token and a secret, with the numbers that it lists. */
export const foundNumbersQuery = (asked: Parameters<typeof recado.accounts.findNumbers>[0]) =>
  queryOptions({
    ...costly,
    queryKey: ['found numbers', asked],
    queryFn: () => recado.accounts.findNumbers(asked),
    staleTime: sameAnswerMs,
  });

/** Meta's answer about a number that is not connected yet. */
export const newAccountChecksQuery = (asked: Parameters<typeof recado.accounts.checkNew>[0]) =>
  queryOptions({
    ...costly,
    queryKey: ['new account checks', asked],
    queryFn: () => recado.accounts.checkNew(asked),
    staleTime: sameAnswerMs,
  });

/** Meta's answer about an account, asked now. */
export const accountChecksQuery = (id: string) =>
  queryOptions({
    ...costly,
    queryKey: ['account checks', id],
    queryFn: () => recado.accounts.check(id),
    staleTime: 0,
    refetchOnWindowFocus: false,
  });

const all = () => [accountKeys.all];
const withQueue = () => [accountKeys.all, queueKeys.all];

export const createAccount = change((account: CreateAccountBody) => recado.accounts.create(account), all);

export const updateAccount = change(
  ({ id, ...body }: UpdateAccountBody & { id: string }) => recado.accounts.update(id, body),
  all,
);

export const changeCredentials = change(
  ({ id, ...body }: ChangeCredentialsBody & { id: string }) => recado.accounts.changeCredentials(id, body),
  all,
);

export const pauseAccount = change((id: string) => recado.accounts.pause(id), withQueue);

export const resumeAccount = change((id: string) => recado.accounts.resume(id), withQueue);

/** Cancels all that waits. */
export const clearQueue = change((id: string) => recado.accounts.clearQueue(id), withQueue);

/** Its page is left before it is read again. */
export const deleteAccount = change(
  (id: string) => recado.accounts.delete(id),
  id => [accountKeys.list, accountKeys.queue(id)],
);
