// Where somebody is in the inbox: the address, and ways to change it.
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMediaQuery } from '../../kit/media-query.ts';
import type { InboxSearch } from './search.ts';

/** The open conversation and the filters, from the address. */
export function useInboxPlace() {
  const { conversationId } = useParams({ strict: false });
  const search: InboxSearch = useSearch({ strict: false });
  const navigate = useNavigate();

  return useMemo(
    () => ({
      conversationId,
      search,
      /** Opens a conversation; the filters stay. */
      open: (id: string, more: Partial<InboxSearch> = {}) =>
        navigate({
          to: '/inbox/$conversationId',
          params: { conversationId: id },
          search: { ...search, message: undefined, note: undefined, find: undefined, ...more },
        }),
      /** Back to the list. */
      close: () =>
        navigate({
          to: '/inbox',
          search: { ...search, side: undefined, message: undefined, note: undefined, find: undefined },
        }),
      /** Changes the filters or the side pane of the same conversation. */
      change: (change: Partial<InboxSearch>, replace = true) =>
        conversationId === undefined
          ? navigate({ to: '/inbox', search: { ...search, ...change }, replace })
          : navigate({
              to: '/inbox/$conversationId',
              params: { conversationId },
              search: { ...search, ...change },
              replace,
            }),
    }),
    [conversationId, search, navigate],
  );
}

export type InboxPlace = ReturnType<typeof useInboxPlace>;

/** Whether there is a side pane, and whether it is beside the thread or a sheet over it. */
export function useSide({ conversationId, search: { side } }: InboxPlace): { hasSide: boolean; isSheet: boolean } {
  const isWide = useMediaQuery('(min-width: 1200px)');
  const hasSide = conversationId !== undefined && side !== 'none' && (isWide || side !== undefined);
  return { hasSide, isSheet: !isWide };
}
