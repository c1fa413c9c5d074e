// The inbox: list, thread and side pane. Below 1200 px the side pane is a sheet; below 768 px each is a page.
import { MessagesSquare } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../components/page.tsx';
import { Empty } from '../../components/states.tsx';
import { useLiveConversations } from '../../data/conversations-live.ts';
import { cx } from '../../kit/class-names.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { PickedProvider, usePicked } from './bulk/picked.tsx';
import { ListPane } from './list/list-pane.tsx';
import { OpenConversation } from './open/part.ts';
import { OpenSkeleton } from './open/skeleton.tsx';
import { useTypedAhead } from './open/typed-ahead.ts';
import { useInboxPlace, useSide } from './place.ts';

const BulkPane = lazyPart(() => import('./bulk/pane.tsx'), 'BulkPane');

export const InboxPage = () => (
  <PickedProvider>
    <Inbox />
  </PickedProvider>
);

function Inbox() {
  const { t } = useTranslation();
  const place = useInboxPlace();
  const { conversationId } = place;
  const { isOn: isPicking } = usePicked();
  const hasSide = useSide(place).hasSide && !isPicking;
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
          conversationId === undefined || isPicking ? 'flex' : 'hidden',
        )}
      >
        <ListPane place={place} />
      </section>
      {isPicking ? (
        <section
          aria-label={t('inbox.bulk.title')}
          data-pane
          className="hidden min-h-0 min-w-0 flex-col bg-canvas md:flex"
        >
          <Suspense fallback={null}>
            <BulkPane />
          </Suspense>
        </section>
      ) : conversationId === undefined ? (
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
