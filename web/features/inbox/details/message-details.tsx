// The chosen message: its way through the pipeline with the reason of each delay, its error, and its ids.

import type { Account, Conversation, MessageDetails } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowUpRight } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Advice } from '../../../components/message/advice.tsx';
import { ChargeWords } from '../../../components/message/charge-words.tsx';
import { Failed, Loading, Skeleton } from '../../../components/states.tsx';
import { Facts } from '../../../components/surfaces.tsx';
import { Tick } from '../../../components/tick.tsx';
import { messageQuery } from '../../../data/messages.ts';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import { underscored } from '../../../words/event.ts';
import { useFailureWords } from '../../../words/failure.ts';
import { useWaitingWords } from '../../../words/waiting.ts';
import { useContactName } from '../names.ts';
import { MessageView } from '../thread/message-view.tsx';
import { CopyId } from './copy-id.tsx';
import { Section } from './section.tsx';
import { type Moment, momentsOf, tookMs, wayOf, widthOf } from './timeline.ts';

interface Props {
  id: string;
  conversation: Conversation;
  account: Account | undefined;
}

export function MessageDetailsView({ id, conversation, account }: Props) {
  const { t } = useTranslation();
  const name = useContactName()(conversation.contact);
  const read = useQuery(messageQuery(id));
  const message = read.data;
  if (!message)
    return read.isError ? (
      <Failed title={t('inbox.message.failed')} error={read.error} retry={() => void read.refetch()} />
    ) : (
      <Loading>
        <div className="grid gap-4 p-5">
          <Skeleton className="h-16 w-full" />
          <Skeleton className="h-2.5 w-40" />
          <Skeleton className="h-2.5 w-56" />
        </div>
      </Loading>
    );
  return (
    <div>
      <div className="flex flex-col border-b border-border bg-canvas p-4 [&_.msg]:max-w-full! md:p-5">
        <MessageView message={message} name={name} />
      </div>
      <Way message={message} account={account} />
      <Section>
        <MessageFacts message={message} account={account} />
        <Link
          to="/messages/$messageId"
          params={{ messageId: id }}
          className="link inline-flex items-center gap-1 text-13"
        >
          {t('inbox.message.asPage')}
          <ArrowUpRight size={14} strokeWidth={1.75} aria-hidden="true" className="flip" />
        </Link>
      </Section>
    </div>
  );
}

function Way({ message, account }: { message: MessageDetails; account: Account | undefined }) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  const waits = useWaitingWords();
  const way = wayOf(message);
  const took = tookMs(way);
  const moments = momentsOf(message);
  const isOurs = message.direction === 'outbound';
  const last = way.at(-1)?.station;
  return (
    <Section
      title={t('inbox.message.way')}
      end={
        isOurs &&
        took >= 1_000 &&
        last &&
        t('inbox.message.took', { time: duration(took / 1_000), stage: t(`stage.${last}`) })
      }
    >
      {isOurs && (
        <div className="flex h-2.5 gap-0.5" aria-hidden="true">
          {way.map(({ station, ms }) => (
            <span
              key={station}
              className="rounded-[2px] bg-(--c)"
              style={{ '--c': `var(--stage-${station})`, flex: widthOf(ms) } as CSSProperties}
            />
          ))}
        </div>
      )}
      <ol className="relative mt-1">
        {moments.map((moment, index) => (
          <MomentRow key={moment.number} moment={moment} isLast={index === moments.length - 1}>
            <MomentWords moment={moment} message={message} account={account} />
          </MomentRow>
        ))}
      </ol>
      {message.waiting && <p className="text-13 text-muted">{waits(message.waiting, account)}</p>}
    </Section>
  );
}

