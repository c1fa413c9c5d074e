// Search in the text of messages, and whether the workspace keeps an index of it.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';

const keys = {
  setting: ['search', 'setting'] as const,
  found: (q: string, conversation: string | undefined) => ['search', 'found', q, conversation ?? 'all'] as const,
};

export const searchSettingQuery = queryOptions({
  queryKey: keys.setting,
  queryFn: ({ signal }) => recado.workspace.searchSetting({ signal }),
  staleTime: 60_000,
});

export const changeSearchSetting = change(
  (enabled: boolean) => recado.workspace.changeSearchSetting({ enabled }),
  () => [keys.setting],
);

const pageSize = 20;

/** Messages with these words, of all conversations or of one, newest first. */
export const foundMessagesQuery = (q: string, conversation?: string) =>
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
  });
