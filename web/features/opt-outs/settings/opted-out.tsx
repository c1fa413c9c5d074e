// The people who opted out, newest first, and the ledger as a file.
import type { OptOut } from '@recado/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { ListTable, useCount } from '../../../components/list-table.tsx';
import { Pill } from '../../../components/marks.tsx';
import { contactsOfQuery } from '../../../data/contacts.ts';
import { useMay, useSeesNumbers } from '../../../data/me.ts';
import { ledgerFile, optOutsQuery } from '../../../data/opt-outs.ts';
import { useFormat } from '../../../kit/format.ts';
import { phoneToRead } from '../../../kit/phone.ts';

export function OptedOut() {
  const { t } = useTranslation();
  const { when, exact } = useFormat();
  const list = useInfiniteQuery(optOutsQuery);
  const count = useCount(list);
  const names = useNames(list.data?.rows ?? []);
  const seesNumbers = useSeesNumbers();
  if (list.data?.rows.length === 0) return null;
  const columns = [
    {
      head: t('optOuts.person'),
      look: 'wide',
      cell: (row: OptOut) => <Person name={names?.get(row.contact_id)?.name ?? null} phone={row.phone} />,
    },
    {
      head: t('optOuts.stops'),
      cell: ({ category }: OptOut) => (
        <Pill tone={category === 'all' ? 'danger' : 'warning'}>{t(`optOut.out.${category}`)}</Pill>
      ),
    },
    {
      head: t('optOuts.how'),
      look: 'small-full max-w-100 text-muted',
      cell: ({ source, reason }: OptOut) => (
        <>
          {t(`optOut.source.${source}`)}
          {reason && (
            <>
              {' '}
              · <bdi>{reason}</bdi>
            </>
          )}
        </>
      ),
    },
    {
      head: t('optOuts.when'),
      end: true,
      look: 'text-muted',
      title: ({ created_at: at }: OptOut) => exact(at),
      cell: ({ created_at: at }: OptOut) => when(at),
    },
  ];
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="flex-1">
          {t('optOuts.people')} {count !== undefined && <span className="num font-regular text-muted">{count}</span>}
        </h2>
        {seesNumbers && (
          <a href={ledgerFile} download className={buttonLook('line', 'small')}>
            <Download size={16} strokeWidth={1.75} aria-hidden="true" />
            {t('optOuts.export')}
          </a>
        )}
      </div>
      <ListTable list={list} label={t('optOuts.people')} failed={t('optOuts.peopleFailed')} columns={columns} />
    </section>
  );
}

function useNames(rows: readonly OptOut[]) {
  const query = contactsOfQuery(rows);
  const may = useMay('contacts.read');
  return useQuery({ ...query, enabled: may && rows.length > 0 }).data;
}

function Person({ name, phone }: { name: string | null; phone: string | null }) {
  const { t } = useTranslation();
  const number = phone === null ? null : phoneToRead(phone);
  return (
    <>
      <bdi className="cut block font-medium">{name ?? number ?? t('inbox.nameless')}</bdi>
      {name !== null && number !== null && (
        <bdi dir="ltr" className="num text-12 text-muted">
          {number}
        </bdi>
      )}
    </>
  );
}
