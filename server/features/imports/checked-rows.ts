// The reader of the rows of an import, with the fields and labels that its workspace has now.
import type { Queryable } from '../../kit/db/database.ts';
import { type FieldRule, knownLabels, listFields } from '../contacts/index.ts';
import { rowsOf } from './file.ts';
import { factsOf, type ImportRowOfTable } from './import.ts';
import { type LabelBook, labelBook } from './labels.ts';
import { countriesOfFile, type FileCountries } from './phone-cell.ts';
import { type ReadRow, rowReader } from './read-row.ts';

/** How many rows tell which countries occur. */
const mostLookedAt = 2_000;

/** The countries of a file by the numbers in its first rows that need no suggestion. */
export async function countriesIn(db: Queryable, row: ImportRowOfTable): Promise<FileCountries> {
  const targets = row.columns.map(({ target }) =>
    ['phone', 'second_phone', 'country'].includes(target) ? target : 'leave_out',
  );
  const settings = { ...row.settings, numbers_have_country_code: false };
  const read = rowReader({ targets, settings, rules: [], labels: labelBook([], 0, false) });
  const phones: string[] = [];
  let looked = 0;
  for await (const rows of rowsOf(db, row.id, factsOf(row))) {
    for (const { number, cells, fault } of rows) {
      const { phone } = fault ? {} : read(cells, number);
      if (phone !== undefined) phones.push(phone);
    }
    looked += rows.length;
    if (looked >= mostLookedAt) break;
  }
  return countriesOfFile(phones);
}

/** Returns the function that reads rows, and the labels that it finds. */
export async function readerFor(
  db: Queryable,
  { workspace_id: workspaceId, columns, settings }: ImportRowOfTable,
  { already = [], countries }: { already?: readonly string[]; countries?: FileCountries } = {},
): Promise<{ read: (cells: string[], number: number) => ReadRow; labels: LabelBook }> {
  const rules: FieldRule[] = await listFields(db, workspaceId);
  const known = await knownLabels(db, workspaceId);
  const names = known.filter(({ kind }) => kind === 'contact').map(({ name }) => name);
  const labels = labelBook([...names, ...already], known.length - names.length, settings.create_labels);
  const targets = columns.map(({ target }) => target);
  const keys = columns.map(({ key }) => key);
  return { read: rowReader({ targets, keys, settings, rules, labels, ...(countries && { countries }) }), labels };
}
