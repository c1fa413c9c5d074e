// The columns of the queue's table, and what stands in their cells.
import type { Account, Contact, Message, MessageReasons } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { createColumnHelper, rowSelectionFeature, tableFeatures } from '@tanstack/react-table';
import { createContext, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { Leaves } from '../../../components/message/leaves.tsx';
import { StatusWord, Tick } from '../../../components/tick.tsx';
import type { Target } from '../../../data/bulk.ts';
import type { View } from '../../../data/queue-filter.ts';
import { useFormat } from '../../../kit/format.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { useErrorName } from '../../../words/failure.ts';
import { useSummary } from '../../../words/gist.ts';
import { RowActions } from '../actions/row-actions.tsx';

declare module '@tanstack/react-table' {
  interface ColumnMeta<TFeatures, TData, TValue> {
    /** Classes of its cells. */
    look?: string;
  }
}

interface Info {
  view: View;
  accounts: readonly Account[];
  people: ReadonlyMap<string, Contact> | undefined;
  waiting: ReadonlyMap<string, MessageReasons['data'][number]> | undefined;
  onAct: (target: Target) => void;
}

const InfoContext = createContext<Info | undefined>(undefined);
export const CellInfo = InfoContext.Provider;

function useInfo(): Info {
  const info = useContext(InfoContext);
  if (!info) throw new Error('A cell stands outside of its table.');
  return info;
}

/** What a person is called: their name, else their number. */
export const nameOf = (message: Message, people: ReadonlyMap<string, Contact> | undefined): string =>
  people?.get(message.contact_id)?.name ?? (message.to === null ? '…' : phoneToRead(message.to));

export const features = tableFeatures({ rowSelectionFeature });
const helper = createColumnHelper<typeof features, Message>();

/** The columns of a part of the queue. */
export const columnsOf = (view: View, isSelectable: boolean) =>
  helper.columns([
    ...(isSelectable
      ? [
          helper.display({
            id: 'select',
            header: ({ table }) => (
              <SelectAll
                isAll={table.getIsAllRowsSelected()}
                isSome={table.getIsSomeRowsSelected()}
                onChange={value => table.toggleAllRowsSelected(value)}
              />
            ),
            cell: ({ row }) => (
              <SelectOne
                message={row.original}
                isSelected={row.getIsSelected()}
                onChange={value => row.toggleSelected(value)}
              />
            ),
            meta: { look: 'md:w-8 pe-0! order-0!' },
          }),
        ]
      : []),
    helper.display({
      id: 'to',
      header: () => <Head name="to" />,
      cell: ({ row }) => <To message={row.original} />,
      meta: { look: 'wide md:w-[18%]!' },
    }),
    helper.display({
      id: 'message',
      header: () => <Head name="message" />,
      cell: ({ row }) => <Gist message={row.original} />,
      meta: { look: 'wide small-hidden text-muted md:w-[30%]!' },
    }),
    helper.display({
      id: 'account',
      header: () => <Head name="account" />,
      cell: ({ row }) => <AccountName message={row.original} />,
      meta: { look: 'small-hidden text-muted' },
    }),
    helper.display({
      id: 'why',
      header: () => (
        <Head name={view === 'failed' || view === 'waiting' || view === 'scheduled' ? 'reason' : 'status'} />
      ),
      cell: ({ row }) => <Why message={row.original} />,
      meta: { look: 'small-full' },
    }),
    helper.display({
      id: 'at',
      header: () => <Head name={view === 'failed' ? 'failedAt' : view === 'scheduled' ? 'sendAt' : 'since'} />,
      cell: ({ row }) => <At message={row.original} />,
      meta: { look: 'end text-muted' },
    }),
    helper.display({
      id: 'actions',
      header: () => <Head name="actions" hidden />,
      cell: ({ row }) => <Actions message={row.original} />,
      meta: { look: 'md:w-20 ps-0! pe-3!' },
    }),
  ]);

function Head({
  name,
  hidden = false,
}: {
  name: 'to' | 'message' | 'account' | 'reason' | 'status' | 'failedAt' | 'sendAt' | 'since' | 'actions';
  hidden?: boolean;
}) {
  const { t } = useTranslation();
  return <span className={hidden ? 'sr-only' : undefined}>{t(`queue.column.${name}`)}</span>;
}

interface SelectAllProps {
  isAll: boolean;
  isSome: boolean;
  onChange: (value: boolean) => void;
}

function SelectAll({ isAll, isSome, onChange }: SelectAllProps) {
  const { t } = useTranslation();
  return (
    <input
      type="checkbox"
      className="check align-middle"
      aria-label={t('queue.selectPage')}
      checked={isAll}
      ref={box => {
        if (box) box.indeterminate = isSome && !isAll;
      }}
      onChange={event => onChange(event.target.checked)}
    />
  );
}

interface SelectOneProps {
  message: Message;
  isSelected: boolean;
  onChange: (value: boolean) => void;
}

function SelectOne({ message, isSelected, onChange }: SelectOneProps) {
  const { t } = useTranslation();
  const { people } = useInfo();
  return (
    <input
      type="checkbox"
      className="check align-middle"
      tabIndex={-1}
      aria-label={t('queue.select', { name: nameOf(message, people) })}
      checked={isSelected}
      onChange={event => onChange(event.target.checked)}
    />
  );
}

function To({ message }: { message: Message }) {
  const { people } = useInfo();
  return (
    <Link
      to="/messages/$messageId"
      params={{ messageId: message.id }}
      tabIndex={-1}
      className="cut block rounded-badge font-medium hover:underline"
    >
      <bdi>{nameOf(message, people)}</bdi>
    </Link>
  );
}

function Gist({ message }: { message: Message }) {
  const gist = useSummary();
  return <bdi>{gist(message)}</bdi>;
}

function AccountName({ message }: { message: Message }) {
  const { accounts } = useInfo();
  return <bdi>{accounts.find(({ id }) => id === message.account_id)?.name ?? ''}</bdi>;
}

/** Why it failed or waits; of others, where it is. */
function Why({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { waiting } = useInfo();
  const name = useErrorName();
  const { error, status } = message;
  if (status === 'failed' && error)
    return (
      <span className="status inline-flex max-w-full items-center gap-1.5 font-medium" data-s="failed">
        <Tick status="failed" label={t('status.failed')} />
        <span className="min-w-0">
          {name(error.code, error.title)} <code className="text-12 font-normal">{error.code}</code>
        </span>
      </span>
    );
  const found = waiting?.get(message.id);
  if (!found) return <StatusWord status={status} />;
  return (
    <span className="status inline-flex items-center gap-1.5" data-s={status}>
      <Tick status={status} label={t(`status.${status}`)} />
      <span>
        <span className="font-medium">{t(`queue.reason.${found.reason}`)}</span>{' '}
        <span className="num text-muted">
          <Leaves waiting={found} />
        </span>
      </span>
    </span>
  );
}

function At({ message }: { message: Message }) {
  const { exact, clock, day } = useFormat();
  const at = message.failed_at ?? (message.status === 'scheduled' ? message.send_at : null) ?? message.created_at;
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return (
    <time dateTime={at} title={exact(at)}>
      {isToday ? clock(at) : day(at)}
    </time>
  );
}

function Actions({ message }: { message: Message }) {
  const { people, onAct } = useInfo();
  return <RowActions message={message} name={nameOf(message, people)} onAct={onAct} />;
}
