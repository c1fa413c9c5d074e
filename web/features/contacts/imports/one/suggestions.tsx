// Rows whose number is completed: all that are certain with one press, and those with several readings apart.
import type { Import, ImportRow } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../../components/banner.tsx';
import { Button } from '../../../../components/button.tsx';
import { Chip, Chips, Segments } from '../../../../components/choose.tsx';
import { More } from '../../../../components/list-table.tsx';
import { Answer, SkeletonLines } from '../../../../components/states.tsx';
import { Table } from '../../../../components/surfaces.tsx';
import { importRowsQuery, mendRow, takeSuggestions } from '../../../../data/imports.ts';
import { useFormat } from '../../../../kit/format.ts';
import { phoneToRead } from '../../../../kit/phone.ts';
import { toast } from '../../../../kit/toasts.ts';
import { useAction } from '../../../../kit/use-action.ts';
import { useCountryName } from '../words.ts';

type Shown = 'all' | 'certain' | 'two_readings' | 'known';

export function Suggestions({ given }: { given: Import }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const headId = useId();
  const [wanted, setShown] = useState<Shown>('all');
  const { suggested, two_readings: several, suggested_contacts: contacts } = given.counts;
  const take = useAction({
    ...takeSuggestions,
    onDone: () => toast(t('imports.suggested.taken', { n: number(suggested) })),
  });
  if (suggested + several === 0) return null;
  const chips: [Shown, number][] = [
    ['all', suggested + several],
    ['certain', suggested],
    ['two_readings', several],
    ['known', contacts],
  ];
  // The last rows of a choice may be taken meanwhile.
  const shown = chips.some(([each, count]) => each === wanted && count > 0) ? wanted : 'all';
  return (
    <>
      {suggested > 0 && (
        <Banner
          tone="info"
          title={t('imports.suggested.title', { n: number(suggested), rows: number(given.counts.rows) })}
          action={
            <button type="button" aria-busy={take.isPending || undefined} onClick={() => take.mutate(given.id)}>
              {t('imports.suggested.takeAll', { n: number(suggested) })}
            </button>
          }
        >
          {t('imports.suggested.words')}
        </Banner>
      )}
      <section aria-labelledby={headId} className="grid grid-cols-[minmax(0,1fr)] gap-3">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <h2 id={headId}>{t('imports.suggested.head')}</h2>
          <Chips label={t('imports.suggested.which')}>
            {chips
              .filter(([, count]) => count > 0)
              .map(([each, count]) => (
                <Chip key={each} pressed={shown === each} count={number(count)} onClick={() => setShown(each)}>
                  {t(`imports.suggested.${each}`)}
                </Chip>
              ))}
          </Chips>
        </div>
        {shown !== 'two_readings' && suggested > 0 && (
          <Certain key={shown} given={given} filter={shown === 'known' ? 'known' : 'certain'} />
        )}
        {(shown === 'all' || shown === 'two_readings') && several > 0 && <Several given={given} />}
      </section>
    </>
  );
}

/** The cell of a row with the number that it is about. */
const cellOf = ({ cells, column }: ImportRow): string => (column === null ? '' : (cells?.[column - 1] ?? ''));

function useMend(given: Import) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const mend = useAction({
    ...mendRow,
    onDone: ({ row }) => toast(t('imports.bad.mended', { number: number(row) })),
  });
  return {
    isPending: mend.isPending,
    take: ({ row, column }: ImportRow, phone: string) => {
      if (column !== null && !mend.isPending) mend.mutate({ id: given.id, row, cells: [{ column, value: phone }] });
    },
  };
}

