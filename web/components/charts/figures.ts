// The figures of a chart, which are a table and a file too.
import { csvLine } from '@recado/contract';

interface FigureColumn {
  name: string;
  /** How people read a value; a file has the number. */
  format: (value: number) => string;
}

export interface Figures {
  /** What the rows are: "Hour", "Account". */
  of: string;
  columns: readonly FigureColumn[];
  /** Null: not known, or not yet. */
  rows: readonly { name: string; values: readonly (number | null)[] }[];
}

/** The figures as CSV. */
export const csvOf = ({ of, columns, rows }: Figures): string =>
  [[of, ...columns.map(({ name }) => name)], ...rows.map(({ name, values }) => [name, ...values])]
    .map(cells => csvLine(cells))
    .join('');
