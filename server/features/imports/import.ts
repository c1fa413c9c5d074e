// An import and its rows as the API shows them.
import type {
  FieldValue,
  Import,
  ImportDelimiter,
  ImportEncoding,
  ImportFate,
  ImportRow,
  ImportRowCode,
  ImportState,
  ImportTarget,
  OptOutCategory,
} from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { DateOrder } from './field-text.ts';

export interface ColumnRow {
  name: string | null;
  values: string[];
  guess: ImportTarget;
  target: ImportTarget;
  /** Of a column that is kept for campaigns. */
  key?: string | undefined;
}

export interface Settings {
  default_country: string | null;
  /** Undefined in imports of an earlier program. */
  numbers_have_country_code?: boolean;
  dates: DateOrder;
  if_known: 'fill_empty' | 'replace' | 'skip';
  create_labels: boolean;
  opt_out_category: OptOutCategory;
}

export const usualSettings: Required<Settings> = {
  default_country: null,
  numbers_have_country_code: false,
  dates: 'ymd',
  if_known: 'fill_empty',
  create_labels: true,
  opt_out_category: 'marketing',
};

type Counts = Import['counts'];

export interface ImportRowOfTable {
  id: string;
  workspace_id: string;
  name: string;
  state: ImportState | 'uploading';
  bytes: number;
  sha256: string | null;
  encoding: ImportEncoding | null;
  delimiter: ImportDelimiter | null;
  header: boolean | null;
  columns: ColumnRow[];
  settings: Settings;
  counts: Partial<Counts>;
  labels: string[];
  new_labels: string[];
  stored: boolean;
  version: number;
  place: number;
  done: number;
  total: number;
  error: { code: string; message: string } | null;
  created_kind: 'person' | 'api_key';
  created_by: string;
  created_at: Date;
  checked_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
  undone_at: Date | null;
  expired_at: Date | null;
}

/** The file facts of an import that was uploaded. */
export interface FileFacts {
  encoding: ImportEncoding;
  delimiter: ImportDelimiter;
  header: boolean;
}

/** How its file is read. */
export const factsOf = ({ encoding, delimiter, header }: ImportRowOfTable): FileFacts => ({
  encoding: encoding ?? 'utf-8',
  delimiter: delimiter ?? 'comma',
  header: header ?? true,
});

/** How long the rows of an import are kept, and how long it can be undone, in milliseconds. */
export const keptMs = 7 * 24 * 3_600_000;

const noCounts: Counts = {
  rows: 0,
  new: 0,
  known: 0,
  duplicate: 0,
  invalid: 0,
  suggested: 0,
  two_readings: 0,
  suggested_new: 0,
  suggested_known: 0,
  suggested_contacts: 0,
  second_phone: 0,
  opted_out: 0,
  unreachable: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  skipped: 0,
  restored: 0,
};

const undoable = new Set<ImportRowOfTable['state']>(['finished', 'failed', 'cancelled']);

/** Until when an import can be undone; null if it cannot. */
export const undoUntil = ({ state, started_at: started, finished_at: finished }: ImportRowOfTable): Date | null =>
  started && finished && undoable.has(state) ? new Date(finished.getTime() + keptMs) : null;

const working = new Set<ImportRowOfTable['state']>(['checking', 'running', 'undoing']);

export const presentImport = (row: ImportRowOfTable): Import => ({
  id: toId('contact_import', row.id),
  name: row.name,
  // One that is being uploaded is in no list.
  state: row.state as ImportState,
  file: { bytes: row.bytes, sha256: row.sha256 ?? '', ...factsOf(row), stored: row.stored },
  columns: row.columns.map(({ key = null, ...column }, at) => ({ column: at + 1, ...column, key })),
  ...usualSettings,
  ...row.settings,
  new_labels: row.new_labels,
  counts: { ...noCounts, ...row.counts },
  progress: working.has(row.state) ? { done: row.done, of: row.total } : null,
  error: row.error,
  created_by: toId(row.created_kind, row.created_by),
  created_at: row.created_at.toISOString(),
  checked_at: row.checked_at?.toISOString() ?? null,
  started_at: row.started_at?.toISOString() ?? null,
  finished_at: row.finished_at?.toISOString() ?? null,
  undo_until: undoUntil(row)?.toISOString() ?? null,
  undone_at: row.undone_at?.toISOString() ?? null,
});

/** A number as it may be meant. */
export type Reading = ImportRow['readings'][number];

/** The number that is meant. */
export interface Suggestion extends Reading {
  /** All that may be meant, where there are several: then none is certain, and the first stands for all. */
  readings?: Reading[] | undefined;
  /** The row has more faults, so the number alone does not make it valid. */
  more?: true | undefined;
}

export interface FileRow {
  number: number;
  fate: ImportFate;
  code: ImportRowCode | null;
  message: string | null;
  wrong_column: number | null;
  suggestion: Suggestion | null;
  /** The contact with the suggested number. */
  suggested_contact: string | null;
  cells: string[] | null;
  contact_id: string | null;
  name: string | null;
  phone: string | null;
  reference: string | null;
  language: string | null;
  fields: Record<string, FieldValue> | null;
  labels: string[] | null;
  kept: Record<string, string> | null;
  opt_out: OptOutCategory | null;
  opted_out: boolean;
  unreachable: boolean;
}

export const presentRow = (row: FileRow): ImportRow => ({
  row: row.number,
  fate: row.fate,
  code: row.code,
  message: row.message,
  column: row.wrong_column,
  suggestion:
    row.suggestion && !row.suggestion.readings
      ? {
          phone: row.suggestion.phone,
          country: row.suggestion.country ?? null,
          contact_id: row.suggested_contact && toId('contact', row.suggested_contact),
        }
      : null,
  readings: row.suggestion?.readings ?? [],
  cells: row.fate === 'invalid' ? row.cells : null,
  contact_id: row.contact_id === null ? null : toId('contact', row.contact_id),
  name: row.name,
  phone: row.phone,
  reference: row.reference,
  language: row.language,
  fields: row.fields ?? {},
  labels: row.labels ?? [],
  values: row.kept ?? {},
  opt_out: row.opt_out,
  opted_out: row.opted_out,
  unreachable: row.unreachable,
});
