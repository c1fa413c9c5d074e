// The phone itself: who writes, the chat as the person sees it, and the line to write in.
import type { PhoneMessage } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { BatteryMedium } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../../components/marks.tsx';
import { Failed, Loading, Skeleton } from '../../../components/states.tsx';
import { useMay } from '../../../data/me.ts';
import { phoneQuery } from '../../../data/phones.ts';
import { useFormat } from '../../../kit/format.ts';
import { PhoneBubble } from './phone-bubble.tsx';
import { PhoneWriter } from './phone-writer.tsx';

interface Props {
  accountId: string;
  accountName: string;
  number: string;
  /** What the person is called. */
  name: string;
}

export function DrawnPhone({ accountId, accountName, number, name }: Props) {
  const { t } = useTranslation();
  const place = { accountId, number };
  const mayWrite = useMay('messages.create');
  const screen = useQuery(phoneQuery(place));
  const [replyTo, setReplyTo] = useState<PhoneMessage>();
  return (
    <section className="phone" aria-label={t('phone.of', { name })}>
      <div className="phone-screen">
        <header className="flex items-center gap-2 border-b border-border bg-surface px-3.5 pt-3 pb-2.5 text-13">
          <Avatar name={accountName} />
          <div className="min-w-0 flex-1 leading-4">
            <b className="cut block font-medium">
              <bdi>{accountName}</bdi>
            </b>
            <span className="text-12 text-muted">{t(screen.data?.typing ? 'phone.typing' : 'phone.writesToYou')}</span>
          </div>
          <BatteryMedium size={16} aria-hidden="true" className="text-faint" />
        </header>
        {screen.data ? (
          <Log messages={screen.data.messages} place={place} name={name} onReply={mayWrite ? setReplyTo : undefined} />
        ) : (
          <div className="min-h-0 flex-1 overflow-y-auto">
            {screen.isError ? (
              <Failed title={t('phone.failed')} error={screen.error} retry={() => void screen.refetch()} />
            ) : (
              <Loading>
                <div className="grid gap-3 p-4">
                  <Skeleton className="h-8 w-40" />
                  <Skeleton className="ms-auto h-8 w-32" />
                </div>
              </Loading>
            )}
          </div>
        )}
        {mayWrite && (
          <PhoneWriter place={place} name={name} replyTo={replyTo} onReplyEnd={() => setReplyTo(undefined)} />
        )}
      </div>
    </section>
  );
}

interface LogProps {
  messages: readonly PhoneMessage[];
  place: { accountId: string; number: string };
  name: string;
  onReply: ((message: PhoneMessage) => void) | undefined;
}

/** The chat. It follows the newest message unless somebody scrolled up. */
function Log({ messages, place, name, onReply }: LogProps) {
  const { t } = useTranslation();
  const { day } = useFormat();
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const newest = messages.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message moves the end
  useLayoutEffect(() => {
    if (box.current && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [newest, messages.length]);
  return (
    <div
      ref={box}
      role="log"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
      tabIndex={0}
      aria-label={t('phone.log', { name })}
      className="flex min-h-0 flex-1 flex-col overflow-y-auto px-2.5 py-2 outline-offset-[-3px]"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
      }}
    >
      <span className="flex-1" />
      {messages.length === 0 && <p className="py-4 text-center text-13 text-muted">{t('phone.empty')}</p>}
      {messages.map((message, index) => {
        const date = day(message.at);
        const before = messages[index - 1];
        const isNewDay = before === undefined || day(before.at) !== date;
        return (
          <div key={message.id} className="contents">
            {isNewDay && (
              <p className="my-1 text-center text-12 font-medium text-muted">
                {date === day(new Date().toISOString()) ? t('phone.today') : date}
              </p>
            )}
            <PhoneBubble
              message={message}
              quoted={messages.find(({ id }) => id === message.quotes)}
              isNext={!isNewDay && before?.from === message.from}
              place={place}
              name={name}
              onReply={onReply}
            />
          </div>
        );
      })}
    </div>
  );
}