function Certain({ given, filter }: { given: Import; filter: 'certain' | 'known' }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const countryName = useCountryName();
  const rows = useInfiniteQuery(importRowsQuery(given.id, { suggestion: filter }));
  const { take, isPending } = useMend(given);
  const heads = ['inFile', 'becomes', 'country'] as const;
  return (
    <Answer query={rows} failed={t('imports.bad.failed')} skeleton={<SkeletonLines rows={5} />}>
      {data =>
        data.rows.length === 0 ? (
          <p className="text-13 text-muted">{t('imports.suggested.none')}</p>
        ) : (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
            <Table label={t('imports.suggested.certain')} short>
              <thead>
                <tr>
                  <th scope="col" className="end">
                    {t('imports.bad.row')}
                  </th>
                  <th scope="col">{t('form.name')}</th>
                  {heads.map(head => (
                    <th key={head} scope="col">
                      {t(`imports.suggested.${head}`)}
                    </th>
                  ))}
                  <th scope="col">
                    <span className="sr-only">{t('table.actions')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.rows.map(row => (
                  <tr key={row.row}>
                    <td className="end text-muted" data-label={t('imports.bad.row')}>
                      {number(row.row)}
                    </td>
                    <td className="max-w-48 cut">
                      {row.name === null ? (
                        <span className="text-faint">{t('imports.bad.empty')}</span>
                      ) : (
                        <bdi>{row.name}</bdi>
                      )}
                    </td>
                    <td className="small-hidden text-muted">
                      <bdi dir="ltr" className="num">
                        {cellOf(row)}
                      </bdi>
                    </td>
                    <td className="small-full font-medium">
                      <bdi dir="ltr" className="num">
                        {row.suggestion && phoneToRead(row.suggestion.phone)}
                      </bdi>
                    </td>
                    <td className="small-full text-muted">
                      {[
                        row.suggestion?.country ? countryName(row.suggestion.country) : '',
                        row.suggestion?.contact_id ? t('imports.suggested.known') : '',
                      ]
                        .filter(text => text !== '')
                        .join(' · ')}
                    </td>
                    <td className="end">
                      <Button
                        kind="line"
                        size="small"
                        busy={isPending}
                        aria-label={t('imports.suggested.takeRow', { number: number(row.row) })}
                        onClick={() => row.suggestion && take(row, row.suggestion.phone)}
                      >
                        {t('imports.suggested.take')}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </Table>
            {rows.hasNextPage && <More list={rows} />}
          </div>
        )
      }
    </Answer>
  );
}

function Several({ given }: { given: Import }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const countryName = useCountryName();
  const rows = useInfiniteQuery(importRowsQuery(given.id, { suggestion: 'two_readings' }));
  const { take } = useMend(given);
  const title = t('imports.suggested.severalTitle', { n: number(given.counts.two_readings) });
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2>{title}</h2>
      <Answer query={rows} failed={t('imports.bad.failed')} skeleton={<SkeletonLines rows={2} />}>
        {data => (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
            <Table label={title} short>
              <thead>
                <tr>
                  <th scope="col" className="end">
                    {t('imports.bad.row')}
                  </th>
                  <th scope="col">{t('imports.suggested.inFile')}</th>
                  <th scope="col">{t('imports.suggested.choose')}</th>
                </tr>
              </thead>
              <tbody>
                {data.rows.map(row => (
                  <tr key={row.row}>
                    <td className="end text-muted" data-label={t('imports.bad.row')}>
                      {number(row.row)}
                    </td>
                    <td>
                      <bdi dir="ltr" className="num">
                        {cellOf(row)}
                      </bdi>
                    </td>
                    <td className="small-full">
                      <Segments
                        label={t('imports.suggested.chooseRow', { number: number(row.row) })}
                        value=""
                        options={row.readings.map(({ phone, country }) => ({
                          value: phone,
                          label: `\u2066${phoneToRead(phone)}\u2069${country === null ? '' : ` · ${countryName(country)}`}`,
                        }))}
                        onChange={phone => take(row, phone)}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </Table>
            {rows.hasNextPage && <More list={rows} />}
          </div>
        )}
      </Answer>
    </section>
  );
}
