// Who is logged in, and what they may do.
import type { Permission } from '@recado/contract';
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { recado } from './client.ts';

/** The caller with their permissions; the server checks them all the same. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => {
    const [me, { permissions, account_ids }] = await Promise.all([
      recado.me.get({ signal }),
      recado.me.getPermissions({ signal }),
    ]);
    return { ...me, permissions: new Set(permissions), account_ids };
  },
  staleTime: 60_000,
});

export const useMe = () => useSuspenseQuery(meQuery).data;

/** Whether the person may do this. */
export const useMay = (permission: Permission): boolean => useMe().permissions.has(permission);
