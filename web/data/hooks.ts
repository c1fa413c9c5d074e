// Hooks, which other programs call, and what became of their calls.
import type { CreateHookBody, RecadoEvent, UpdateHookBody } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { listQuery } from './list.ts';

const hookKeys = {
  all: ['hooks'] as const,
  list: ['hooks', 'list'] as const,
  one: (id: string) => ['hooks', 'one', id] as const,
  calls: (id: string) => ['hooks', 'one', id, 'calls'] as const,
};

export const staleHooks = ({ type }: RecadoEvent): QueryKey[] => (type.startsWith('hook.') ? [hookKeys.all] : []);

/** How often calls are read again while somebody looks at them: no event tells of each. */
const paceMs = 5_000;

export const hooksQuery = {
  ...listQuery(hookKeys.list, (query, options) => recado.hooks.list(query, options)),
  refetchInterval: paceMs,
};

export const hookQuery = (id: string) =>
  queryOptions({
    queryKey: hookKeys.one(id),
    queryFn: ({ signal }) => recado.hooks.get(id, { signal }),
  });

export const hookCallsQuery = (id: string) => ({
  ...listQuery(hookKeys.calls(id), (query, options) => recado.hooks.listCalls(id, query, options)),
  refetchInterval: paceMs,
});

const all = () => [hookKeys.all];

/** The answer has the address, this once. */
export const createHook = change((body: CreateHookBody) => recado.hooks.create(body), all);

export const updateHook = change(
  ({ id, ...body }: UpdateHookBody & { id: string }) => recado.hooks.update(id, body),
  all,
);

/** The answer has the new address, this once. */
export const rotateHook = change((id: string) => recado.hooks.rotate(id), all);

export const revokeHook = change(
  (id: string) => recado.hooks.revoke(id),
  () => [hookKeys.list],
);

export const testHook = change(
  (id: string) => recado.hooks.test(id),
  (id: string) => [hookKeys.calls(id)],
);
