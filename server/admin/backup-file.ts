// The file of a backup: one gzip stream of a header and the rows of each table, then a seal over every byte before it.
// docs/reference/backup-format.md describes it.
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { access, type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { syncFolder } from '../kit/sync-folder.ts';
import { CommandError } from './command-error.ts';

const formatVersion = 1;
const newline = 0x0a;
const endOfRows = '\\.';
const pieceSize = 256 * 1024;
const largestHeader = 16 * 1024 * 1024;

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
  /** The place of contents of media, which are not in the file: only their rows are. */
  media: z.null(),
});

export type BackupTable = z.infer<typeof tableSchema>;
export type BackupHeader = z.infer<typeof headerSchema>;

/** Makes a header of what was read from the database. */
export const headerOf = (content: Omit<BackupHeader, 'format' | 'version' | 'media'>): BackupHeader => ({
  format: 'recado-backup',
  version: formatVersion,
  ...content,
  media: null,
});

/** Told of each piece of a table that went by. */
export type OnRows = (table: BackupTable, rows: number, bytes: number) => void;

/**
 * Writes a backup under a temporary name, and gives it its own when it is whole and on the disk.
 * @throws CommandError where the file cannot be written; what was written by then is removed
 */
export async function writeBackup(options: {
  path: string;
  header: BackupHeader;
  rowsOf: (table: BackupTable) => AsyncIterable<Buffer>;
  /** From 1 to 9: how hard gzip tries. */
  level: number;
  onRows: OnRows;
  signal: AbortSignal;
}): Promise<{ bytes: number }> {
  const { path } = options;
  await refuseExisting(path);
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`);
  try {
    const bytes = await writeDraft(draft, options);
    await rename(draft, path);
    await syncFolder(dirname(path));
    return { bytes };
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw asCommandError(error, path);
  }
}

async function refuseExisting(path: string): Promise<void> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there) throw new CommandError(`${path} exists already: choose another name, or remove it.`);
}

async function writeDraft(draft: string, options: Parameters<typeof writeBackup>[0]): Promise<number> {
  const { header, rowsOf, level, onRows, signal } = options;
  const hash = createHash('sha256');
  let bytes = 0;
  let refusal: unknown;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await pipeline(
      Readable.from(contentOf(header, rowsOf, onRows), { objectMode: false }),
      createGzip({ level, chunkSize: pieceSize }),
      async (source: AsyncIterable<Buffer>) => {
        for await (const piece of source) {
          hash.update(piece);
          bytes += piece.length;
          await handle.writeFile(piece).catch(error => {
            refusal = error;
            throw error;
          });
        }
      },
      { signal },
    ).catch(error => {
      // The pipeline may tell of the stages that it stopped rather than of the reason.
      throw refusal ?? error;
    });
    const seal = sealOf(hash);
    await handle.writeFile(seal);
    await handle.sync();
    return bytes + seal.length;
  } finally {
    await handle.close();
  }
}

async function* contentOf(
  header: BackupHeader,
  rowsOf: (table: BackupTable) => AsyncIterable<Buffer>,
  onRows: OnRows,
): AsyncGenerator<Buffer> {
  yield Buffer.from(`${JSON.stringify(header)}\n`);
  for (const table of header.tables) {
    let rows = 0;
    for await (const chunk of rowsOf(table)) {
      const lines = countRows(chunk);
      rows += lines;
      onRows(table, lines, chunk.length);
      yield chunk;
    }
    if (rows !== table.rows)
      throw new Error(`the table ${table.name} had ${table.rows} rows in the snapshot, and ${rows} were copied`);
    yield Buffer.from(`${endOfRows}\n`);
  }
}

/** A backup that is being read, from its beginning to its end. */
export interface BackupReader {
  header: BackupHeader;
  /** The rows of a table, in the order of the header. */
  rows(table: BackupTable): AsyncIterable<Buffer>;
  /** Once all rows were read. @throws CommandError unless the file is, byte for byte, what was written */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a backup and reads its header. @throws CommandError where it is none, or not whole */
export async function openBackup(path: string): Promise<BackupReader> {
  const handle = await openToRead(path);
  try {
    const reader = readerOf(path, handle, (await handle.stat()).size);
    return { ...reader, header: await reader.readHeader(), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Reads a whole backup, and gives its header. @throws CommandError where it is none, or not whole */
export async function checkBackup(path: string, onRows: (header: BackupHeader) => OnRows): Promise<BackupHeader> {
  const reader = await openBackup(path);
  try {
    const tell = onRows(reader.header);
    for (const table of reader.header.tables)
      for await (const chunk of reader.rows(table)) tell(table, countRows(chunk), chunk.length);
    await reader.finish();
    return reader.header;
  } finally {
    await reader.close();
  }
}

async function openToRead(path: string): Promise<FileHandle> {
  try {
    const handle = await open(path, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw new CommandError(`${path} is not a file: name the file of a backup.`);
  } catch (error) {
    throw asCommandError(error, path);
  }
}

function readerOf(path: string, handle: FileHandle, size: number) {
  const damaged = (why: string) =>
    new CommandError(`${path} is damaged or not whole (${why}): nothing of it was used; take another backup.`);
  const contentSize = size - sealSize;
  const hash = createHash('sha256');
  let hashed = 0;
  let rest: Buffer = Buffer.alloc(0);

  async function* pieces(): AsyncGenerator<Buffer> {
    while (hashed < contentSize) {
      const piece = Buffer.alloc(Math.min(pieceSize, contentSize - hashed));
      const { bytesRead } = await handle.read(piece, 0, piece.length, hashed);
      if (bytesRead === 0) return;
      hash.update(piece.subarray(0, bytesRead));
      hashed += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  }

  async function* content(): AsyncGenerator<Buffer> {
    const gunzip = createGunzip({ chunkSize: pieceSize });
    const done = pipeline(Readable.from(pieces(), { objectMode: false }), gunzip);
    // It fails together with the iteration below, which tells.
    done.catch(() => {});
    try {
      for await (const chunk of gunzip) yield chunk;
      await done;
    } catch (error) {
      throw damaged(error instanceof Error ? error.message : String(error));
    }
  }
  const source = content();

  /** The next piece, never empty; undefined at the end. */
  async function next(): Promise<Buffer | undefined> {
    if (rest.length > 0) {
      const piece = rest;
      rest = Buffer.alloc(0);
      return piece;
    }
    for (;;) {
      const { value, done } = await source.next();
      if (done) return undefined;
      if (value.length > 0) return value;
    }
  }

  async function line(): Promise<string> {
    const pieces: Buffer[] = [];
    for (let length = 0; length < largestHeader; ) {
      const piece = await next();
      if (piece === undefined) throw damaged('it ends too early');
      const end = piece.indexOf(newline);
      pieces.push(end < 0 ? piece : piece.subarray(0, end));
      if (end >= 0) {
        rest = piece.subarray(end + 1);
        return Buffer.concat(pieces).toString();
      }
      length += piece.length;
    }
    throw damaged('a line has no end');
  }

  return {
    async readHeader(): Promise<BackupHeader> {
      const [first, second] = (await handle.read(Buffer.alloc(2), 0, 2, 0)).buffer;
      if (contentSize <= 0 || first !== 0x1f || second !== 0x8b)
        throw new CommandError(`${path} is not a backup of Recado: name a file that "recado backup" wrote.`);
      return parseHeader(path, await line(), damaged);
    },
    async *rows(table: BackupTable): AsyncGenerator<Buffer> {
      for (let missing = table.rows; missing > 0; ) {
        const piece = await next();
        if (piece === undefined) throw damaged('it ends too early');
        const lines = countRows(piece);
        if (lines < missing) {
          missing -= lines;
          yield piece;
          continue;
        }
        let end = 0;
        for (; missing > 0; missing--) end = piece.indexOf(newline, end) + 1;
        rest = piece.subarray(end);
        yield piece.subarray(0, end);
      }
      if ((await line()) !== endOfRows) throw damaged(`the rows of ${table.name} do not end where they should`);
    },
    async finish(): Promise<void> {
      if ((await next()) !== undefined) throw damaged('there is more in it than its header says');
      const seal = Buffer.alloc(sealSize);
      await handle.read(seal, 0, sealSize, contentSize);
      if (hashed !== contentSize || !seal.equals(sealOf(hash))) throw damaged('its checksum is another');
    },
  };
}

function parseHeader(path: string, text: string, damaged: (why: string) => Error): BackupHeader {
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

/**
 * A gzip member of its own with the checksum of all before it. It is made by hand, byte for byte the same everywhere, so
 * that the reader can compare the whole of it: gzip itself would not notice every flipped bit.
 */
function sealOf(hash: Hash): Buffer {
  const text = Buffer.from(`${JSON.stringify({ end: true, sha256: hash.digest('hex') })}\n`);
  const seal = Buffer.alloc(10 + 5 + text.length + 8);
  Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1]).copy(seal);
  seal.writeUInt16LE(text.length, 11);
  seal.writeUInt16LE(~text.length & 0xffff, 13);
  text.copy(seal, 15);
  seal.writeUInt32LE(crc32(text), 15 + text.length);
  seal.writeUInt32LE(text.length, 19 + text.length);
  return seal;
}
const sealSize = sealOf(createHash('sha256')).length;

/** Where a backup goes: the file that was named, or one named after the moment in the folder that was named. */
export async function targetOf(given: string, now: Date): Promise<string> {
  const isFolder = await stat(given).then(
    found => found.isDirectory(),
    () => false,
  );
  const moment = now.toISOString().replace(/\.\d+|[-:]/g, '');
  return isFolder ? join(given, `recado-${moment}.backup.gz`) : given;
}

function asCommandError(error: unknown, path: string): unknown {
  switch (error instanceof Error && 'code' in error && 'syscall' in error ? error.code : undefined) {
    case 'ENOENT':
      return new CommandError(`There is no ${path}: check the name, and that its folder exists.`);
    case 'ENOTDIR':
      return new CommandError(`${dirname(path)} is not a folder: choose another place for the backup.`);
    case 'EISDIR':
      return new CommandError(`${path} is a folder: name a file.`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new CommandError(`${path} cannot be opened: permission is missing for it or for its folder.`);
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new CommandError(
        `There is no room for ${path}: make room or choose another place. Nothing is left of this backup.`,
      );
    default:
      return error;
  }
}
