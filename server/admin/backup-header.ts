// The header of a backup, and how its rows are counted. docs/reference/backup-format.md describes the file.
import { z } from 'zod';
import { CommandError } from './command-error.ts';

const formatVersion = 1;
/** The line that ends the rows of a table. */
export const endOfRows = '\\.';
export const newline = 0x0a;

const tableSchema = z.strictObject({
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.int().nonnegative(),
});

const headerSchema = z.strictObject({
  format: z.literal('recado-backup'),
  version: z.literal(formatVersion),
  recado: z.string(),
  created_at: z.iso.datetime(),
  postgres: z.string(),
  /** A fingerprint that shows whether a SECRET_KEY belongs to this database. */
  secret_key: z.string(),
  migrations: z.array(z.strictObject({ name: z.string(), checksum: z.string() })),
  tables: z.array(tableSchema),
  sequences: z.array(
    z.strictObject({ table: z.string(), column: z.string(), last_value: z.string(), is_called: z.boolean() }),
  ),
  /** The number of media contents; null if the file has none. Their rows are always in the file. */
  media: z.strictObject({ contents: z.int().nonnegative(), bytes: z.int().nonnegative() }).nullable(),
});

export type BackupTable = z.infer<typeof tableSchema>;
export type BackupHeader = z.infer<typeof headerSchema>;

/** Makes a header from what was read from the database. */
export const headerOf = (content: Omit<BackupHeader, 'format' | 'version'>): BackupHeader => ({
  format: 'recado-backup',
  version: formatVersion,
  ...content,
});

/** Called with each piece of a table. */
export type OnRows = (table: BackupTable, rows: number, bytes: number) => void;

/** @throws CommandError, or the error that `damaged` returns, if it is not a header of ours */
export function parseHeader(path: string, text: string, damaged: (why: string) => Error): BackupHeader {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw damaged('its header cannot be read');
  }
  const named = z.looseObject({ format: z.string(), version: z.number() }).safeParse(read);
  if (named.data?.format !== 'recado-backup') throw damaged('its header cannot be read');
  if (named.data.version !== formatVersion)
    throw new CommandError(
      `${path} has format ${named.data.version}, but this Recado reads format ${formatVersion}: use the Recado version that wrote it, or a later one.`,
    );
  const header = headerSchema.safeParse(read);
  if (!header.success) throw damaged('its header is not complete');
  return header.data;
}

/** How many rows end in a piece of COPY text: each row is a line, and line breaks in values are escaped. */
export function countRows(piece: Buffer): number {
  let lines = 0;
  for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, at + 1)) lines++;
  return lines;
}
