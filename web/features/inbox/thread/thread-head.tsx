// The head of a conversation: who, by which account, and whether the 24-hour window is open.

import type { Account, Conversation } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, Clock, Ear, type LucideIcon, Mail, MailOpen, PanelRight, Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ApiButton } from '../../../components/api-button.tsx';
import { IconButton } from '../../../components/button.tsx';
import { Avatar, Pill, type Tone } from '../../../components/marks.tsx';
import { markAllRead, markUnread } from '../../../data/conversations.ts';
import { useMay } from '../../../data/me.ts';
import { searchSettingQuery } from '../../../data/search.ts';
import { useMediaQuery } from '../../../kit/media-query.ts';
import { usePhoneToRead } from '../../../kit/phone-later.ts';
import { useAction } from '../../../kit/use-action.ts';
import { hasWindow } from '../composer/use-window.ts';
import { useContactName } from '../names.ts';
import { useInboxPlace } from '../place.ts';
import { SeenBy } from '../presence.tsx';
import { useWindowWords } from './window-words.ts';

interface Props {
  conversation: Conversation;
  account: Account | undefined;
  hasSide: boolean;
}

export function ThreadHead({ conversation, account, hasSide }: Props) {
  const { t } = useTranslation();
  const phoneToRead = usePhoneToRead();
  const { close, change, search } = useInboxPlace();
  const hasTexts = useQuery(searchSettingQuery).data?.enabled === true;
  const mayMark = useMay('messages.update');
  // Where the list is another page, this is the title of the page.
  const Heading = useMediaQuery('(min-width: 768px)') ? 'h2' : 'h1';
  const name = useContactName()(conversation.contact);
  const { phone, username } = conversation.contact;
  const address = phone === null ? username && `@${username}` : phoneToRead(phone);
  const windowWords = useWindowWords()(conversation.window);
  const example = {
    method: 'GET',
    path: `/api/v1/conversations/${conversation.id}/messages`,
    sdk: `for await (const message of recado.conversations.listMessages('${conversation.id}'))\n  console.log(message.direction, message.type, message.status);`,
  };
  return (
    <header className="@container flex min-h-bar flex-none items-center gap-2 border-b border-border bg-surface px-4">
      <IconButton icon={ArrowLeft} label={t('inbox.back')} onClick={() => void close()} className="-ms-2 md:hidden" />
      <Avatar name={name} />
      <div className="min-w-0 flex-1 ps-1 leading-4.5">
        <Heading className="cut text-14 leading-5 tracking-normal">
          <bdi>{name}</bdi>
        </Heading>
        <p className="cut text-12 text-muted">
          {account && <bdi>{account.name}</bdi>}
          {account && address && address !== name && ' · '}
          {address !== name && <bdi>{address}</bdi>}
        </p>
      </div>
      <SeenBy conversationId={conversation.id} most={3} />
      {conversation.owner?.is === 'other' && (
        <HeadPill
          icon={Ear}
          words={
            conversation.owner.role
              ? t('inbox.ownedByRole', { role: conversation.owner.role })
              : t('inbox.ownedByOthers')
          }
        />
      )}
      {hasWindow(account) && (
        <span className="max-md:hidden">
          <HeadPill tone={conversation.window.open ? 'success' : 'warning'} icon={Clock} words={windowWords} />
        </span>
      )}
      <span className="max-md:hidden">
        <ApiButton example={example} />
      </span>
      {hasTexts && (
        <IconButton
          icon={Search}
          label={t('inbox.find.open')}
          aria-expanded={search.find !== undefined}
          onClick={() => void change({ find: search.find === undefined ? '' : undefined })}
        />
      )}
      {mayMark && <MarkButton conversation={conversation} />}
      <IconButton
        icon={PanelRight}
        label={t('inbox.side.label')}
        aria-expanded={hasSide}
        onClick={() => void change({ side: hasSide ? 'none' : 'details', message: undefined }, false)}
      />
    </header>
  );
}

/** In a narrow head the name needs the room: there it is an icon, which has its words for who points at it or listens. */
const HeadPill = ({ tone = 'neutral', icon, words }: { tone?: Tone; icon: LucideIcon; words: string }) => (
  <span title={words} className="flex-none">
    <Pill tone={tone} icon={icon}>
      <bdi className="sr-only @xl:not-sr-only @xl:whitespace-nowrap!">{words}</bdi>
    </Pill>
  </span>
);

/** Marks the whole conversation as read, or as unread. */
function MarkButton({ conversation: { id, unread_count: count } }: Pick<Props, 'conversation'>) {
  const { t } = useTranslation();
  const read = useAction({ act: markAllRead });
  const unread = useAction({ act: markUnread });
  return count > 0 ? (
    <IconButton icon={MailOpen} label={t('help.key.markRead')} hotkey="markRead" onClick={() => read.mutate(id)} />
  ) : (
    <IconButton icon={Mail} label={t('help.key.markUnread')} hotkey="markUnread" onClick={() => unread.mutate(id)} />
  );
}
