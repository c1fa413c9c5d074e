// A list of the API as a table: loading, failed, empty, its rows, and the rest of them on demand.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../kit/format.ts';
import { Button } from './button.tsx';
import { Answer, SkeletonRows } from './states.tsx';
import { Card, Table } from './surfaces.tsx';

/** A list that is read page by page, as `useInfiniteQuery` answers it. */
export interface ListResult<Row> {
  data: { rows: Row[]; total: number | null } | undefined;
  error: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

interface Column<Row> {
  head: string;
  cell: (row: Row) => ReactNode;
  /** Figures and dates stand at the end. */
  end?: boolean;
  /** Of the cells. */
  look?: string;
  /** A hint on the cell. */
  title?: (row: Row) => string | undefined;
}

interface Props<Row> {
  list: ListResult<Row>;
  label: string;
  /** The title of the error. */
  failed: string;
  columns: readonly Column<Row>[];
  /** The last column: what can be done with a row. */
  actions?: ((row: Row) => ReactNode) | undefined;
  /** In place of a table without rows. */
  empty?: ReactNode;
  /** Rows that count no more. */
  isOff?: (row: Row) => boolean;
  /** Rows that are not there yet. */
  skeletonRows?: number;
  /** Rows of one line. */
  short?: boolean;
  selection?: Selection<Row> | undefined;
}

interface Selection<Row> {
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
  /** Names the box of a row. */
  nameOf: (row: Row) => string;
}

export function ListTable<Row extends { id: string }>(props: Props<Row>) {
  const { t } = useTranslation();
  const { list, label, failed, columns, actions, empty, isOff, skeletonRows = 3, short, selection } = props;
  return (
    <Answer query={list} failed={failed} skeleton={<SkeletonRows rows={skeletonRows} />}>
      {({ rows }) =>
        rows.length === 0 && empty ? (
          <Card>{empty}</Card>
        ) : (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
            <Table label={label} {...(short && { short })}>
              <thead>
                <tr>
                  {selection && (
                    <th scope="col" className="w-0 pe-0!">
                      <SelectAll rows={rows} {...selection} />
                    </th>
                  )}
                  {columns.map(({ head, end }) => (
                    <th key={head} scope="col" className={end ? 'end' : undefined}>
                      {head}
                    </th>
                  ))}
                  {actions && (
                    <th scope="col">
                      <span className="sr-only">{t('table.actions')}</span>
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {rows.map(row => (
                  <tr
                    key={row.id}
                    className={isOff?.(row) ? 'is-off' : undefined}
                    aria-selected={selection?.chosen.has(row.id)}
                  >
                    {selection && (
                      <td className="w-0 pe-0! max-md:w-auto">
                        <SelectRow row={row} {...selection} />
                      </td>
                    )}
                    {columns.map(({ head, cell, end, look, title }) => (
                      <td
                        key={head}
                        className={[end && 'end', look].filter(Boolean).join(' ') || undefined}
                        title={title?.(row)}
                      >
                        {cell(row)}
                      </td>
                    ))}
                    {actions && <td className="end">{actions(row)}</td>}
                  </tr>
                ))}
              </tbody>
            </Table>
            <More list={list} />
          </div>
        )
      }
    </Answer>
  );
}

function SelectAll<Row extends { id: string }>({ rows, chosen, onChange }: Selection<Row> & { rows: readonly Row[] }) {
  const { t } = useTranslation();
  const isAll = rows.length > 0 && rows.every(({ id }) => chosen.has(id));
  return (
    <input
      type="checkbox"
      className="check block"
      aria-label={t('table.selectAll')}
      checked={isAll}
      ref={box => {
        if (box) box.indeterminate = !isAll && chosen.size > 0;
      }}
      onChange={() => onChange(new Set(isAll ? [] : rows.map(({ id }) => id)))}
    />
  );
}

function SelectRow<Row extends { id: string }>({ row, chosen, onChange, nameOf }: Selection<Row> & { row: Row }) {
  const { t } = useTranslation();
  return (
    <input
      type="checkbox"
      className="check block"
      aria-label={t('table.select', { name: nameOf(row) })}
      checked={chosen.has(row.id)}
      onChange={({ target }) => {
        const next = new Set(chosen);
        if (target.checked) next.add(row.id);
        else next.delete(row.id);
        onChange(next);
      }}
    />
  );
}

/** How much of a list is shown, and the way to the next page of it. Nothing where all is shown. */
export function More<Row>({ list }: { list: ListResult<Row> }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const count = useCount(list);
  if (!list.data || !list.hasNextPage) return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 text-13 text-muted">
      <span className="num">{t('list.shownOf', { shown: number(list.data.rows.length), all: count })}</span>
      <Button kind="line" size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {t('list.more')}
      </Button>
    </div>
  );
}

/** The API counts no further. */
const mostCounted = 10_000;

/** The rows of a list at the server, in digits; undefined until it is read. */
export function useCount<Row>({ data }: Pick<ListResult<Row>, 'data'>): string | undefined {
  const { number } = useFormat();
  if (!data) return undefined;
  return data.total === null ? `${number(mostCounted)}+` : number(data.total);
}

/** Below a choice of a list that is too long to offer all of it. */
export function CutNote({ whole }: { whole: { rows: readonly unknown[]; isCut: boolean } | undefined }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (!whole?.isCut) return null;
  return <p className="px-2 py-1.5 text-13 text-muted">{t('list.cut', { shown: number(whole.rows.length) })}</p>;
}
