// The templates that an account can send.
import type { RecadoEvent } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { readWhole } from './list.ts';

const keys = { all: ['templates'] as const, of: (accountId: string) => ['templates', accountId] as const };

export const staleTemplates = ({ type, account_id }: RecadoEvent): QueryKey[] =>
  type.startsWith('template.') ? [account_id === null ? keys.all : keys.of(account_id)] : [];

export const templatesQuery = (accountId: string) =>
  queryOptions({
    queryKey: keys.of(accountId),
    queryFn: ({ signal }) => readWhole(recado.templates.list({ account_id: accountId, limit: 100 }, { signal })),
    staleTime: 30_000,
  });
