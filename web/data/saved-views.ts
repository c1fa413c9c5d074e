// Saved views of conversations: own ones, and those of the workspace.
import type { CreateSavedViewBody, RecadoEvent, UpdateSavedViewBody } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { conversationKeys } from './conversation-keys.ts';

const keys = ['saved views'] as const;

export const savedViewsQuery = queryOptions({
  queryKey: keys,
  queryFn: async ({ signal }) => (await recado.savedViews.list({ signal })).data,
  staleTime: 60_000,
});

/** Events tell of the views of the workspace only. */
export const staleSavedViews = ({ type }: RecadoEvent): QueryKey[] =>
  type.startsWith('saved_view.') ? [keys, conversationKeys.counts] : [];

const shown = () => [keys, conversationKeys.counts];

export const createSavedView = change((body: CreateSavedViewBody) => recado.savedViews.create(body), shown);

export const updateSavedView = change(
  ({ id, ...body }: UpdateSavedViewBody & { id: string }) => recado.savedViews.update(id, body),
  shown,
);

export const deleteSavedView = change((id: string) => recado.savedViews.delete(id), shown);
