// One conversation: its head, its messages and the composer.
import type { Account, Conversation, Message } from '@recado/client';
import { useState } from 'react';
import { useMay } from '../../../kit/me.ts';
import { Composer } from '../composer/composer.tsx';
import { ThreadHead } from './thread-head.tsx';

interface Props {
  conversation: Conversation;
  account: Account | undefined;
  hasSide: boolean;
}

export function ThreadPane({ conversation, account, hasSide }: Props) {
  const mayWrite = useMay('messages.create');
  const [replyTo, setReplyTo] = useState<Message>();
  return (
    <>
      <ThreadHead conversation={conversation} account={account} hasSide={hasSide} />
      <div className="min-h-0 flex-1 overflow-y-auto" />
      {mayWrite && account && (
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
