// The messages of the queue as a table that is rendered as far as it is seen. Below 768 px each row is a card.
import type { Account, Contact, Message, MessageReasons } from '@recado/client';
import { useNavigate } from '@tanstack/react-router';
import { type RowSelectionState, useTable } from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Table } from '../../../components/surfaces.tsx';
import type { Target } from '../../../data/bulk.ts';
import type { Row } from '../../../data/held-rows.ts';
import type { View } from '../../../data/queue-filter.ts';
import { cx } from '../../../kit/class-names.ts';
import { useHotkeys } from '../../../kit/hotkeys.ts';
import { CellInfo, columnsOf, features, nameOf } from './columns.tsx';
import { useRowKeys } from './use-row-keys.ts';

/** Fewer are all rendered. */
const fewRows = 60;
const rowHeight = 40;

interface Props {
  view: View;
  rows: readonly Row[];
  accounts: readonly Account[];
  people: ReadonlyMap<string, Contact> | undefined;
  waiting: ReadonlyMap<string, MessageReasons['data'][number]> | undefined;
  selected: RowSelectionState;
  /** Without it nothing can be selected. */
  onSelect: ((selected: RowSelectionState) => void) | undefined;
  onAct: (target: Target) => void;
  foot: ReactNode;
}

export function MessagesTable(props: Props) {
  const { view, rows, accounts, people, waiting, selected, onSelect, onAct, foot } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const body = useRef<HTMLTableSectionElement>(null);
  const [current, setCurrent] = useState(0);
  const isSelectable = onSelect !== undefined;
  const columns = useMemo(() => columnsOf(view, isSelectable), [view, isSelectable]);
  const data = useMemo(() => rows.map(({ message }) => message), [rows]);
  const table = useTable({
    features,
    columns,
    data,
    getRowId: (message: Message) => message.id,
    state: { rowSelection: selected },
    onRowSelectionChange: next => onSelect?.(typeof next === 'function' ? next(selected) : next),
  });
  const models = table.getRowModel().rows;
  const virtual = useWindowVirtualizer({
    count: models.length,
    estimateSize: () => rowHeight,
    overscan: 20,
    scrollMargin: body.current?.offsetTop ?? 0,
    enabled: models.length > fewRows,
  });
  const items =
    models.length > fewRows ? virtual.getVirtualItems() : models.map((_, index) => ({ index, start: 0, end: 0 }));
  const margin = models.length > fewRows ? virtual.options.scrollMargin : 0;
  const before = (items[0]?.start ?? margin) - margin;
  const after = models.length > fewRows ? virtual.getTotalSize() - ((items.at(-1)?.end ?? margin) - margin) : 0;
  const move = (index: number) => {
    setCurrent(index);
    if (models.length > fewRows) virtual.scrollToIndex(index);
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  };
  const keys = useRowKeys({ ids: models.map(({ id }) => id), current, onMove: move, selected, onSelect });
  // From elsewhere in the page, j and k lead into the table.
  useHotkeys({ rowNext: () => move(current), rowPrevious: () => move(current) });
  const openRow = ({ target }: MouseEvent<HTMLElement>, id: string) => {
    // Links, buttons and boxes of the row do something else, and a marked text is to be copied.
    const isOther = target instanceof Element && target.closest('a, button, input, label, [role="menu"]') !== null;
    if (isOther || getSelection()?.toString()) return;
    void navigate({ to: '/messages/$messageId', params: { messageId: id } });
  };
  const at = Math.min(current, models.length - 1);
  return (
    <CellInfo value={{ view, accounts, people, waiting, onAct }}>
      <div className="overflow-clip rounded-card border border-border bg-surface">
        <Table label={t('queue.messages', { view: t(`queue.view.${view}`) })} bare short>
          <thead>
            {table.getHeaderGroups().map(group => (
              <tr key={group.id}>
                {group.headers.map(header => (
                  <th key={header.id} scope="col" className={header.column.columnDef.meta?.look}>
                    <table.FlexRender header={header} />
                  </th>
                ))}
              </tr>
            ))}
          </thead>
          <tbody ref={body} onKeyDown={keys}>
            <Spacer height={before} />
            {items.map(({ index }) => {
              const row = models[index];
              if (!row) return null;
              const isSelected = selected[row.id] ?? false;
              return (
                <tr
                  key={row.id}
                  ref={virtual.measureElement}
                  data-index={index}
                  data-id={row.id}
                  tabIndex={index === at ? 0 : -1}
                  aria-selected={onSelect ? isSelected : undefined}
                  aria-label={nameOf(row.original, people)}
                  onFocus={() => setCurrent(index)}
                  onClick={event => openRow(event, row.id)}
                  className={cx(
                    'group/row cursor-pointer focus-visible:-outline-offset-2',
                    rows[index]?.hasLeft && 'is-off',
                  )}
                >
                  {row.getAllCells().map(cell => (
                    <td key={cell.id} className={cell.column.columnDef.meta?.look}>
                      <table.FlexRender cell={cell} />
                    </td>
                  ))}
                </tr>
              );
            })}
            <Spacer height={after} />
          </tbody>
        </Table>
        <div className="flex min-h-12 items-center gap-3 border-t border-border px-4 py-2 text-13 text-muted md:px-5">
          {foot}
        </div>
      </div>
    </CellInfo>
  );
}

/** The place of rows that are not rendered. */
const Spacer = ({ height }: { height: number }) =>
  height > 0 && (
    <tr>
      <td className="border-0! p-0!" style={{ height }} />
    </tr>
  );
