// Who is logged in, and what they may do.
import type { Permission } from '@recado/contract';
import { type QueryClient, queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';

/** The caller with their permissions; the server checks them all the same. */
export const meQuery = queryOptions({
  queryKey: ['me'] as const,
  queryFn: ({ signal }) => readMe(signal),
  staleTime: 60_000,
});

async function readMe(signal: AbortSignal) {
  const [me, { permissions, account_ids, sees_numbers }] = await Promise.all([
    recado.me.get({ signal }),
    recado.me.getPermissions({ signal }),
  ]);
  return { ...me, permissions: new Set(permissions), account_ids, sees_numbers };
}

/** Reads again who the person is and what they may do. True if it is something else. */
export async function rereadMe(client: QueryClient): Promise<boolean> {
  const before = client.getQueryData(meQuery.queryKey);
  // One that is on its way may have been answered before the change.
  await client.cancelQueries({ queryKey: meQuery.queryKey });
  const now = await client.fetchQuery({ ...meQuery, staleTime: 0 });
  return before === undefined || textOf(now) !== textOf(before);
}

const textOf = (me: Awaited<ReturnType<typeof readMe>>) => JSON.stringify({ ...me, permissions: [...me.permissions] });

export const useMe = () => useSuspenseQuery(meQuery).data;

/** Whether the person may do this with people, who are of no account: somebody limited to some accounts may not. */
export const useMayEverywhere = (permission: Permission): boolean => {
  const { permissions, account_ids: accounts } = useMe();
  return accounts === null && permissions.has(permission);
};

/** Whether the person may do this. */
export const useMay = (permission: Permission): boolean => useMe().permissions.has(permission);

/** Whether the person sees the numbers of contacts, and so gets files with them. */
export const useSeesNumbers = (): boolean => useMe().sees_numbers;
