// The rows that are not valid: each is mended in place, and all of them go as a file.
import type { Import, ImportRow } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonLook, LinkButton } from '../../../../components/button.tsx';
import { Input } from '../../../../components/field.tsx';
import { More } from '../../../../components/list-table.tsx';
import { Answer, SkeletonLines } from '../../../../components/states.tsx';
import { Card, CardBody, CardHead, Table } from '../../../../components/surfaces.tsx';
import { badRowsOf, importRowsQuery, mendRow } from '../../../../data/imports.ts';
import { useFormat } from '../../../../kit/format.ts';
import { toast } from '../../../../kit/toasts.ts';
import { useAction } from '../../../../kit/use-action.ts';
import { useColumnName, useRowWords } from '../words.ts';

export function BadRows({ given }: { given: Import }) {
  const { t } = useTranslation();
  // Those that a number makes valid have their own table.
  const rows = useInfiniteQuery(importRowsQuery(given.id, { suggestion: 'none' }));
  const count = unreadableOf(given);
  const columnName = useColumnName();
  const body = useRef<HTMLTableSectionElement>(null);
  const title = t('imports.bad.title', { count });
  const places = new Set(rows.data?.rows.map(row => columnOf(row, given)));
  // One head for all, where all have the same column.
  const [only] = places.size === 1 ? places : [];
  const head = only === undefined ? t('imports.bad.value') : columnName(given.columns[only - 1]);
  return (
    <Card>
      <CardHead title={title}>
        <span className="text-13 text-muted max-md:hidden">{t('imports.bad.hint')}</span>
        <a href={badRowsOf(given.id)} download className={buttonLook('line', 'small')}>
          <Download size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
          {t('imports.bad.downloadCount', { count: given.counts.invalid })}
        </a>
      </CardHead>
      <Answer query={rows} failed={t('imports.bad.failed')} skeleton={<SkeletonLines rows={4} />}>
        {data => (
          <>
            <Table label={title} bare short>
              <thead>
                <tr>
                  <th scope="col" className="end">
                    {t('imports.bad.row')}
                  </th>
                  <th scope="col">{t('form.name')}</th>
                  <th scope="col">{head}</th>
                  <th scope="col">{t('imports.bad.wrong')}</th>
                  <th scope="col">
                    <span className="sr-only">{t('table.actions')}</span>
                  </th>
                </tr>
              </thead>
              <tbody ref={body}>
                {data.rows.map((row, index) => (
                  <BadRow
                    key={row.row}
                    given={given}
                    row={row}
                    onMended={() =>
                      requestAnimationFrame(() => body.current?.querySelectorAll('input')[index]?.focus())
                    }
                  />
                ))}
              </tbody>
            </Table>
            {rows.hasNextPage && (
              <CardBody className="pt-4">
                <More list={rows} />
              </CardBody>
            )}
          </>
        )}
      </Answer>
    </Card>
  );
}

/** How many rows nobody can read, and no suggestion makes valid. */
export const unreadableOf = ({ counts }: Import): number => counts.invalid - counts.suggested - counts.two_readings;

/** The column that somebody mends: the wrong one, or else the number. Undefined where no cell can be named. */
function columnOf({ column, code }: ImportRow, { columns }: Import): number | undefined {
  if (column !== null) return column;
  return code === 'nobody_named' ? columns.find(({ target }) => target === 'phone')?.column : undefined;
}

interface Props {
  given: Import;
  row: ImportRow;
  /** After the row has left the table by the keyboard. */
  onMended: () => void;
}

function BadRow({ given, row, onMended }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const columnName = useColumnName();
  const wordsOf = useRowWords();
  const column = columnOf(row, given);
  const saved = column === undefined ? '' : (row.cells?.[column - 1] ?? '');
  const [typed, setTyped] = useState(saved);
  const hasFocus = useRef(false);
  const mend = useAction({
    ...mendRow,
    onDone: ({ fate }) => {
      if (fate === 'invalid') return;
      toast(t('imports.bad.mended', { number: number(row.row) }));
      if (hasFocus.current) onMended();
    },
  });
  const save = (value: string, isKey: boolean) => {
    if (column === undefined || mend.isPending || value === saved) return;
    hasFocus.current = isKey;
    mend.mutate({ id: given.id, row: row.row, cells: [{ column, value }] });
  };
  const press = ({ key }: KeyboardEvent) => {
    if (key === 'Enter') save(typed, true);
    if (key === 'Escape') setTyped(saved);
  };
  const phoneColumn = given.columns.find(({ target }) => target === 'phone')?.column;
  const takes = row.suggestion !== null && column !== undefined && column === phoneColumn;
  return (
    <tr>
      <td className="end text-muted" data-label={t('imports.bad.row')}>
        {number(row.row)}
      </td>
      <td className="max-w-48 cut">
        {row.name === null ? <span className="text-faint">{t('imports.bad.empty')}</span> : <bdi>{row.name}</bdi>}
      </td>
      <td className="small-full md:min-w-44">
        {column !== undefined && (
          <Input
            className="h-control-s text-13"
            aria-label={t('imports.bad.cell', {
              column: columnName(given.columns[column - 1]),
              number: number(row.row),
            })}
            aria-invalid
            aria-busy={mend.isPending || undefined}
            aria-describedby={`bad-${row.row}`}
            spellCheck={false}
            autoComplete="off"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            onKeyDown={press}
            onBlur={() => save(typed, false)}
          />
        )}
      </td>
      <td
        id={`bad-${row.row}`}
        aria-live="polite"
        className="small-full max-w-120 py-2! whitespace-normal! text-danger"
      >
        {wordsOf(row)}
      </td>
      <td className="end">
        {takes && (
          <LinkButton
            aria-describedby={`bad-${row.row}`}
            onClick={() => row.suggestion && save(row.suggestion.phone, true)}
          >
            {t('imports.bad.take')}
          </LinkButton>
        )}
      </td>
    </tr>
  );
}
