// Files on a local or shared disk: written as a draft, synced, then linked to their final name.
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  opendir,
  readdir,
  rename,
  rm,
  stat,
  unlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { syncFolder } from '../../kit/os/fsync-folder.ts';
import { isDead, processMark } from '../../kit/os/process-mark.ts';
import { isKey, keyPrefix, type ListedFile, readKey, type Storage, StorageError } from '../../ports/storage.ts';
import { checkedContent, checkRange, countedContent, mismatch } from './content.ts';

const incoming = '.incoming';
const dayMs = 86_400_000;

/**
 * Opens the store in this folder, creates it if missing, and removes drafts of dead processes. `hasFiles` says that
 * files should exist already: then a missing or empty folder means that the disk is not mounted.
 */
export async function diskStorage(
  folder: string,
  hasFiles: () => Promise<boolean> = async () => false,
): Promise<Storage> {
  const drafts = join(folder, incoming);
  const self = processMark(process.pid);
  // We cannot check processes of another machine or container, but no upload takes a day.
  const isLeft = ({ mark, modified }: Draft, before: number) =>
    isDead(mark, self) || modified < Math.min(before, Date.now() - dayMs);

  await translate(async () => {
    if ((await isBare(folder)) && (await hasFiles()))
      throw new StorageError(
        'unavailable',
        `It is missing or empty, but it should contain files. Mount it, or copy the files back. If they are lost for good, create the folder ${drafts}.`,
      );
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await mkdir(drafts, { recursive: true, mode: 0o700 });
    await removeDrafts(drafts, draft => isLeft(draft, Date.now()));
  });

  const pathOf = (key: string) => {
    const { workspaceId, sha256 } = readKey(key);
    // One folder per first byte of the hash, so that no folder grows without limit.
    return join(folder, workspaceId, sha256.slice(0, 2), sha256);
  };

  /** Looks up a file; undefined if it does not exist in an existing folder. */
  async function lookFor<T>(look: () => Promise<T>): Promise<T | undefined> {
    try {
      return await translate(look);
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'not_found') throw error;
      // An unmounted folder looks empty, and its files return with it.
      await translate(() => lstat(drafts)).catch(missing => {
        throw withoutFolder(missing);
      });
      return undefined;
    }
  }

  return {
    kind: 'disk',
    async put(key, source, { size, signal }) {
      const content = checkedContent(key, source, { size, signal });
      const path = pathOf(key);
      const draft = join(drafts, `${self}.${randomUUID()}`);
      try {
        // Errors of the source belong to the caller and stay as they are.
        await translate(() => writeDraft(draft, content.chunks), source);
        await translate(() => giveName(draft, path));
      } catch (error) {
        content.stop(error);
        await rm(draft, { force: true });
        if (signal?.aborted) throw signal.reason;
        throw withoutFolder(error);
      }
      return content.stored();
    },
    async takeFile(key, file, size) {
      const path = pathOf(key);
      const draft = join(drafts, `${self}.${randomUUID()}`);
      try {
        if (!(await linked(file, draft))) return false;
        await translate(() => syncWhole(draft, size));
        await translate(() => giveName(draft, path));
        return true;
      } catch (error) {
        throw withoutFolder(error);
      } finally {
        // If the same file already had that name, linking keeps both.
        await rm(draft, { force: true });
      }
    },
    async read(key, { range, signal } = {}) {
      const path = pathOf(key);
      if (range) checkRange(range);
      signal?.throwIfAborted();
      const file = await lookFor(() => open(path, constants.O_RDONLY | constants.O_NOFOLLOW));
      if (!file) throw notFound();
      try {
        const found = await file.stat();
        if (!found.isFile()) throw notFound();
        const start = range?.start ?? 0;
        if (range && start >= found.size)
          throw new StorageError(
            'out_of_range',
            `The file has only ${found.size} bytes, and the range starts at ${start}.`,
          );
        const end = Math.min(range?.end ?? found.size - 1, found.size - 1);
        const length = end - start + 1;
        return { content: countedContent(streamOf(file, start, end), length, signal), size: found.size, length };
      } catch (error) {
        await file.close();
        throw error;
      }
    },
    async head(key) {
      const path = pathOf(key);
      const found = await lookFor(() => lstat(path));
      if (!found?.isFile()) throw notFound();
      return { size: found.size, modified: found.mtime };
    },
    async remove(key) {
      const path = pathOf(key);
      await lookFor(async () => {
        await unlink(path);
        await syncFolder(dirname(path));
      });
    },
    list: workspaceId => listed(folder, workspaceId),
    link: async key => {
      readKey(key);
      return undefined;
    },
    removeLeftovers: before => translate(() => removeDrafts(drafts, draft => isLeft(draft, before.getTime()))),
    close: async () => {},
  };
}

