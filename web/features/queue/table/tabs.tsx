// The parts of the queue as tabs with their counts, and the filters of the list.

import type { Account, QueueReasons, Statistics } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Chip, Chips, TabLinks, tabLook } from '../../../components/choose.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { contactQuery } from '../../../data/contacts.ts';
import { useMay } from '../../../data/me.ts';
import { errorsQuery } from '../../../data/queue.ts';
import { isOpen, type QueueFilter, ranges, type View } from '../../../data/queue-filter.ts';
import { useFormat } from '../../../kit/format.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { useTextOr } from '../../../kit/text-or.ts';
import { useErrorName } from '../../../words/failure.ts';
import type { QueueSearch } from '../search.ts';
import { stripCounts } from '../strip-card.tsx';

export interface Counted {
  reasons: QueueReasons | undefined;
  statistics: Statistics | undefined;
}

const always: readonly View[] = ['waiting', 'sending', 'scheduled', 'failed', 'unknown', 'left'];

export function QueueTabs({ filter, counts }: { filter: QueueFilter; counts: Counted }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { reasons, statistics } = counts;
  const all = reasons && statistics && { ...stripCounts(reasons, statistics), scheduled: reasons.scheduled };
  const shown = always.includes(filter.view) ? always : [...always, filter.view];
  return (
    <TabLinks label={t('queue.parts')}>
      {shown.map(view => (
        <Link
          key={view}
          to="/queue"
          search={before => ({ account: before.account, contact: before.contact, range: before.range, status: view })}
          resetScroll={false}
          aria-current={view === filter.view ? 'page' : undefined}
          className={tabLook}
        >
          {t(`queue.view.${view}`)}
          {all && <span className="num font-normal text-faint">{number(all[view])}</span>}
        </Link>
      ))}
    </TabLinks>
  );
}

interface FiltersProps {
  filter: QueueFilter;
  accounts: readonly Account[];
  onChange: (change: Partial<QueueSearch>) => void;
}

export function Filters({ filter, accounts, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const { tOr } = useTextOr();
  const account = accounts.find(({ id }) => id === filter.account);
  return (
    <Chips label={t('queue.filters')}>
      {!isOpen(filter.view) &&
        ranges.map(range => (
          <Chip key={range} pressed={range === filter.range} onClick={() => onChange({ range })}>
            {t(`queue.range.${range}`)}
          </Chip>
        ))}
      {filter.account !== undefined && (
        <Chip pressed removable onClick={() => onChange({ account: undefined, reason: undefined })}>
          <bdi className="cut max-w-50">{account?.name ?? t('queue.someAccount')}</bdi>
        </Chip>
      )}
      {filter.contact !== undefined && (
        <Chip pressed removable onClick={() => onChange({ contact: undefined })}>
          <ContactName id={filter.contact} />
        </Chip>
      )}
      {filter.view === 'waiting' && filter.reason !== undefined && (
        <Chip pressed removable onClick={() => onChange({ reason: undefined })}>
          {tOr(`queue.reason.${filter.reason}`, filter.reason)}
        </Chip>
      )}
      {filter.view === 'failed' && <ErrorChip filter={filter} onChange={onChange} />}
    </Chips>
  );
}

function ContactName({ id }: { id: string }) {
  const contact = useQuery({ ...contactQuery(id), enabled: useMay('contacts.read') }).data;
  const name = contact && (contact.name ?? (contact.phone && phoneToRead(contact.phone)));
  return <bdi className="cut max-w-50">{name ?? id}</bdi>;
}

/** Chooses one of the errors that there are, with their counts. */
function ErrorChip({ filter, onChange }: Omit<FiltersProps, 'accounts'>) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const name = useErrorName();
  const errors = useQuery(errorsQuery(filter.account, filter.range)).data?.data ?? [];
  const chosen = errors.find(({ code }) => code === filter.error);
  if (filter.error !== undefined)
    return (
      <Chip pressed removable onClick={() => onChange({ error: undefined })}>
        {name(filter.error, chosen?.title ?? '')}
      </Chip>
    );
  if (errors.length === 0) return null;
  return (
    <Menu
      label={t('queue.error.label')}
      trigger={
        <button
          type="button"
          className="inline-flex h-control-s items-center gap-1.5 rounded-control border border-dashed border-line/45 bg-surface px-2 text-13 whitespace-nowrap text-muted hover:bg-hover hover:text-text"
        >
          <Plus size={14} aria-hidden="true" className="-ms-0.5" />
          {t('queue.error.label')}
        </button>
      }
    >
      {errors.map(({ code, title, messages }) => (
        <MenuItem
          key={code}
          end={<span className="num">{number(messages)}</span>}
          onSelect={() => onChange({ error: code })}
        >
          {name(code, title)} <code className="text-12 text-faint">{code}</code>
        </MenuItem>
      ))}
    </Menu>
  );
}
