// What the screen of a wall view shows.
import { ApiError } from '@recado/client';
import { queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';

const wallKeys = {
  figures: (token: string) => ['wall view', token] as const,
};

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
