// Imports of contacts from CSV files.
import type {
  ApiError,
  CreateOptions,
  Import,
  ListImportRowsQuery,
  MendImportRowBody,
  RecadoEvent,
  UpdateImportBody,
} from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { type Progress, withProgress } from '../kit/upload.ts';
import { change } from '../kit/use-action.ts';
import { contactKeys } from './contacts.ts';
import { labelKeys } from './labels.ts';
import { listQuery } from './list.ts';

export type RowFilter = Pick<ListImportRowsQuery, 'fate' | 'suggestion'>;

const one = (id: string) => ['imports', 'one', id] as const;

const importKeys = {
  list: ['imports', 'list'] as const,
  /** An import with its rows. */
  one,
  facts: (id: string) => [...one(id), 'facts'] as const,
  rows: (id: string) => [...one(id), 'rows'] as const,
  rowsOf: (id: string, filter: RowFilter) => [...one(id), 'rows', filter] as const,
  preview: (id: string) => [...one(id), 'preview'] as const,
};

/** Progress changes the figures only; the end of a check, a run or an undo changes the rows too. */
export function staleImports({ type, data }: RecadoEvent): QueryKey[] {
  if (!type.startsWith('import.') || !('contact_import_id' in data)) return [];
  const id = data.contact_import_id;
  return [importKeys.list, type === 'import.progress' ? importKeys.facts(id) : importKeys.one(id)];
}

export const importsQuery = listQuery(importKeys.list, (query, options) => recado.imports.list(query, options));

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: importKeys.facts(id),
    queryFn: ({ signal }) => recado.imports.get(id, { signal }),
  });

/** The first rows, as they will be. */
export const previewQuery = (id: string) =>
  queryOptions({
    queryKey: importKeys.preview(id),
    queryFn: async ({ signal }) => (await recado.imports.preview(id, { signal })).data,
  });

export const importRowsQuery = (id: string, filter: RowFilter) =>
  listQuery(importKeys.rowsOf(id, filter), (query, options) =>
    recado.imports.listRows(id, { ...filter, ...query }, options),
  );

/** The address of the rows that are not valid, as a file that the browser asks with its session. */
export const badRowsOf = (id: string): string => `/api/v1/imports/${id}/bad-rows`;

/** The address of a sample file: with the variables of a template, or with nothing besides name and number. */
export const sampleOf = (templateId?: string): string =>
  `/api/v1/imports/sample${templateId === undefined ? '' : `?template_id=${templateId}`}`;

interface Upload {
  file: Blob;
  name: string;
  /** Also if the same file was imported before. */
  again: boolean;
}

/** Uploads a file. @throws RecadoError */
export const uploadImport = (
  { file, name, again }: Upload,
  onProgress: (progress: Progress) => void,
  options: CreateOptions,
): Promise<Import> => withProgress(onProgress).imports.create({ file, name, ...(again && { again: 'true' }) }, options);

/** The earlier import of the same file, where that is why an upload was rejected. */
export const earlierImport = (error: ApiError): string | undefined =>
  error.code === 'import_repeated' ? error.lastId : undefined;

/** The import of the same file that was not run, where that is why an upload was rejected. */
export const openImport = (error: ApiError): string | undefined =>
  error.code === 'import_open' ? error.lastId : undefined;

const ofOne = (id: string): QueryKey[] => [importKeys.one(id), importKeys.list];

/** Changes what the columns become, and begins the check. */
export const updateImport = change(
  ({ id, ...body }: UpdateImportBody & { id: string }) => recado.imports.update(id, body),
  ({ id }) => ofOne(id),
);

/** Gives a row that is not valid other cells. */
export const mendRow = change(
  ({ id, row, cells }: MendImportRowBody & { id: string; row: number }) =>
    recado.imports.mendRow(id, String(row), { cells }),
  ({ id }) => ofOne(id),
);

/** Takes all numbers that are certainly meant. */
export const takeSuggestions = change((id: string) => recado.imports.takeSuggestions(id), ofOne);

/** Takes them, and runs the import with them. */
export const takeAndRun = change(async (id: string) => {
  await recado.imports.takeSuggestions(id);
  return recado.imports.run(id);
}, ofOne);

export const runImport = change((id: string) => recado.imports.run(id), ofOne);

export const cancelImport = change(
  (id: string) => recado.imports.cancel(id),
  id => [...ofOne(id), contactKeys.all, labelKeys.all],
);

export const undoImport = change((id: string) => recado.imports.undo(id), ofOne);
