// Wall views: the links of screens, and what a screen shows.
import { ApiError, type CreateWallViewBody, type RecadoEvent } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { listQuery } from './list.ts';

const wallKeys = {
  list: ['wall views'] as const,
  figures: (token: string) => ['wall view', token] as const,
};

export const staleWallViews = ({ type }: RecadoEvent): QueryKey[] =>
  type === 'wall_view.created' || type === 'wall_view.revoked' ? [wallKeys.list] : [];

export const wallViewsQuery = listQuery(wallKeys.list, (query, options) => recado.wallViews.list(query, options));

const all = () => [wallKeys.list];

/** The answer has the link, this once. */
export const createWallView = change((body: CreateWallViewBody) => recado.wallViews.create(body), all);

export const revokeWallView = change((id: string) => recado.wallViews.revoke(id), all);

/** How often a screen reads its figures, in milliseconds. */
export const wallPaceMs = 5_000;

/** What the screen of a link shows. It asks again for ever, also while the server is away, but not with a revoked link. */
export const wallFiguresQuery = (token: string) =>
  queryOptions({
    queryKey: wallKeys.figures(token),
    queryFn: ({ signal }) => recado.wallViews.show({ token }, { signal }),
    refetchInterval: ({ state: { error } }) => (error instanceof ApiError && error.status === 404 ? false : wallPaceMs),
    refetchIntervalInBackground: true,
    retry: false,
    networkMode: 'always',
  });
