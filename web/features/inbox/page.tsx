import type { Account, Conversation } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../../components/page.tsx';
import { recado } from '../../kit/client.ts';
import { Composer } from './composer/composer.tsx';
import { useOutgoing } from './composer/outgoing.ts';
import { OutgoingBubble } from './composer/outgoing-bubble.tsx';

export function InboxPage() {
  const { t } = useTranslation();
  const { conversationId } = useParams({ strict: false });
  const { data } = useQuery({
    queryKey: ['conversation', conversationId],
    queryFn: async () => {
      const conversation = await recado.conversations.get(conversationId ?? '');
      return { conversation, account: await recado.accounts.get(conversation.account_id) };
    },
    enabled: conversationId !== undefined,
    refetchInterval: 1000,
  });
  return <Page title={t('inbox.title')}>{data && <Thread {...data} />}</Page>;
}

function Thread({ conversation, account }: { conversation: Conversation; account: Account }) {
  const outgoing = useOutgoing(conversation.id);
  const { data } = useQuery({
    queryKey: ['messages', conversation.id],
    queryFn: () => recado.conversations.listMessages(conversation.id).page(),
    refetchInterval: 1000,
  });
  return (
    <section className="flex h-[80dvh] flex-col border border-border bg-canvas" aria-label="thread">
      <div className="flex flex-1 flex-col justify-end overflow-y-auto p-4" role="log">
        {data?.data.toReversed().map(message => (
          <p key={message.id}>{message.text?.body ?? message.template?.text ?? message.type}</p>
        ))}
        {outgoing
          .filter(({ messageId }) => !data?.data.some(({ id }) => id === messageId))
          .map(each => (
            <OutgoingBubble key={each.localId} outgoing={each} />
          ))}
      </div>
      <Composer conversation={conversation} account={account} replyTo={undefined} onReplyEnd={() => undefined} />
    </section>
  );
}
