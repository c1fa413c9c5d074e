// The inbox: list, thread and side pane. Below 1200 px the side pane is a sheet; below 768 px each is a page.
import { MessagesSquare } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../components/page.tsx';
import { Empty } from '../../components/states.tsx';
import { useLiveConversations } from '../../data/conversations-live.ts';
import { cx } from '../../kit/class-names.ts';
import { ListPane } from './list/list-pane.tsx';
import { OpenConversation } from './open/part.ts';
import { OpenSkeleton } from './open/skeleton.tsx';
import { useTypedAhead } from './open/typed-ahead.ts';
import { useInboxPlace, useSide } from './place.ts';

export function InboxPage() {
  const { t } = useTranslation();
  const place = useInboxPlace();
  const { conversationId } = place;
  const { hasSide } = useSide(place);
  useTitle(t('inbox.title'));
  useLiveConversations();
  useTypedAhead(OpenConversation.isLoaded);
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
        <Suspense key={conversationId} fallback={<OpenSkeleton />}>
          <OpenConversation />
        </Suspense>
      )}
    </main>
  );
}
