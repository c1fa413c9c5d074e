// A page about one list: its count in the head, or in its tab, and the table.
import type { ComponentProps, ReactNode } from 'react';
import type { ApiExample } from './api-button.tsx';
import { ListTable, useCount } from './list-table.tsx';
import { Page } from './page.tsx';

interface Props<Row extends { id: string }> extends ComponentProps<typeof ListTable<Row>> {
  title: string;
  /** The same in a program. */
  example: ApiExample;
  /** In the head. */
  buttons?: ReactNode;
  /** The tabs of the part of the app; the count stands in them instead of in the head. */
  tabs?: (count: string | undefined) => ReactNode;
  /** Above the table. */
  before?: ReactNode;
  /** Below the table, and dialogs. */
  children?: ReactNode;
}

export function ListPage<Row extends { id: string }>(props: Props<Row>) {
  const { title, example, buttons, tabs, before, children, ...table } = props;
  const count = useCount(table.list);
  return (
    <Page title={title} count={tabs ? undefined : count} example={example} actions={buttons}>
      {tabs?.(count)}
      {before}
      <ListTable {...table} />
      {children}
    </Page>
  );
}
