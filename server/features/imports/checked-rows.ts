// The reader of the rows of an import, with the fields and labels that its workspace has now.
import type { Queryable } from '../../kit/db/database.ts';
import { type FieldRule, knownLabels, listFields } from '../contacts/index.ts';
import type { ImportRowOfTable } from './import.ts';
import { type LabelBook, labelBook } from './labels.ts';
import { type ReadRow, rowReader } from './read-row.ts';

/** Returns the function that reads rows, and the labels that it finds. */
export async function readerFor(
  db: Queryable,
  { workspace_id: workspaceId, columns, settings }: ImportRowOfTable,
  already: readonly string[] = [],
): Promise<{ read: (cells: string[], number: number) => ReadRow; labels: LabelBook }> {
  const rules: FieldRule[] = await listFields(db, workspaceId);
  const known = await knownLabels(db, workspaceId);
  const names = known.filter(({ kind }) => kind === 'contact').map(({ name }) => name);
  const labels = labelBook([...names, ...already], known.length - names.length, settings.create_labels);
  const targets = columns.map(({ target }) => target);
  const keys = columns.map(({ key }) => key);
  return { read: rowReader({ targets, keys, settings, rules, labels }), labels };
}
