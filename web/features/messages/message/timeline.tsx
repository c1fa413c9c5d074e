// The timeline of a message: each event with its moment, what passed since the one before, and why.

import type { Account, MessageDetails } from '@recado/client';
import { FileText, type LucideIcon, PencilLine, Scale, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { type MessageStatus, Tick } from '../../../components/tick.tsx';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import { underscored } from '../../../words/event.ts';
import { useErrorName } from '../../../words/failure.ts';

type TimelineEvent = MessageDetails['events'][number];

const marks: Partial<Record<TimelineEvent['type'], MessageStatus | LucideIcon>> = {
  'message.scheduled': 'scheduled',
  'message.queued': 'queued',
  'message.sending': 'sending',
  'message.retry_scheduled': 'queued',
  'message.sent': 'sent',
  'message.delivered': 'delivered',
  'message.read': 'read',
  'message.played': 'played',
  'message.failed': 'failed',
  'message.unknown': 'unknown',
  'message.held': 'unknown',
  'message.resolved': Scale,
  'message.reconciled': Undo2,
  'message.duplicated': 'unknown',
  'message.undelivered': 'queued',
  'message.stuck': 'queued',
  'message.cancelled': 'cancelled',
  'message.expired': 'expired',
  'message.received': 'received',
  'message.imported': 'received',
  'message.standby': 'received',
  'message.edited': PencilLine,
  'media.stored': FileText,
  'media.failed': 'failed',
  'media.expired': 'expired',
};

function Mark({ type }: { type: TimelineEvent['type'] }) {
  const mark = marks[type] ?? FileText;
  if (typeof mark === 'string')
    return (
      <span className="status" data-s={mark}>
        <Tick status={mark} />
      </span>
    );
  const Icon = mark;
  return <Icon size={16} strokeWidth={1.75} className="text-faint" aria-hidden="true" />;
}

interface Props {
  message: MessageDetails;
  account: Account | undefined;
}

export function Timeline({ message, account }: Props) {
  const { t } = useTranslation();
  const { day, exact, gap, precise } = useFormat();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Card>
      <CardHead title={t('message.timeline')}>
        <span className="text-13 text-muted max-md:hidden">
          {t('message.zone', { zone, day: day(message.created_at) })}
        </span>
      </CardHead>
      <CardBody>
        <ol>
          {message.events.map((event, index) => {
            const before = message.events[index - 1];
            const isLast = index === message.events.length - 1;
            return (
              <li
                key={event.number}
                className="relative grid grid-cols-[20px_minmax(0,1fr)] gap-x-2.5 pb-4 last:pb-0 md:grid-cols-[104px_20px_minmax(0,1fr)]"
              >
                <time
                  dateTime={event.at}
                  title={exact(event.at)}
                  className="num order-3 col-start-2 font-mono text-12/5 text-muted md:order-none md:col-start-auto md:text-end"
                >
                  <bdi>{precise(event.at)}</bdi>
                </time>
                <span
                  className={cx(
                    'relative row-span-2 grid justify-items-center md:row-span-1',
                    !isLast &&
                      'after:absolute after:top-6 after:-bottom-3.5 after:border-s-[1.5px] after:border-border',
                  )}
                >
                  <span className="grid h-5 place-items-center">
                    <Mark type={event.type} />
                  </span>
                </span>
                <div className="min-w-0">
                  <p>
                    <span className="font-medium">
                      <EventName event={event} />
                    </span>{' '}
                    {before && <span className="num text-12 text-faint">+{gap(before.at, event.at)}</span>}
                  </p>
                  <Why event={event} message={message} account={account} />
                </div>
              </li>
            );
          })}
        </ol>
      </CardBody>
    </Card>
  );
}

function EventName({ event }: { event: TimelineEvent }) {
  const { t } = useTranslation();
  const { data, type } = event;
  if (type === 'message.queued' && data.retry === true) return t('message.event.again');
  if (type === 'message.sending') return t('message.event.message_sending', { number: String(data.attempt ?? '') });
  return t(`message.event.${underscored(type)}`);
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** The details of an event, where there are any. */
function Why({ event, message }: { event: TimelineEvent } & Props) {
  const { t } = useTranslation();
  const { clock } = useFormat();
  const errorName = useErrorName();
  const { data, type } = event;
  const code = textOf(data.code);
  const lines: ReactNode[] = [];
  if (event.number === 1 && message.created_by) lines.push(t('message.by', { name: message.created_by.name }));
  if (code !== '') lines.push(`${errorName(code, textOf(data.title))} (${code})`);
  if (type === 'message.retry_scheduled' && textOf(data.due_at) !== '')
    lines.push(t('message.nextTry', { time: clock(textOf(data.due_at)) }));
  if (type === 'message.resolved') {
    const resolution = textOf(data.resolution);
    if (resolution === 'sent' || resolution === 'failed' || resolution === 'retry')
      lines.push(t(`message.resolvedAs.${resolution}`));
  }
  if (type === 'message.unknown') lines.push(t('message.unknownWords'));
  if (type === 'message.held') lines.push(t('message.heldWords'));
  if (lines.length === 0) return null;
  return (
    <p className="text-13 wrap-anywhere text-muted">
      <bdi>{lines.join(' · ')}</bdi>
    </p>
  );
}
