// What messages cost: the month, rate cards, caps and surcharges, and the comparison with what WhatsApp bills. Amounts of
// money are texts with decimals; only drawing reckons with them.
import type { ImportRateCardBody, RecadoEvent, UpdateCostSettingsBody } from '@recado/client';
import { keepPreviousData, type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { listQuery } from './list.ts';

const cards = ['cost', 'cards'] as const;

const costKeys = {
  all: ['cost'] as const,
  month: (account: string | undefined) => ['cost', 'month', account ?? 'all'] as const,
  cards,
  changes: (id: string) => [...cards, id] as const,
  settings: ['cost', 'settings'] as const,
  reconciliations: ['cost', 'reconciliations'] as const,
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

export const rateCardsQuery = queryOptions({
  queryKey: costKeys.cards,
  queryFn: ({ signal }) => recado.cost.listRateCards({ signal }),
});

/** What a card changes. */
export const rateChangesQuery = (id: string) =>
  queryOptions({
    queryKey: costKeys.changes(id),
    queryFn: ({ signal }) => recado.cost.getRateCardChanges(id, { signal }),
  });

export const costSettingsQuery = queryOptions({
  queryKey: costKeys.settings,
  queryFn: ({ signal }) => recado.cost.getSettings({ signal }),
});

export const reconciliationsQuery = listQuery(costKeys.reconciliations, (query, options) =>
  recado.cost.listReconciliations(query, options),
);

const all = () => [costKeys.all];

export const importRateCard = change((body: ImportRateCardBody) => recado.cost.importRateCard(body), all);

export const takeRateCard = change(
  ({ id, accept_odd }: { id: string; accept_odd: boolean }) => recado.cost.useRateCard(id, { accept_odd }),
  all,
);

export const discardRateCard = change((id: string) => recado.cost.deleteRateCard(id), all);

export const updateCostSettings = change((body: UpdateCostSettingsBody) => recado.cost.updateSettings(body), all);
