// The conversations, and their filters.
import type { Conversation } from '@recado/client';
import { readSearch } from '@recado/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ListChecks, MessagesSquare, SearchX } from 'lucide-react';
import { Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton, LinkButton } from '../../../components/button.tsx';
import { Empty, Failed, Loading, Skeleton } from '../../../components/states.tsx';
import { conversationsQuery } from '../../../data/conversations.ts';
import { useMay } from '../../../data/me.ts';
import { useIsTeam } from '../../../data/people.ts';
import { useWatchPresence } from '../../../data/presence.ts';
import { searchSettingQuery } from '../../../data/search.ts';
import { lazyPart } from '../../../kit/lazy.ts';
import { DemoButton } from '../../demo/index.ts';
import { usePicked } from '../bulk/picked.tsx';
import type { InboxPlace } from '../place.ts';
import { SearchResults } from '../search/results.tsx';
import { TextsNotice } from '../search/texts-notice.tsx';
import { filterOf } from '../search.ts';
import { ConversationList } from './conversation-list.tsx';
import { HereBar } from './here-bar.tsx';
import { ListHead } from './list-head.tsx';
import { NewConversation } from './new-conversation.tsx';
import { NobodyOnline } from './nobody-online.tsx';
import { noView } from './views.ts';

const BulkFoot = lazyPart(() => import('../bulk/foot.tsx'), 'BulkFoot');

const noRows: Conversation[] = [];

export function ListPane({ place }: { place: InboxPlace }) {
  const { t } = useTranslation();
  const filter = filterOf(place.search);
  const hasTexts = useQuery(searchSettingQuery).data?.enabled === true;
  const { q } = place.search;
  const isSearch = q !== undefined && (hasTexts || readSearch(q).tokens.length > 0);
  const list = useInfiniteQuery({ ...conversationsQuery(filter), enabled: !isSearch });
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.data) ?? noRows, [list.data]);
  const mayWrite = useMay('messages.create');
  const mayChange = useMay('messages.update');
  const { isOn: isPicking, begin, clear: clearPicked } = usePicked();
  const isFiltered = Object.keys(filter).some(key => key !== 'sort');
  const clear = () => void place.change({ account: undefined, ...noView, q: undefined });
  useWatchPresence(useIsTeam());

  return (
    <>
      <ListHead
        place={place}
        hasTexts={hasTexts}
        isSearch={isSearch}
        actions={
          <>
            {mayChange && !isSearch && rows.length > 0 && (
              <IconButton
                icon={ListChecks}
                label={t('inbox.bulk.pick')}
                hotkey="pick"
                aria-pressed={isPicking}
                onClick={isPicking ? clearPicked : begin}
              />
            )}
            {mayWrite && <NewConversation place={place} />}
          </>
        }
      />
      {isSearch ? (
        <SearchResults place={place} q={q} hasTexts={hasTexts} />
      ) : (
        <>
          {q !== undefined && <TextsNotice />}
          <NobodyOnline place={place} />
          {list.isPending && (
            <Loading>
              <ListSkeleton />
            </Loading>
          )}
          {list.isError && rows.length === 0 && (
            <Failed title={t('inbox.listFailed')} error={list.error} retry={() => void list.refetch()} />
          )}
          {list.isSuccess && rows.length === 0 && (
            <div role="status" className="min-h-0 flex-1 overflow-y-auto">
              {isFiltered ? (
                <Empty
                  icon={SearchX}
                  title={t(
                    q !== undefined
                      ? 'inbox.find.nobody'
                      : place.search.state === undefined
                        ? 'inbox.nothingFits'
                        : `inbox.noneIn.${place.search.state}`,
                  )}
                  action={<LinkButton onClick={clear}>{t('inbox.showAll')}</LinkButton>}
                >
                  {place.search.q !== undefined && t('inbox.nothingFitsText', { text: place.search.q })}
                </Empty>
              ) : (
                <Empty icon={MessagesSquare} title={t('inbox.empty')} action={<DemoButton kind="line" />}>
                  {t('inbox.emptyWords')}
                </Empty>
              )}
            </div>
          )}
          {rows.length > 0 && (
            <ConversationList
              key={JSON.stringify(filter)}
              rows={rows}
              place={place}
              hasMore={list.hasNextPage}
              onMore={() => !list.isFetchingNextPage && void list.fetchNextPage()}
            />
          )}
        </>
      )}
      {isPicking ? (
        <Suspense fallback={null}>
          <BulkFoot />
        </Suspense>
      ) : (
        <HereBar />
      )}
    </>
  );
}

const ListSkeleton = () => (
  <div>
    {[40, 28, 36, 24, 32, 40, 28].map((width, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have nothing else
      <div key={index} className="flex h-15 items-center gap-3 px-4">
        <Skeleton className="size-10 rounded-full!" />
        <div className="grid flex-1 gap-2.5">
          <span style={{ inlineSize: width * 4 }}>
            <Skeleton className="h-2.5 w-full" />
          </span>
          <Skeleton className="h-2 w-48" />
        </div>
      </div>
    ))}
  </div>
);
