// The conversations of a person, one with each account.
import type { Conversation } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { MessagesSquare, Smartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LabelPill } from '../../../components/label-pill.tsx';
import { Count } from '../../../components/marks.tsx';
import { Empty, Loading, SkeletonRows } from '../../../components/states.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { useFormat } from '../../../kit/format.ts';
import { useDayWords } from '../../inbox/index.ts';

export function ConversationsPart({ conversations }: { conversations: readonly Conversation[] | undefined }) {
  const { t } = useTranslation();
  if (!conversations)
    return (
      <Loading>
        <SkeletonRows rows={2} />
      </Loading>
    );
  return (
    <Card>
      {conversations.length === 0 ? (
        <Empty icon={MessagesSquare} title={t('contacts.noConversations')} />
      ) : (
        <ul>
          {conversations.map(conversation => (
            <ConversationRow key={conversation.id} conversation={conversation} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function ConversationRow({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { number, exact } = useFormat();
  const days = useDayWords();
  const account = useAccounts().find(({ id }) => id === conversation.account_id);
  const { outbound, inbound } = conversation.message_counts;
  return (
    <li className="border-b border-border last:border-0">
      <Link
        to="/inbox/$conversationId"
        params={{ conversationId: conversation.id }}
        className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-text no-underline hover:bg-hover focus-visible:outline-offset-[-2px] md:px-5"
      >
        <Smartphone size={16} strokeWidth={1.75} className="text-faint" aria-hidden="true" />
        <bdi className="cut min-w-0 flex-1 font-medium">{account?.name}</bdi>
        {conversation.labels.map(label => (
          <LabelPill key={label.id} label={label} />
        ))}
        <span className="num text-13 text-muted">
          {t('inbox.fact.counts', { outbound: number(outbound), inbound: number(inbound) })}
        </span>
        {conversation.unread_count > 0 && <Count>{number(conversation.unread_count)}</Count>}
        <span className="num text-13 text-faint" title={exact(conversation.last_message_at)}>
          {days.short(conversation.last_message_at)}
        </span>
      </Link>
    </li>
  );
}
