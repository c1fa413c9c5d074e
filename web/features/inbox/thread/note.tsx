// Below a bubble: what a message said before, why it waits, failed or is unknown, and what to do about it.
import type { Account, Message } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../components/button.tsx';
import { Advice } from '../../../components/message/advice.tsx';
import { type MessageStatus, Tick } from '../../../components/tick.tsx';
import { useMay } from '../../../data/me.ts';
import { cancelMessage, messageQuery, retryMessage } from '../../../data/messages.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { isForTemplate, useFailureWords, useHasFailureWords } from '../../../words/failure.ts';
import { useWaitingWords } from '../../../words/waiting.ts';
import { ResolveDialog } from './resolve-dialog.tsx';

interface Props {
  message: Message;
  account: Account | undefined;
  /** What the person is called. */
  name: string;
  /** Opens the templates; undefined where none can be sent. */
  onTemplates: (() => void) | undefined;
}

export function Note(props: Props) {
  return (
    <>
      <Earlier message={props.message} />
      <Sending {...props} />
    </>
  );
}

/** What the message said before it was edited. */
function Earlier({ message: { versions, edit_unknown, edited_at } }: Pick<Props, 'message'>) {
  const { t } = useTranslation();
  const { clock } = useFormat();
  const texts = versions.filter(({ text }) => text !== null);
  if (edited_at === null || (texts.length === 0 && !edit_unknown)) return null;
  return (
    <div className="note">
      <History aria-hidden="true" className="size-4 shrink-0" />
      <div className="min-w-0">
        {edit_unknown && <p>{t('inbox.versions.unknown', { time: clock(edited_at) })}</p>}
        {texts.map(({ text, at }) => (
          <p key={at} className="whitespace-pre-wrap break-words">
            {t('inbox.versions.before', { time: clock(at) })} <bdi>“{text}”</bdi>
          </p>
        ))}
      </div>
    </div>
  );
}

function Sending({ message, account, name, onTemplates }: Props) {
  switch (message.status) {
    case 'failed':
      return <Failed message={message} account={account} onTemplates={onTemplates} />;
    case 'unknown':
      return <Unknown message={message} account={account} name={name} />;
    case 'scheduled':
    case 'queued':
      return <Waiting message={message} account={account} />;
    case 'cancelled':
    case 'expired':
      return <Ended message={message} />;
    default:
      return null;
  }
}

interface LineProps {
  status: MessageStatus;
  tone?: 'danger' | 'warning';
  children: ReactNode;
}

const Line = ({ status, tone, children }: LineProps) => (
  <div className={tone ? `note is-${tone}` : 'note'}>
    <Tick status={status} />
    <p className="min-w-0">{children}</p>
  </div>
);

function Failed({ message, account, onTemplates }: Omit<Props, 'name'>) {
  const { t } = useTranslation();
  const why = useFailureWords();
  const hasWords = useHasFailureWords();
  const mayRetry = useMay('messages.create');
  const retry = useAction(retryMessage);
  return (
    <Line status="failed" tone="danger">
      {t('inbox.notSent', { why: why(message.error, account) })}{' '}
      {message.error && !hasWords(message.error.code) && (
        <>
          <Advice error={message.error} />{' '}
        </>
      )}
      {onTemplates && isForTemplate(message.error?.code) && (
        <>
          <LinkButton onClick={onTemplates}>{t('inbox.sendTemplate')}</LinkButton>{' '}
        </>
      )}
      {mayRetry && (
        <LinkButton aria-busy={retry.isPending || undefined} onClick={() => !retry.isPending && retry.mutate(message)}>
          {t('inbox.retry')}
        </LinkButton>
      )}
    </Line>
  );
}

function Unknown({ message, account, name }: Omit<Props, 'onTemplates'>) {
  const { t } = useTranslation();
  const { clock, duration } = useFormat();
  const [open, setOpen] = useState(false);
  const mayResolve = useMay('messages.update');
  const details = useQuery(messageQuery(message.id));
  const until = details.data?.waiting?.until;
  const waited = account && duration(account.delivery.unknown_window_seconds);
  const words = until
    ? t('inbox.unknown.waiting', { time: clock(until) })
    : t('inbox.unknown.over', { time: waited ?? '', name });
  return (
    <Line status="unknown" tone="warning">
      {details.data && (details.data.waiting ? words : null)}{' '}
      {mayResolve && <LinkButton onClick={() => setOpen(true)}>{t('inbox.unknown.resolve')}</LinkButton>}
      <ResolveDialog open={open} onClose={() => setOpen(false)} message={message} name={name} />
    </Line>
  );
}

function Waiting({ message, account }: Pick<Props, 'message' | 'account'>) {
  const { t } = useTranslation();
  const { clock, day, exact } = useFormat();
  const words = useWaitingWords();
  const mayCancel = useMay('messages.update');
  // Events say nothing of reasons, so those on the screen are asked again.
  const details = useQuery({ ...messageQuery(message.id), refetchInterval: 3_000 });
  const cancel = useAction(cancelMessage);
  const waiting = details.data?.waiting;
  const isPlanned = message.status === 'scheduled' && message.send_at !== null && waiting?.reason !== 'window_closed';
  if (!isPlanned && !waiting) return null;
  return (
    <Line status={message.status}>
      {isPlanned && message.send_at !== null ? (
        <time dateTime={message.send_at} title={exact(message.send_at)}>
          {t('inbox.scheduled', { day: day(message.send_at), time: clock(message.send_at) })}
        </time>
      ) : (
        waiting && words(waiting, account)
      )}{' '}
      {mayCancel && (
        <LinkButton
          aria-busy={cancel.isPending || undefined}
          onClick={() => !cancel.isPending && cancel.mutate(message)}
        >
          {t('action.cancel')}
        </LinkButton>
      )}
    </Line>
  );
}

function Ended({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { clock } = useFormat();
  return (
    <Line status={message.status}>
      {message.status === 'cancelled'
        ? t('inbox.cancelled')
        : t('inbox.expired', { time: message.expires_at ? clock(message.expires_at) : '' })}
    </Line>
  );
}
