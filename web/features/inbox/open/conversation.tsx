// One conversation with what is beside it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../../components/page.tsx';
import { Failed } from '../../../components/states.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { conversationQuery, knownConversation } from '../../../data/conversations.ts';
import { cx } from '../../../kit/class-names.ts';
import { lazyPart } from '../../../kit/lazy.ts';
import { ViewerSlot } from '../media/viewer-slot.tsx';
import { useContactName } from '../names.ts';
import { useInboxPlace, useSide } from '../place.ts';
import { ThreadPane } from '../thread/thread-pane.tsx';
import { OpenSkeleton, threadLook } from './skeleton.tsx';

const SidePane = lazyPart(() => import('../side-pane.tsx'), 'SidePane');
// Most windows show it beside the thread. A failure is told there.
void SidePane.preload().catch(() => undefined);

/** The conversation of the address. */
export function OpenConversation() {
  const { t } = useTranslation();
  const place = useInboxPlace();
  const { conversationId: id = '' } = place;
  const { hasSide, isSheet } = useSide(place);
  const nameOf = useContactName();
  const client = useQueryClient();
  // As the list knows it, it opens at once: the next key that is pressed is written into its field.
  const conversation = useQuery({ ...conversationQuery(id), placeholderData: () => knownConversation(client, id) });
  const account = useAccounts().find(each => each.id === conversation.data?.account_id);
  useTitle(conversation.data ? `${nameOf(conversation.data.contact)} · ${t('inbox.title')}` : t('inbox.title'));
  if (!conversation.data)
    return conversation.isError ? (
      <section aria-label={t('inbox.thread')} className={threadLook}>
        <div className="m-auto">
          <Failed
            title={t('inbox.threadFailed')}
            error={conversation.error}
            retry={() => void conversation.refetch()}
          />
        </div>
      </section>
    ) : (
      <OpenSkeleton />
    );
  return (
    <>
      <section
        aria-label={t('inbox.threadWith', { name: nameOf(conversation.data.contact) })}
        className={cx(threadLook, hasSide && 'max-md:hidden')}
      >
        <ThreadPane conversation={conversation.data} account={account} hasSide={hasSide} />
        <ViewerSlot name={nameOf(conversation.data.contact)} />
      </section>
      {hasSide && (
        <Suspense fallback={<div className="flex-1 border-border bg-surface md:border-s" />}>
          <SidePane conversation={conversation.data} account={account} place={place} isSheet={isSheet} />
        </Suspense>
      )}
    </>
  );
}