/** Whether a folder is missing or contains nothing of ours. */
async function isBare(folder: string): Promise<boolean> {
  try {
    return !(await readdir(folder)).some(name => name === incoming || isKey(`${name}/${'0'.repeat(64)}`));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
}

const notFound = (cause?: unknown) =>
  new StorageError('not_found', 'The file does not exist on the disk.', cause === undefined ? {} : { cause });

async function writeDraft(path: string, chunks: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** On a write, ENOENT can only mean a missing folder. */
const withoutFolder = (error: unknown): unknown =>
  error instanceof StorageError && error.code === 'not_found'
    ? new StorageError('unavailable', 'The media folder is missing.', { cause: error.cause })
    : error;

/** Links a file to another name; false if the disk has no hard links or the target is on another disk. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (/^(EXDEV|EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EMLINK)$/.test(codeOf(error))) return false;
    throw asStorageError(error);
  }
}

async function syncWhole(path: string, size: number): Promise<void> {
  const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    const found = await file.stat();
    if (found.size !== size) throw mismatch(`${found.size} instead of the announced ${size} bytes`);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function giveName(draft: string, path: string): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(draft, path);
  await syncFolder(folder);
  // Sync a newly created folder and its parent too.
  if (made !== undefined) {
    await syncFolder(dirname(folder));
    await syncFolder(dirname(dirname(folder)));
  }
}

/** A range of an open file, empty if `end` is before `start`. Closes the file at its end. */
function streamOf(file: FileHandle, start: number, end: number): Readable {
  // A stream cannot end before its first byte, so an empty file is read whole.
  return end < start ? file.createReadStream() : file.createReadStream({ start, end });
}

async function* listed(folder: string, workspaceId?: string): AsyncGenerator<ListedFile, void> {
  keyPrefix(workspaceId);
  const names = await translate(() => readdir(folder)).catch(error => {
    throw withoutFolder(error);
  });
  if (!names.includes(incoming)) throw withoutFolder(notFound());
  for (const workspace of workspaceId ? [workspaceId] : names.sort()) {
    if (workspace === incoming) continue;
    for (const part of await namesIn(join(folder, workspace)))
      for await (const key of keysIn(join(folder, workspace, part), workspace)) {
        const found = await stat(join(folder, workspace, part, key.slice(-64))).catch(() => undefined);
        if (found?.isFile()) yield { key, size: found.size, modified: found.mtime };
      }
  }
}

async function* keysIn(folder: string, workspace: string): AsyncGenerator<string, void> {
  for await (const { name } of await translate(() => opendir(folder)))
    if (isKey(`${workspace}/${name}`)) yield `${workspace}/${name}`;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter(name => /^[0-9a-f]{2}$/.test(name)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw asStorageError(error);
  }
}

interface Draft {
  mark: string;
  modified: number;
}

async function removeDrafts(folder: string, isLeft: (draft: Draft) => boolean): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (!found?.isFile()) continue;
    if (!isLeft({ mark: name.slice(0, name.lastIndexOf('.')), modified: found.mtimeMs })) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

/** Runs a disk operation and translates its errors to the port's. Errors of `source` stay as they are. */
async function translate<T>(step: () => Promise<T>, source?: Readable): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (source && error === source.errored) throw error;
    throw asStorageError(error);
  }
}

function asStorageError(error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ELOOP') return notFound(error);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StorageError('full', 'The media disk is full.', { cause: error });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new StorageError('denied', `The media folder cannot be used (${code}).`, { cause: error });
  // Other system errors: EIO, EMFILE, ESTALE, … Anything else is a bug or the caller's own error.
  return /^E[A-Z]+$/.test(code)
    ? new StorageError('unavailable', `The media disk failed (${code}).`, { cause: error })
    : error;
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException | undefined)?.code ?? '');
