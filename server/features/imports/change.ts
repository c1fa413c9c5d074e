// A change of what the columns of a file become, and of the settings of an import, checked against the workspace.
import type { ImportTarget, updateImportBody } from '@recado/contract';
import type { z } from 'zod';
import type { Queryable } from '../../kit/db/database.ts';
import { invalid } from '../../kit/http/routes.ts';
import { countryNamed, listFields } from '../contacts/index.ts';
import { analyse } from './analyse.ts';
import { columnKey } from './column-key.ts';
import { type ColumnRow, type FileFacts, factsOf, type ImportRowOfTable, type Settings } from './import.ts';
import type { ImportChange } from './store.ts';

type Change = z.output<typeof updateImportBody>;

/** Several columns may become these. */
const repeatable = new Set<ImportTarget>(['name', 'second_phone', 'labels', 'value', 'leave_out']);

/** Whether a change has the file read in another way. */
export const readsAnew = (row: ImportRowOfTable, { encoding, delimiter, header }: Change): boolean => {
  const facts = factsOf(row);
  return (
    (encoding ?? facts.encoding) !== facts.encoding ||
    (delimiter ?? facts.delimiter) !== facts.delimiter ||
    (header ?? facts.header) !== facts.header
  );
};

/** The import as it is after a change. @throws AppError that names each wrong field */
export async function changed(db: Queryable, row: ImportRowOfTable, change: Change): Promise<ImportChange> {
  const facts: FileFacts = {
    encoding: change.encoding ?? factsOf(row).encoding,
    delimiter: change.delimiter ?? factsOf(row).delimiter,
    header: change.header ?? factsOf(row).header,
  };
  const { columns, rows } = readsAnew(row, change)
    ? await analyse(db, row.workspace_id, row.id, facts)
    : { columns: row.columns, rows: row.counts.rows ?? row.total };
  const keys = new Set((await listFields(db, row.workspace_id)).map(({ key }) => `fields.${key}`));
  const given = new Map<number, number>();
  for (const [at, { column }] of (change.columns ?? []).entries()) {
    if (column > columns.length)
      throw invalid(`columns[${at}].column`, `Must be at most ${columns.length}: the file has no more columns.`);
    if (given.has(column)) throw invalid(`columns[${at}].column`, 'Is given twice.');
    given.set(column, at);
  }
  const after = columns.map((each, at) => {
    const place = given.get(at + 1);
    const target = (place === undefined ? each.target : change.columns?.[place]?.target) ?? each.target;
    return { ...each, target, key: target === 'value' ? columnKey(each.name, at + 1) : undefined };
  });
  demandOwnKeys(after, given);
  const taken = new Set<ImportTarget>();
  for (const [at, { target }] of after.entries()) {
    const place = given.get(at + 1);
    const field = place === undefined ? 'columns' : `columns[${place}].target`;
    if (target.startsWith('fields.') && !keys.has(target))
      throw invalid(field, `There is no field ${target.slice('fields.'.length)} of contacts. Create it first.`);
    if (taken.has(target)) throw invalid(field, `Another column becomes ${target} too. Leave one of them out.`);
    if (!repeatable.has(target)) taken.add(target);
  }
  const second = after.findIndex(({ target }) => target === 'second_phone');
  if (second >= 0 && !taken.has('phone')) {
    const place = given.get(second + 1);
    const field = place === undefined ? 'columns' : `columns[${place}].target`;
    throw invalid(field, 'Counts where the column of phone is empty, so another column must become phone.');
  }
  if (!after.some(({ target }) => target === 'phone' || target === 'name'))
    throw invalid('columns', 'Must have a column that becomes phone or name.');
  return { ...facts, columns: after, rows, settings: settingsAfter(row.settings, change) };
}

/** @throws AppError where two columns that are kept for campaigns have the same key */
function demandOwnKeys(columns: readonly ColumnRow[], given: ReadonlyMap<number, number>): void {
  const keys = new Set<string>();
  for (const [at, { key }] of columns.entries()) {
    if (key === undefined) continue;
    const place = given.get(at + 1);
    if (keys.has(key))
      throw invalid(
        place === undefined ? 'columns' : `columns[${place}].target`,
        `Another kept column has the key ${key} too. Leave one of them out, or rename it in the file.`,
      );
    keys.add(key);
  }
}

function settingsAfter(settings: Settings, change: Change): Settings {
  const { default_country: country } = change;
  if (country != null && countryNamed(country) === undefined)
    throw invalid('default_country', 'Is not a country with phone numbers.');
  return {
    default_country: country === undefined ? settings.default_country : country,
    numbers_have_country_code: change.numbers_have_country_code ?? settings.numbers_have_country_code ?? false,
    dates: change.dates ?? settings.dates,
    if_known: change.if_known ?? settings.if_known,
    create_labels: change.create_labels ?? settings.create_labels,
    opt_out_category: change.opt_out_category ?? settings.opt_out_category,
  };
}
