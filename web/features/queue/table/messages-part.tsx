// The list of the queue: tabs, filters, what is new, the table, and the bar of what is selected.
import type { Account } from '@recado/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { RowSelectionState } from '@tanstack/react-table';
import { ArrowUp, CircleCheck, SearchX } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { BulkDialog } from '../../../components/message/bulk-dialog.tsx';
import { Empty, Failed, Loading, SkeletonRows } from '../../../components/states.tsx';
import { actionOf, type Target } from '../../../data/bulk.ts';
import { contactsOfQuery } from '../../../data/contacts.ts';
import { useRows } from '../../../data/held-rows.ts';
import { useMay } from '../../../data/me.ts';
import { queuedMessagesQuery, waitingQuery } from '../../../data/queue.ts';
import { isOpen, type QueueFilter } from '../../../data/queue-filter.ts';
import { useFormat } from '../../../kit/format.ts';
import { DemoButton } from '../../demo/index.ts';
import type { QueueSearch } from '../search.ts';
import { FindMessages } from './find-messages.tsx';
import { MessagesTable } from './messages-table.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { type Counted, Filters, QueueTabs } from './tabs.tsx';

interface Props {
  filter: QueueFilter;
  accounts: readonly Account[];
  counts: Counted;
  onChange: (change: Partial<QueueSearch>) => void;
}

export function MessagesPart({ filter, accounts, counts, onChange }: Props) {
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <QueueTabs filter={filter} counts={counts} />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <Filters filter={filter} accounts={accounts} onChange={onChange} />
        <FindMessages onContact={contact => onChange({ contact })} />
      </div>
      <MessageList key={JSON.stringify(filter)} filter={filter} accounts={accounts} onChange={onChange} />
    </section>
  );
}

function MessageList({ filter, accounts, onChange }: Omit<Props, 'counts'>) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const mayUpdate = useMay('messages.update');
  const mayCreate = useMay('messages.create');
  const query = useInfiniteQuery(queuedMessagesQuery(filter));
  const read = useMemo(() => query.data?.pages.flatMap(({ data }) => data), [query.data]);
  const { rows, fresh, renew } = useRows(JSON.stringify(filter), read, !query.hasNextPage);
  const messages = useMemo(() => (rows ?? []).map(({ message }) => message), [rows]);
  const people = useQuery(contactsOfQuery(messages)).data;
  const waiting = useQuery(waitingQuery(filter.account, isOpen(filter.view) ? messages.map(({ id }) => id) : [])).data;
  const [selected, setSelected] = useState<RowSelectionState>({});
  const [isAll, setAll] = useState(false);
  const [target, setTarget] = useState<Target>();
  const action = actionOf(filter.view, { mayUpdate, mayCreate });
  const total = query.data?.pages[0]?.page.total ?? null;
  const ids = Object.keys(selected);
  const select = (next: RowSelectionState) => {
    setSelected(next);
    setAll(false);
  };

  if (query.error && !query.data)
    return <Failed title={t('queue.failed')} error={query.error} retry={() => void query.refetch()} />;
  if (!rows)
    return (
      <Loading>
        <SkeletonRows rows={8} />
      </Loading>
    );
  if (rows.length === 0) return <Nothing filter={filter} onChange={onChange} />;
  return (
    <>
      {fresh > 0 && (
        <Button kind="line" size="small" icon={ArrowUp} className="justify-self-center" onClick={renew}>
          {t('queue.fresh', { count: fresh })}
        </Button>
      )}
      <MessagesTable
        view={filter.view}
        rows={rows}
        accounts={accounts}
        people={people}
        waiting={waiting}
        selected={isAll ? Object.fromEntries(messages.map(({ id }) => [id, true as const])) : selected}
        onSelect={action ? select : undefined}
        onAct={setTarget}
        foot={
          <>
            <span className="num flex-1">
              {total === null
                ? t('queue.shownOfMany', { shown: number(rows.length) })
                : t('queue.shownOf', { shown: number(rows.length), all: number(Math.max(total, rows.length)) })}
            </span>
            {query.hasNextPage && (
              <Button
                kind="line"
                size="small"
                busy={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {t('queue.earlier')}
              </Button>
            )}
          </>
        }
      />
      {action && ids.length > 0 && (
        <SelectionBar
          action={action}
          count={isAll ? total : ids.length}
          isAll={isAll}
          all={filter.reason === undefined && (total === null || total > ids.length) ? { total } : undefined}
          onAll={() => setAll(true)}
          onClear={() => select({})}
          onAct={() => setTarget({ action, ids, ...(isAll && { all: { filter, total } }) })}
        />
      )}
      {target && (
        <BulkDialog
          target={target}
          onClose={isDone => {
            setTarget(undefined);
            if (!isDone) return;
            select({});
            void query.refetch().then(renew);
          }}
        />
      )}
    </>
  );
}

function Nothing({ filter, onChange }: Pick<Props, 'filter' | 'onChange'>) {
  const { t } = useTranslation();
  const isNarrow =
    filter.account !== undefined ||
    filter.contact !== undefined ||
    (filter.view === 'failed' && filter.error !== undefined) ||
    filter.reason !== undefined;
  return (
    <div className="rounded-card border border-border bg-surface">
      {isNarrow ? (
        <Empty
          icon={SearchX}
          title={t('queue.nothingFits')}
          action={
            <Button
              kind="line"
              onClick={() => onChange({ account: undefined, contact: undefined, error: undefined, reason: undefined })}
            >
              {t('queue.clear')}
            </Button>
          }
        >
          {t('queue.nothingFitsWords')}
        </Empty>
      ) : (
        <Empty
          icon={CircleCheck}
          title={t(`queue.empty.${filter.view}`, { range: t(`queue.inRange.${filter.range}`) })}
          action={<DemoButton kind="line" />}
        />
      )}
    </div>
  );
}
