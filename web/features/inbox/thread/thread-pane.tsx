// One conversation: its head, its messages and the composer.
import type { Account, Conversation, ConversationChange, Message, Note } from '@recado/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed, Loading, Skeleton } from '../../../components/states.tsx';
import { conversationChangesQuery } from '../../../data/conversation-states.ts';
import { useMay } from '../../../data/me.ts';
import { hasAround, notesQuery } from '../../../data/notes.ts';
import { showAround, threadQuery } from '../../../data/thread.ts';
import { useHotkeys } from '../../../kit/hotkeys.ts';
import { toastError } from '../../../kit/toasts.ts';
import { SuggestionBar } from '../../opt-outs/index.ts';
import { Composer } from '../composer/composer.tsx';
import { focusComposer } from '../composer/focus.ts';
import { type OutgoingMessage, useForgetShown, useOutgoing } from '../composer/outgoing.ts';
import { useContactName } from '../names.ts';
import { useWriteTyped } from '../open/typed-ahead.ts';
import { useInboxPlace } from '../place.ts';
import { FindBar } from '../search/find-bar.tsx';
import type { InboxSearch } from '../search.ts';
import { Log } from './log.tsx';
import { canBeQuoted } from './message-row.tsx';
import { ThreadHead } from './thread-head.tsx';
import { useUnmarking } from './use-reading.ts';
import { WorkBar } from './work-bar.tsx';

interface Props {
  conversation: Conversation;
  account: Account | undefined;
  hasSide: boolean;
}

const noChanges: ConversationChange[] = [];
const noNotes: Note[] = [];

export function ThreadPane({ conversation, account, hasSide }: Props) {
  const { t } = useTranslation();
  useWriteTyped();
  const mayWrite = useMay('messages.create');
  const mayRead = useMay('messages.update');
  const messages = useQuery(threadQuery(conversation.id));
  const changes = useQuery(conversationChangesQuery(conversation.id)).data ?? noChanges;
  const notes = useQuery(notesQuery(conversation.id)).data ?? noNotes;
  const outgoing = useOutgoing(conversation.id);
  useForgetShown(outgoing, messages.data?.messages);
  useUnmarking(conversation, messages.data?.messages, mayRead);
  const [replyTo, setReplyTo] = useState<Message>();
  const [returned, setReturned] = useState<OutgoingMessage>();
  const [templatesFor, setTemplatesFor] = useState<{ id: string }>();
  const hasTemplates = mayWrite && account?.capabilities.templates === true;
  // Back in this conversation, nobody has asked for it again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it ends with the conversation
  useEffect(() => () => setTemplatesFor(undefined), [conversation.id]);
  const place = useInboxPlace();
  const { search, change } = place;
  const name = useContactName()(conversation.contact);
  const { target, jumpTo } = useJump(conversation.id, search, messages.isSuccess);
  const context = useMemo(
    () => ({
      account,
      name,
      mayWrite,
      onReply: setReplyTo,
      onEdit: setReturned,
      onTemplates: hasTemplates ? () => setTemplatesFor({ id: conversation.id }) : undefined,
      onJump: jumpTo,
      onDetails: (message: string) => void change({ side: 'details', message }),
    }),
    [account, name, mayWrite, hasTemplates, conversation.id, jumpTo, change],
  );
  const newest = messages.data?.messages.findLast(each => each.direction === 'inbound' && canBeQuoted(each));
  useHotkeys({ write: focusComposer, ...(mayWrite && newest && { reply: () => setReplyTo(newest) }) });
  return (
    <>
      <ThreadHead conversation={conversation} account={account} hasSide={hasSide} />
      {search.find !== undefined && <FindBar key={conversation.id} conversationId={conversation.id} place={place} />}
      {mayRead && <WorkBar conversation={conversation} />}
      {messages.data && (
        <Log
          conversationId={conversation.id}
          stretch={messages.data}
          changes={changes}
          notes={notes}
          outgoing={outgoing}
          chosen={search.message ?? search.note}
          target={target}
          mayRead={mayRead}
          context={context}
        />
      )}
      {messages.isPending && (
        <div className="flex-1">
          <Loading>
            <LogSkeleton />
          </Loading>
        </div>
      )}
      {messages.isError && !messages.data && (
        <div className="grid flex-1 content-center">
          <Failed title={t('inbox.logFailed')} error={messages.error} retry={() => void messages.refetch()} />
        </div>
      )}
      <SuggestionBar conversation={conversation} name={name} />
      {account && (
        <Composer
          conversation={conversation}
          account={account}
          replyTo={replyTo}
          returned={returned}
          templatesFor={templatesFor}
          onReplyEnd={() => setReplyTo(undefined)}
        />
      )}
    </>
  );
}

/** Loads what is around a message or a note, and goes there. The one in the address is gone to once it is another. */
function useJump(conversationId: string, { message, note }: InboxSearch, isReady: boolean) {
  const client = useQueryClient();
  const [target, setTarget] = useState<{ id: string }>();
  const jumpTo = useCallback(
    (id: string) => {
      showAround(client, conversationId, id).then(() => setTarget({ id }), toastError);
    },
    [client, conversationId],
  );
  useEffect(() => {
    if (isReady && message !== undefined) jumpTo(message);
  }, [isReady, message, jumpTo]);
  useEffect(() => {
    if (!isReady || note === undefined) return;
    const read = hasAround(client, conversationId, note)
      ? Promise.resolve()
      : showAround(client, conversationId, note, true);
    read.then(() => setTarget({ id: note }), toastError);
  }, [client, conversationId, isReady, note]);
  return { target, jumpTo };
}

const LogSkeleton = () => (
  <div className="mx-auto grid max-w-220 gap-3 p-6">
    {['w-64', 'w-40 ms-auto', 'w-72 ms-auto', 'w-52', 'w-80 ms-auto'].map(width => (
      <Skeleton key={width} className={`h-12 rounded-card! ${width}`} />
    ))}
  </div>
);
