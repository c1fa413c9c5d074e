// The rows of an import by their fate, once it ran.
import type { Import, ImportRow } from '@recado/client';
import type { ImportFate } from '@recado/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download, TableProperties } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../../components/button.tsx';
import { Chip, Chips } from '../../../../components/choose.tsx';
import { ListTable } from '../../../../components/list-table.tsx';
import { Empty } from '../../../../components/states.tsx';
import { badRowsOf, importRowsQuery } from '../../../../data/imports.ts';
import { useFormat } from '../../../../kit/format.ts';
import { phoneToRead } from '../../../../kit/phone.ts';
import { useRowWords } from '../words.ts';
import { FatePill } from './fate-pill.tsx';

/** The fates that a row can have at the end. */
const fates = ['created', 'updated', 'unchanged', 'skipped', 'duplicate', 'invalid'] as const satisfies ImportFate[];

interface Props {
  given: Import;
  fate: ImportFate | undefined;
  onFate: (fate: ImportFate | undefined) => void;
}

export function RowsPart({ given: { id, counts }, fate, onFate }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const rows = useInfiniteQuery(importRowsQuery(id, fate === undefined ? {} : { fate }));
  const list = {
    ...rows,
    data: rows.data && { ...rows.data, rows: rows.data.rows.map(row => ({ ...row, id: String(row.row) })) },
  };
  const isGone = fate === undefined || (fates.some(each => each === fate) && counts[fate] > 0);
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2>{t('imports.result.rows')}</h2>
        {counts.invalid > 0 && (
          <a href={badRowsOf(id)} download className={buttonLook('line', 'small')}>
            <Download size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
            {t('imports.bad.downloadCount', { count: counts.invalid })}
          </a>
        )}
      </div>
      <Chips label={t('imports.result.fates')}>
        <Chip pressed={fate === undefined} count={number(counts.rows)} onClick={() => onFate(undefined)}>
          {t('imports.result.all')}
        </Chip>
        {fates
          .filter(each => counts[each] > 0)
          .map(each => (
            <Chip key={each} pressed={fate === each} count={number(counts[each])} onClick={() => onFate(each)}>
              {t(`imports.fate.${each}`)}
            </Chip>
          ))}
      </Chips>
      <ListTable
        list={list}
        label={t('imports.result.rows')}
        failed={t('imports.bad.failed')}
        columns={useColumns()}
        short
        empty={
          <Empty icon={TableProperties} title={t('imports.result.noRows')}>
            {t(isGone ? 'imports.result.gone' : 'imports.result.noRowsWords')}
          </Empty>
        }
      />
    </section>
  );
}

function useColumns() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const wordsOf = useRowWords();
  return [
    { head: t('imports.result.number'), end: true, look: 'text-muted', cell: ({ row }: ImportRow) => number(row) },
    { head: t('form.name'), look: 'max-w-72 cut font-medium', cell: (row: ImportRow) => <Named row={row} /> },
    {
      head: t('contacts.number'),
      look: 'text-muted',
      cell: ({ phone }: ImportRow) => phone !== null && <bdi dir="ltr">{phoneToRead(phone)}</bdi>,
    },
    { head: t('imports.result.fate'), cell: ({ fate }: ImportRow) => <FatePill fate={fate} /> },
    { head: t('imports.result.why'), look: 'small-full wide text-muted', title: wordsOf, cell: wordsOf },
  ];
}

/** The name, which leads to the contact. */
function Named({ row: { contact_id: id, name, phone } }: { row: ImportRow }) {
  const { t } = useTranslation();
  const shown = name ?? (phone === null ? t('imports.result.nobody') : phoneToRead(phone));
  if (id === null) return <bdi>{shown}</bdi>;
  return (
    <Link to="/contacts/$contactId" params={{ contactId: id }} className="text-text no-underline hover:underline">
      <bdi>{shown}</bdi>
    </Link>
  );
}
