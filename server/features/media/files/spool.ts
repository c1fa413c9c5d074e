// Spools incoming files on this machine, because a store needs the hash before it accepts a file.
import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { storageFullProblem } from '../../../kit/errors.ts';
import { bytesPassed } from '../../../kit/os/gc-nudge.ts';
import { isDead, processMark } from '../../../kit/os/process-mark.ts';
import { problem } from '../errors.ts';
import { headBytes } from './sniff.ts';

const dayMs = 86_400_000;
/** How many bytes of all files together may arrive between two checks of free space. */
const lookEveryBytes = 4 * 1024 * 1024;

/** A file that has arrived completely. */
export interface Spooled {
  path: string;
  sha256: string;
  size: number;
  /** Its first bytes. */
  head: Buffer;
  /** Always call it, whatever happens to the file. */
  remove(): Promise<void>;
}

export interface Spool {
  folder: string;
  /**
   * Reads a stream to its end.
   * @throws AppError media_too_large, storage_full, or the stream's error; nothing is left then
   */
  take(stream: Readable, limitBytes: number): Promise<Spooled>;
  /** Removes files of dead processes; returns how many. */
  removeLeftovers(): Promise<number>;
}

/**
 * Opens the spool in this folder and removes files of dead processes. `isFull` says whether the free space is
 * reserved.
 */
export async function openSpool(folder: string, isFull: () => Promise<boolean> = async () => false): Promise<Spool> {
  const self = processMark(process.pid);
  let unlooked = 0;
  await mkdir(folder, { recursive: true, mode: 0o700 });

  async function removeLeftovers(): Promise<number> {
    let removed = 0;
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const found = await lstat(path).catch(() => undefined);
      if (!found?.isFile()) continue;
      // We cannot check processes of another machine or container, but no upload takes a day.
      const left = isDead(name.slice(0, name.lastIndexOf('.')), self) || found.mtimeMs < Date.now() - dayMs;
      if (!left) continue;
      await rm(path, { force: true });
      removed += 1;
    }
    return removed;
  }
  await removeLeftovers();

  return {
    folder,
    removeLeftovers,
    async take(stream, limitBytes) {
      // It may fail before anyone reads it.
      stream.on('error', () => {});
      const path = join(folder, `${self}.${randomUUID()}`);
      const remove = () => rm(path, { force: true });
      const hash = createHash('sha256');
      const heads: Buffer[] = [];
      let headSize = 0;
      let size = 0;
      try {
        const file = await open(path, 'wx', 0o600);
        try {
          for await (const chunk of stream) {
            const bytes = chunk as Buffer;
            unlooked += bytes.length;
            if (unlooked >= lookEveryBytes) {
              unlooked = 0;
              if (await isFull()) {
                // Check again with the next bytes of any file.
                unlooked = lookEveryBytes;
                throw storageFullProblem();
              }
            }
            size += bytes.length;
            if (size > limitBytes) throw tooLarge(limitBytes);
            // Hash while the disk writes.
            const written = file.writeFile(bytes);
            hash.update(bytes);
            if (headSize < headBytes) {
              heads.push(Buffer.from(bytes.subarray(0, headBytes - headSize)));
              headSize += heads.at(-1)?.length ?? 0;
            }
            await written;
            bytesPassed(bytes.length);
          }
        } finally {
          await file.close();
        }
      } catch (error) {
        stream.destroy();
        await remove();
        throw error;
      }
      return { path, sha256: hash.digest('hex'), size, head: Buffer.concat(heads), remove };
    },
  };
}

export const tooLarge = (limitBytes: number) =>
  problem('media_too_large', `The file may have at most ${limitBytes} bytes.`);
