// Search in the text of messages, and whether the workspace keeps an index of it.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';

const keys = {
  setting: ['search', 'setting'] as const,
  found: (q: string, conversation: string | undefined) => ['search', 'found', q, conversation ?? 'all'] as const,
};

/** How often it is asked how far a new index is. */
const fillingMs = 2_000;

export const searchSettingQuery = queryOptions({
  queryKey: keys.setting,
  queryFn: ({ signal }) => recado.workspace.searchSetting({ signal }),
  staleTime: 60_000,
  // No event tells how far it is.
  refetchInterval: ({ state: { data } }) => (data?.enabled === true && !data.ready ? fillingMs : false),
});

export const changeSearchSetting = change(
  (enabled: boolean) => recado.workspace.changeSearchSetting({ enabled }),
  () => [keys.setting],
);

const pageSize = 20;

/** Messages with these words, of all conversations or of one, newest first. More are found while the index is filled. */
export const foundMessagesQuery = (q: string, isReady: boolean, conversation?: string) =>
  infiniteQueryOptions({
    queryKey: keys.found(q, conversation),
    queryFn: ({ pageParam, signal }) =>
      recado.messages
        .search(
          {
            q,
            limit: conversation === undefined ? pageSize : 100,
            cursor: pageParam,
            ...(conversation !== undefined && { conversation_id: conversation }),
          },
          { signal },
        )
        .page(),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ page }) => page.next_cursor ?? undefined,
    staleTime: 10_000,
    refetchInterval: isReady ? false : fillingMs,
  });
