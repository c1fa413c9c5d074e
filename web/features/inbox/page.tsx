// The inbox: list, thread and side pane. Below 1200 px the side pane is a sheet; below 768 px each is a page.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { MessagesSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../components/page.tsx';
import { Empty, Failed, Loading, Skeleton } from '../../components/states.tsx';
import { useAccounts } from '../../data/accounts.ts';
import { conversationQuery, knownConversation } from '../../data/conversations.ts';
import { useLiveConversations } from '../../data/conversations-live.ts';
import { cx } from '../../kit/class-names.ts';
import { useMediaQuery } from '../../kit/media-query.ts';
import { ListPane } from './list/list-pane.tsx';
import { ViewerSlot } from './media/viewer-slot.tsx';
import { useContactName } from './names.ts';
import { useInboxPlace } from './place.ts';
import { SidePane } from './side-pane.tsx';
import { ThreadPane } from './thread/thread-pane.tsx';

export function InboxPage() {
  const { t } = useTranslation();
  const place = useInboxPlace();
  const isWide = useMediaQuery('(min-width: 1200px)');
  const { conversationId, search } = place;
  const hasSide = conversationId !== undefined && search.side !== 'none' && (isWide || search.side !== undefined);
  useTitle(t('inbox.title'));
  useLiveConversations();
  return (
    <main
      id="main"
      data-fills-window
      className={cx(
        'relative flex min-h-0 flex-1 md:grid md:grid-cols-[304px_minmax(0,1fr)]',
        hasSide
          ? 'min-[1200px]:grid-cols-[var(--list)_minmax(0,1fr)_var(--side)]'
          : 'min-[1200px]:grid-cols-[var(--list)_minmax(0,1fr)]',
      )}
    >
      <section
        aria-label={t('inbox.conversations')}
        data-pane
        className={cx(
          'min-h-0 min-w-0 flex-1 flex-col border-border bg-surface md:flex md:border-e',
          conversationId === undefined ? 'flex' : 'hidden',
        )}
      >
        <ListPane place={place} />
      </section>
      {conversationId === undefined ? (
        <section aria-label={t('inbox.thread')} className="hidden min-h-0 place-content-center bg-canvas md:grid">
          <Empty icon={MessagesSquare} title={t('inbox.choose')}>
            {t('inbox.chooseWords')}
          </Empty>
        </section>
      ) : (
        <Opened key={conversationId} id={conversationId} hasSide={hasSide} isWide={isWide} />
      )}
    </main>
  );
}

/** One conversation with what is beside it. */
function Opened({ id, hasSide, isWide }: { id: string; hasSide: boolean; isWide: boolean }) {
  const { t } = useTranslation();
  const place = useInboxPlace();
  const nameOf = useContactName();
  const client = useQueryClient();
  // As the list knows it, it opens at once: the next key that is pressed is written into its field.
  const conversation = useQuery({ ...conversationQuery(id), placeholderData: () => knownConversation(client, id) });
  const account = useAccounts().find(each => each.id === conversation.data?.account_id);
  useTitle(conversation.data ? `${nameOf(conversation.data.contact)} · ${t('inbox.title')}` : t('inbox.title'));
  const thread = 'relative flex min-h-0 min-w-0 flex-1 flex-col bg-canvas';
  if (!conversation.data)
    return (
      <section aria-label={t('inbox.thread')} className={thread}>
        {conversation.isError ? (
          <div className="m-auto">
            <Failed
              title={t('inbox.threadFailed')}
              error={conversation.error}
              retry={() => void conversation.refetch()}
            />
          </div>
        ) : (
          <Loading>
            <div className="flex h-bar items-center gap-3 border-b border-border bg-surface px-4">
              <Skeleton className="size-8 rounded-full!" />
              <Skeleton className="h-3 w-40" />
            </div>
          </Loading>
        )}
      </section>
    );
  return (
    <>
      <section
        aria-label={t('inbox.threadWith', { name: nameOf(conversation.data.contact) })}
        className={cx(thread, hasSide && 'max-md:hidden')}
      >
        <ThreadPane conversation={conversation.data} account={account} hasSide={hasSide} />
        <ViewerSlot name={nameOf(conversation.data.contact)} />
      </section>
      {hasSide && <SidePane conversation={conversation.data} account={account} place={place} isSheet={!isWide} />}
    </>
  );
}