function MomentRow({ moment, isLast, children }: { moment: Moment; isLast: boolean; children: ReactNode }) {
  const { exact, gap, seconds } = useTimes();
  return (
    <li className="relative grid grid-cols-[76px_20px_minmax(0,1fr)] gap-x-2 py-1.5">
      <time
        dateTime={moment.at}
        title={exact(moment.at)}
        className="text-end font-mono text-12/5 whitespace-nowrap text-muted"
      >
        {moment.since === undefined || moment.since >= 60_000 ? seconds(moment.at) : gap(moment.since)}
      </time>
      <span
        className={cx(
          'z-1 grid h-5 place-items-center bg-surface',
          moment.tone === 'danger' && 'text-danger',
          moment.tone === 'warning' && 'text-warning',
          !moment.tone && (isLast ? 'text-accent-text' : 'text-faint'),
        )}
      >
        <Tick status={moment.tick} />
      </span>
      <div className="min-w-0">{children}</div>
      {!isLast && <span className="absolute start-[93px] top-6 -bottom-2.5 border-s-[1.5px] border-border" />}
    </li>
  );
}

function useTimes() {
  const { i18n } = useTranslation();
  const { exact } = useFormat();
  return {
    exact,
    /** "18:20:04". */
    seconds: (at: string) =>
      new Intl.DateTimeFormat(i18n.language, { hour: 'numeric', minute: '2-digit', second: '2-digit' }).format(
        new Date(at),
      ),
    /** "+0.054s"; below ten seconds to the millisecond, as on the page of the message. */
    gap: (ms: number) =>
      `+${new Intl.NumberFormat(i18n.language, {
        style: 'unit',
        unit: 'second',
        unitDisplay: 'narrow',
        minimumFractionDigits: ms < 10_000 ? 3 : 0,
        maximumFractionDigits: ms < 10_000 ? 3 : 0,
      }).format(ms / 1_000)}`,
  };
}

interface MomentProps {
  moment: Moment;
  message: MessageDetails;
  account: Account | undefined;
}

function MomentWords({ moment, message, account }: MomentProps) {
  const { t } = useTranslation();
  const why = useFailureWords();
  const { type, error, attempt, number } = moment;
  const isFirst = number === 1 && type === 'message.queued';
  const name = isFirst ? 'accepted' : underscored(type);
  const by = isFirst || type === 'message.scheduled' ? message.created_by?.name : undefined;
  const isReceived = type === 'message.read' && message.direction === 'inbound';
  return (
    <>
      <div className="font-medium">
        {isReceived ? t('inbox.event.marked_read') : t(`inbox.event.${name}`, { number: attempt ?? '' })}
      </div>
      {by !== undefined && (
        <div className="text-13 text-muted">
          <bdi>{t('inbox.event.by', { name: by })}</bdi>
        </div>
      )}
      {error && (
        <div className="text-13 text-muted">
          {type === 'message.failed' ? why(message.error, account) : `${error.title} (${error.code}).`}
        </div>
      )}
    </>
  );
}

function MessageFacts({ message, account }: { message: MessageDetails; account: Account | undefined }) {
  const { t } = useTranslation();
  const { exact, number } = useFormat();
  const facts: [string, ReactNode][] = [
    [t('inbox.message.status'), t(`status.${message.status}`)],
    [t('inbox.fact.account'), account && <bdi>{account.name}</bdi>],
    [t('inbox.message.priority'), message.priority && t(`inbox.priority.${message.priority}`)],
    [t('inbox.message.sendAt'), message.send_at && exact(message.send_at)],
    [t('inbox.message.expiresAt'), message.expires_at && exact(message.expires_at)],
    [t('inbox.message.attempts'), message.attempts.length > 0 && number(message.attempts.length)],
    [t('message.fact.cost'), message.charge && <ChargeWords key="cost" charge={message.charge} />],
    [t('inbox.message.price'), message.pricing?.category && <bdi>{message.pricing.category}</bdi>],
    [t('inbox.fact.reference'), message.reference && <bdi>{message.reference}</bdi>],
    [t('inbox.message.error'), message.error && <bdi>{`${message.error.title} (${message.error.code})`}</bdi>],
    [t('inbox.message.advice'), message.error && <Advice key="advice" error={message.error} />],
    [t('inbox.message.id'), <CopyId key="id" id={message.id} />],
    [
      t('inbox.message.channelId'),
      message.channel_message_id && <CopyId key="wamid" id={message.channel_message_id} />,
    ],
  ];
  return <Facts facts={facts.filter(([, value]) => value)} />;
}
