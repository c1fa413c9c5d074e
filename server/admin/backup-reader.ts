// Reads a backup from beginning to end.
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { storageKey } from '../features/media/index.ts';
import { checksumMember, checksumSize } from './backup-checksum.ts';
import { type OnContent, type ReadContent, readContents } from './backup-contents.ts';
import {
  type BackupHeader,
  type BackupTable,
  countRows,
  endOfRows,
  newline,
  type OnRows,
  parseHeader,
} from './backup-header.ts';
import { asCommandError } from './backup-path.ts';
import { CommandError } from './command-error.ts';

const pieceSize = 256 * 1024;
const largestHeader = 16 * 1024 * 1024;

export interface BackupReader {
  header: BackupHeader;
  /** Yields the rows of a table. Call it in the order of the header. */
  rows(table: BackupTable): AsyncIterable<Buffer>;
  /** Yields the media contents after the rows, if the header has any. Unread bytes are skipped. */
  contents(): AsyncIterable<ReadContent>;
  /** Call it after all rows and contents. @throws CommandError unless the file is byte for byte what was written */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a backup and reads its header. @throws CommandError if it is not a backup, or incomplete */
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

export interface CheckedBackup {
  header: BackupHeader;
  /** Storage keys of the contents that the store did not have intact when the backup was taken. */
  broken: Set<string>;
  contents: number;
}

/** Reads a whole backup, until `signal` aborts. @throws CommandError if it is not a backup, or incomplete */
export async function checkBackup(
  path: string,
  tellOf: (header: BackupHeader) => { onRows: OnRows; onContent: OnContent },
  signal?: AbortSignal,
): Promise<CheckedBackup> {
  const reader = await openBackup(path);
  try {
    const { header } = reader;
    const { onRows, onContent } = tellOf(header);
    for (const table of header.tables)
      for await (const chunk of reader.rows(table)) {
        signal?.throwIfAborted();
        onRows(table, countRows(chunk), chunk.length);
      }
    const broken = new Set<string>();
    let contents = 0;
    if (header.media)
      for await (const { content, pieces, problem } of reader.contents()) {
        for await (const piece of pieces) {
          signal?.throwIfAborted();
          onContent(piece.length, false);
        }
        onContent(0, true);
        const why = problem();
        if (why === undefined) contents += 1;
        else broken.add(storageKey(content.workspaceId, content.sha256));
      }
    await reader.finish();
    return { header, broken, contents };
  } finally {
    await reader.close();
  }
}

async function openToRead(path: string): Promise<FileHandle> {
  try {
    const handle = await open(path, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw new CommandError(`${path} is not a file: name a backup file.`);
  } catch (error) {
    throw asCommandError(error, path);
  }
}

function readerOf(path: string, handle: FileHandle, size: number) {
  const damaged = (why: string) =>
    new CommandError(`${path} is damaged or incomplete (${why}): nothing of it was used; take another backup.`);
  const contentSize = size - checksumSize;
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
    // The iteration below reports the same failure.
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

  /** Yields exactly `length` bytes in pieces. */
  async function* take(length: number): AsyncGenerator<Buffer> {
    for (let missing = length; missing > 0; ) {
      const piece = await next();
      if (piece === undefined) throw damaged('it ends too early');
      rest = piece.subarray(missing);
      const mine = piece.subarray(0, missing);
      missing -= mine.length;
      yield mine;
    }
  }

  return {
    contents: () => readContents({ line, take, damaged }),
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
      if ((await next()) !== undefined) throw damaged('it has more data than its header says');
      const checksum = Buffer.alloc(checksumSize);
      await handle.read(checksum, 0, checksumSize, contentSize);
      if (hashed !== contentSize || !checksum.equals(checksumMember(hash)))
        throw damaged('its checksum does not match');
    },
  };
}
