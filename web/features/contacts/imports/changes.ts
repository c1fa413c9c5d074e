// What somebody has chosen for an import and not saved yet.
import type { Import, UpdateImportBody } from '@recado/client';

/** What a column becomes. */
export type Target = Import['columns'][number]['target'];

export type Settings = Pick<
  Import,
  'default_country' | 'numbers_have_country_code' | 'dates' | 'if_known' | 'create_labels' | 'opt_out_category'
>;

/** Chosen values by name; targets by the place of their column. */
export interface Changes extends Partial<Settings> {
  targets?: Readonly<Record<number, Target>>;
}

const settingNames = [
  'default_country',
  'numbers_have_country_code',
  'dates',
  'if_known',
  'create_labels',
  'opt_out_category',
] as const;

/** The targets of all columns with the changes, in the order of the columns. */
export const targetsOf = ({ columns }: Import, { targets = {} }: Changes): Target[] =>
  columns.map(({ column, target }) => targets[column] ?? target);

/** The settings with the changes. */
export const settingsOf = (given: Import, { targets: _, ...changes }: Changes): Settings => ({ ...given, ...changes });

/** Whether something differs from what is saved. */
export function isChanged(given: Import, changes: Changes): boolean {
  const settings = settingsOf(given, changes);
  return (
    settingNames.some(name => settings[name] !== given[name]) ||
    targetsOf(given, changes).some((target, index) => target !== given.columns[index]?.target)
  );
}

/** All that the server needs. Each column is in it, so that the place of an error is the place of the column. */
export const bodyOf = (given: Import, changes: Changes): UpdateImportBody => {
  const settings = settingsOf(given, changes);
  return {
    ...(Object.fromEntries(settingNames.map(name => [name, settings[name]])) as unknown as Settings),
    columns: targetsOf(given, changes).map((target, index) => ({
      column: given.columns[index]?.column ?? index + 1,
      target,
    })),
  };
};
