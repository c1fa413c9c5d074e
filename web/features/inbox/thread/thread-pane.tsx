// One conversation: its head, its messages and the composer.
import type { Account, Conversation, Message } from '@recado/client';
import { useState } from 'react';
import { Composer } from '../composer/composer.tsx';
import { useOutgoing } from '../composer/outgoing.ts';
import { OutgoingBubble } from '../composer/outgoing-bubble.tsx';
import { ThreadHead } from './thread-head.tsx';

interface Props {
  conversation: Conversation;
  account: Account | undefined;
  hasSide: boolean;
}

export function ThreadPane({ conversation, account, hasSide }: Props) {
  const outgoing = useOutgoing(conversation.id);
  const [replyTo, setReplyTo] = useState<Message>();
  return (
    <>
      <ThreadHead conversation={conversation} account={account} hasSide={hasSide} />
      <div role="log" className="flex min-h-0 flex-1 flex-col justify-end overflow-y-auto px-6 py-4">
        {outgoing.map(each => (
          <OutgoingBubble key={each.localId} outgoing={each} />
        ))}
      </div>
      {account && (
        <Composer
          conversation={conversation}
          account={account}
          replyTo={replyTo}
          onReplyEnd={() => setReplyTo(undefined)}
        />
      )}
    </>
  );
}
