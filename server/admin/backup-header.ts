// What stands at the beginning of a backup, and how its rows are counted. docs/reference/backup-format.md describes the file.
import { z } from 'zod';
import { CommandError } from './command-error.ts';

const formatVersion = 1;
/** What ends the rows of a table. */
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
  /** What shows whether a SECRET_KEY is the one that this database was used with. */
  secret_key: z.string(),
  migrations: z.array(z.strictObject({ name: z.string(), checksum: z.string() })),
  tables: z.array(tableSchema),
  sequences: z.array(
    z.strictObject({ table: z.string(), column: z.string(), last_value: z.string(), is_called: z.boolean() }),
  ),
  /** How many contents of media there were; null where they are not in the file, which has their rows in any case. */
  media: z.strictObject({ contents: z.int().nonnegative(), bytes: z.int().nonnegative() }).nullable(),
});

export type BackupTable = z.infer<typeof tableSchema>;
export type BackupHeader = z.infer<typeof headerSchema>;

/** Makes a header of what was read from the database. */
export const headerOf = (content: Omit<BackupHeader, 'format' | 'version'>): BackupHeader => ({
  format: 'recado-backup',
  version: formatVersion,
  ...content,
});

/** Told of each piece of a table that went by. */
export type OnRows = (table: BackupTable, rows: number, bytes: number) => void;

/** @throws CommandError, or what `damaged` makes, where it is none of ours */
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
      `${path} has the format ${named.data.version}, and this Recado reads the format ${formatVersion}: use the Recado that made it, or a later one.`,
    );
  const header = headerSchema.safeParse(read);
  if (!header.success) throw damaged('its header is not complete');
  return header.data;
}

/** How many rows end in a piece of COPY's text: each is a line, and a line break within a value is escaped. */
export function countRows(piece: Buffer): number {
  let lines = 0;
  for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, at + 1)) lines++;
  return lines;
}
