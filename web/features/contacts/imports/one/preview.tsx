// The first rows of a file, as they will be.
import type { ContactField, Import, ImportRow } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Pill } from '../../../../components/marks.tsx';
import { Answer, SkeletonLines } from '../../../../components/states.tsx';
import { Card, CardHead, Table } from '../../../../components/surfaces.tsx';
import { fieldsQuery } from '../../../../data/contact-fields.ts';
import { previewQuery } from '../../../../data/imports.ts';
import { phoneToRead } from '../../../../kit/phone.ts';
import { useFieldValue } from '../../contact/facts-card.tsx';
import { useLanguageName } from '../../contact/languages.ts';
import { FatePill } from './fate-pill.tsx';

export function Preview({ given }: { given: Import }) {
  const { t } = useTranslation();
  const rows = useQuery(previewQuery(given.id));
  const columns = usePreviewColumns(given);
  return (
    <Card>
      <CardHead title={t('imports.check.preview')} />
      <Answer query={rows} failed={t('imports.check.previewFailed')} skeleton={<SkeletonLines rows={5} />}>
        {data => (
          <Table label={t('imports.check.preview')} bare short>
            <thead>
              <tr>
                <th scope="col" className="end">
                  {t('imports.bad.row')}
                </th>
                {columns.map(({ target, head }) => (
                  <th key={target} scope="col">
                    {head}
                  </th>
                ))}
                <th scope="col">{t('imports.result.fate')}</th>
              </tr>
            </thead>
            <tbody>
              {data.map(row => (
                <tr key={row.row}>
                  <td className="end text-muted" data-label={t('imports.bad.row')}>
                    {row.row}
                  </td>
                  {columns.map(({ target, cell, isMain }) => (
                    <td key={target} className={isMain ? 'font-medium' : 'small-full'}>
                      {cell(row)}
                    </td>
                  ))}
                  <td>
                    <FatePill fate={row.fate} />
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </Answer>
    </Card>
  );
}

interface PreviewColumn {
  target: string;
  head: string;
  cell: (row: ImportRow) => ReactNode;
  isMain?: boolean;
}

/** Only what a column of the file becomes. */
function usePreviewColumns({ columns }: Import): PreviewColumn[] {
  const { t } = useTranslation();
  const languageName = useLanguageName();
  const valueIn = useFieldValue();
  const fields = useQuery(fieldsQuery).data ?? [];
  const targets = columns.map(({ target, key }) => (key === null ? target : `value.${key}`));
  const has = (target: string) => targets.includes(target);
  const own = fields.filter(({ key }) => has(`fields.${key}`));
  const all: PreviewColumn[] = [
    { target: 'name', head: t('form.name'), isMain: true, cell: ({ name }) => <bdi>{name}</bdi> },
    {
      target: 'phone',
      head: t('contacts.number'),
      cell: ({ phone }) => phone !== null && <bdi dir="ltr">{phoneToRead(phone)}</bdi>,
    },
    { target: 'reference', head: t('inbox.fact.reference'), cell: ({ reference }) => <bdi>{reference}</bdi> },
    {
      target: 'language',
      head: t('contacts.language'),
      cell: ({ language }) => language !== null && languageName(language),
    },
    ...columns.flatMap(({ key, name }) => {
      const cell = ({ values }: ImportRow) => key !== null && <bdi>{values[key]}</bdi>;
      return key === null ? [] : [{ target: `value.${key}`, head: name || key, cell }];
    }),
    ...own.map((field: ContactField) => ({
      target: `fields.${field.key}`,
      head: field.name,
      cell: (row: ImportRow) => <bdi>{valueIn(field, row)}</bdi>,
    })),
    {
      target: 'labels',
      head: t('labels.title'),
      cell: ({ labels }) => (
        <span className="flex flex-wrap gap-1 md:flex-nowrap">
          {labels.map(label => (
            <Pill key={label}>
              <bdi>{label}</bdi>
            </Pill>
          ))}
        </span>
      ),
    },
    {
      target: 'opt_out',
      head: t('imports.columns.target.opt_out'),
      cell: ({ opt_out: out }) => out !== null && <Pill tone="danger">{t(`contacts.optedOut.${out}`)}</Pill>,
    },
  ];
  return all.filter(({ target }) => has(target));
}
