// The templates that an account can send.
import { queryOptions } from '@tanstack/react-query';
import { everything, recado } from '../../../../kit/client.ts';

export const templatesQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['templates', accountId],
    queryFn: ({ signal }) => recado.templates.list({ account_id: accountId, ...everything }, { signal }).toArray(),
    staleTime: 30_000,
  });
