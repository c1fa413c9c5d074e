// The backup file: gzip streams of a header with the rows of each table and optional media contents, then a checksum
// of every byte before it.
import { createHash, randomBytes } from 'node:crypto';
import { link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { roomBeside } from '../app/database/disk-space.ts';
import { syncFolder } from '../kit/os/fsync-folder.ts';
import { checksumMember } from './backup-checksum.ts';
import { type ContentToWrite, linesOfContents, type OnContent } from './backup-contents.ts';
import { type BackupHeader, type BackupTable, countRows, endOfRows, type OnRows } from './backup-header.ts';
import { asCommandError, rejectExisting } from './backup-path.ts';
import { CommandError } from './command-error.ts';

const pieceSize = 256 * 1024;
/** How many bytes are written between two checks of the free disk space. */
const lookEveryBytes = 4 * 1024 * 1024;

/**
 * Writes a backup under a temporary name and renames it when it is complete and synced.
 * @throws CommandError if the file cannot be written; the partial file is then removed
 */
export async function writeBackup(options: {
  path: string;
  /** The data folder of the embedded database, if it shares the disk; undefined otherwise. */
  dataDir: string | undefined;
  header: BackupHeader;
  rowsOf: (table: BackupTable) => AsyncIterable<Buffer>;
  /** The media contents, requested after all rows are written; only if the header says that the file has them. */
  contents: () => AsyncIterable<ContentToWrite>;
  /** The gzip level, 1 to 9. */
  level: number;
  onRows: OnRows;
  onContent: OnContent;
  signal: AbortSignal;
}): Promise<{ bytes: number }> {
  const { path } = options;
  await rejectExisting(path);
  await removeOldParts(dirname(path));
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`);
  try {
    const bytes = await writeDraft(draft, options);
    await publish(draft, path);
    await syncFolder(dirname(path));
    return { bytes };
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw asCommandError(error, path);
  }
}

const day = 86_400_000;

/** Removes what killed backups left in this folder. A running one writes to its part all the time. */
async function removeOldParts(folder: string): Promise<void> {
  // If the folder cannot be listed, writing the backup says why, or works without this.
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!/^\..+\.gz\.[0-9a-f]{8}\.part$/.test(name)) continue;
    const part = join(folder, name);
    const found = await stat(part).catch(() => undefined);
    if (found?.isFile() && found.mtimeMs < Date.now() - day) await rm(part, { force: true });
  }
}

/** Gives a draft its final name. @throws CommandError if a file of that name exists by now */
async function publish(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch {
    await rejectExisting(path);
    // Some file systems have no hard links. A rename replaces a file that appears at this moment.
    return rename(draft, path);
  }
  await rm(draft, { force: true });
}

/** Counts written bytes, and ends the backup before it takes the space that the embedded database needs. */
async function roomKeeper({ path, dataDir }: Parameters<typeof writeBackup>[0]): Promise<(bytes: number) => unknown> {
  if (dataDir === undefined) return () => {};
  const hasRoomFor = await roomBeside(dataDir, dirname(path));
  let unlooked = lookEveryBytes;
  return async bytes => {
    unlooked += bytes;
    if (unlooked < lookEveryBytes) return;
    unlooked = 0;
    if (await hasRoomFor(lookEveryBytes)) return;
    throw new CommandError(
      `There is no space for ${path}, because the database needs the last 64 MiB of the same disk: free some space or choose another place. This backup was deleted.`,
    );
  };
}

async function writeDraft(draft: string, options: Parameters<typeof writeBackup>[0]): Promise<number> {
  const { header, rowsOf, level, onRows, signal } = options;
  const hash = createHash('sha256');
  let bytes = 0;
  let refusal: unknown;
  const keepRoom = await roomKeeper(options);
  const handle = await open(draft, 'wx', 0o600);
  /** Adds a gzip member. */
  const add = (source: AsyncIterable<Buffer>, how: number) =>
    pipeline(
      Readable.from(source, { objectMode: false }),
      createGzip({ level: how, chunkSize: pieceSize }),
      async (zipped: AsyncIterable<Buffer>) => {
        for await (const piece of zipped) {
          hash.update(piece);
          bytes += piece.length;
          try {
            await keepRoom(piece.length);
            await handle.writeFile(piece);
          } catch (error) {
            refusal = error;
            throw error;
          }
        }
      },
      { signal },
    ).catch(error => {
      // The pipeline may report a stage that it stopped instead of the cause.
      throw refusal ?? error;
    });
  try {
    await add(contentOf(header, rowsOf, onRows), level);
    // Pictures and recordings are already compressed.
    if (header.media) await add(linesOfContents(options.contents(), options.onContent), 1);
    const checksum = checksumMember(hash);
    await handle.writeFile(checksum);
    await handle.sync();
    return bytes + checksum.length;
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
