// All contacts: filters in the address, labels for many at once, and an export of the shown contacts.
import type { Contact } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Ban, Download, Plus, Upload, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook } from '../../../components/button.tsx';
import { LabelPill } from '../../../components/label-pill.tsx';
import { ListPage } from '../../../components/list-page.tsx';
import { Avatar, Count, Pill } from '../../../components/marks.tsx';
import { Empty } from '../../../components/states.tsx';
import { contactsQuery, exportOf } from '../../../data/contacts.ts';
import { useMay, useMayEverywhere } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { useDayWords } from '../../inbox/index.ts';
import { useNameOf } from '../names.ts';
import { ContactsTabs } from '../tabs.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { Filters } from './filters.tsx';
import { type ContactsSearch, filterOf } from './search.ts';
import { SelectionBar } from './selection-bar.tsx';

const mostLabelsShown = 3;

export function ContactsPage() {
  const { t } = useTranslation();
  const nameOf = useNameOf();
  const mayManage = useMay('contacts.manage');
  const mayExport = useMay('contacts.export');
  const mayImport = useMayEverywhere('contacts.import');
  const search = useSearch({ from: '/inside/contacts' });
  const navigate = useNavigate();
  const change = (some: Partial<ContactsSearch>) => {
    setChosen(new Set());
    void navigate({ to: '/contacts', search: before => ({ ...before, ...some }), replace: true, resetScroll: false });
  };
  const filter = filterOf(search);
  const list = useInfiniteQuery(contactsQuery({ ...filter, sort: search.sort ?? 'name' }));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isCreating, setCreating] = useState(false);
  const isFiltered = Object.keys(filter).length > 0;
  const query = Object.entries(filter).map(([name, value]) => [name, String(value)]);
  const example = {
    method: 'GET',
    path: `/api/v1/contacts${isFiltered ? `?${new URLSearchParams(query)}` : ''}`,
    sdk: `for await (const contact of recado.contacts.list(${isFiltered ? JSON.stringify(filter) : ''}))\n  console.log(contact.name, contact.phone);`,
  };
  const buttons = (
    <>
      {mayExport && (
        <a href={exportOf(filter)} download className={buttonLook('line')}>
          <Download size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
          {t('contacts.export')}
        </a>
      )}
      {mayImport && (
        <Link to="/contacts/import" className={buttonLook('line')}>
          <Upload size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
          {t('imports.import')}
        </Link>
      )}
      {mayManage && (
        <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>
          {t('contacts.new')}
        </Button>
      )}
    </>
  );
  const empty = isFiltered ? (
    <Empty icon={Users} title={t('contacts.nothingFits')}>
      {t('contacts.nothingFitsWords')}
    </Empty>
  ) : (
    <Empty icon={Users} title={t('contacts.empty')}>
      {t('contacts.emptyWords')}
    </Empty>
  );
  return (
    <ListPage
      title={t('contacts.title')}
      example={example}
      buttons={buttons}
      tabs={count => <ContactsTabs count={count} />}
      before={<Filters search={search} onChange={change} />}
      list={list}
      label={t('contacts.title')}
      failed={t('contacts.failed')}
      skeletonRows={8}
      short
      columns={useColumns()}
      selection={mayManage ? { chosen, onChange: setChosen, nameOf } : undefined}
      empty={empty}
    >
      {chosen.size > 0 && (
        <SelectionBar chosen={chosen} filter={filter} total={list.data?.total} onClear={() => setChosen(new Set())} />
      )}
      {isCreating && <CreateDialog onClose={() => setCreating(false)} />}
    </ListPage>
  );
}

function useColumns() {
  const { t } = useTranslation();
  const { number, exact } = useFormat();
  const days = useDayWords();
  const nameOf = useNameOf();
  return [
    {
      head: t('form.name'),
      look: 'wide',
      cell: (contact: Contact) => (
        <Link
          to="/contacts/$contactId"
          params={{ contactId: contact.id }}
          className="flex min-w-0 items-center gap-2.5 text-text no-underline hover:underline"
        >
          <Avatar name={nameOf(contact)} size="small" />
          <bdi className="cut font-medium">{nameOf(contact)}</bdi>
        </Link>
      ),
    },
    {
      head: t('contacts.number'),
      look: 'num small-hidden text-muted',
      cell: ({ phone }: Contact) => phone !== null && <bdi dir="ltr">{phoneToRead(phone)}</bdi>,
    },
    { head: t('labels.title'), look: 'small-full', cell: (contact: Contact) => <Labels contact={contact} /> },
    {
      head: t('contacts.messages'),
      end: true,
      look: 'small-hidden',
      cell: ({ message_counts: { outbound, inbound } }: Contact) => number(outbound + inbound),
    },
    {
      head: t('contacts.unread'),
      end: true,
      look: 'small-hidden',
      cell: ({ unread_count: count }: Contact) => count > 0 && <Count>{number(count)}</Count>,
    },
    {
      head: t('contacts.last'),
      end: true,
      look: 'text-muted',
      title: ({ last_message_at: at }: Contact) => (at === null ? undefined : exact(at)),
      cell: ({ last_message_at: at }: Contact) => at !== null && days.short(at),
    },
  ];
}

/** The labels, and above all that the person gets nothing. */
function Labels({ contact: { labels, opted_out } }: { contact: Contact }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const more = labels.length - mostLabelsShown;
  return (
    <span className="flex flex-wrap items-center gap-1 md:flex-nowrap">
      {opted_out && (
        <Pill tone="danger" icon={Ban}>
          {t(`contacts.optedOut.${opted_out}`)}
        </Pill>
      )}
      {labels.slice(0, mostLabelsShown).map(label => (
        <LabelPill key={label.id} label={label} />
      ))}
      {more > 0 && (
        <span
          className="num text-12 text-faint"
          title={labels
            .slice(mostLabelsShown)
            .map(({ name }) => name)
            .join(', ')}
        >
          +{number(more)}
        </span>
      )}
    </span>
  );
}
