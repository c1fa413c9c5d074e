import { queryOptions } from '@tanstack/react-query';
import { recado } from '../../../kit/client.ts';

/** The channels of this server. They change with its settings only. */
export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: ({ signal }) => recado.accounts.listChannels({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
