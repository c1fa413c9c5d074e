// What messages cost in a month. Amounts of money are texts with decimals; only drawing reckons with them.
import type { RecadoEvent } from '@recado/client';
import { keepPreviousData, type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';

const costKeys = {
  all: ['cost'] as const,
  month: (account: string | undefined) => ['cost', account ?? 'all'] as const,
};

export const staleCost = ({ type }: RecadoEvent): QueryKey[] =>
  type.startsWith('spend_cap.') || type.startsWith('rate_card.') ? [costKeys.all] : [];

/** A receipt changes it a little; nobody watches cents. */
const refetchInterval = 60_000;

/** What this month costs so far. */
export const costQuery = (account: string | undefined) =>
  queryOptions({
    queryKey: costKeys.month(account),
    queryFn: ({ signal }) => recado.cost.get(account === undefined ? {} : { account_id: account }, { signal }),
    refetchInterval,
    placeholderData: keepPreviousData,
  });
