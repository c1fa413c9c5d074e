// Writes media contents to a backup and restores them from one.
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Queryable } from '../../../kit/db/database.ts';
import { StorageError, type Stores, storageKey } from '../../../ports/storage.ts';
import { type ContentKey, findContent } from '../files/content-store.ts';
import { servedType } from '../files/file-headers.ts';
import * as maintenance from './maintenance-store.ts';

const pageSize = 200;
const mostBreaks = 4;

/** A content and its bytes, to be read to the end before the next is requested. */
export interface StoredContents {
  content: maintenance.ContentRow;
  pieces: AsyncIterable<Buffer>;
}

/**
 * The contents of a database snapshot, without those deleted since. If a store breaks off, the rest is requested
 * again, up to four times.
 * @throws StorageError while a content is read
 */
export async function* readStored(
  db: Queryable,
  stores: Pick<Stores, 'open'>,
  until: string,
  signal: AbortSignal,
): AsyncGenerator<StoredContents> {
  let after: ContentKey | undefined;
  for (;;) {
    const page = await maintenance.nextContents(db, after, pageSize, { until });
    for (const content of page) yield { content, pieces: piecesOf(db, stores, content, signal) };
    after = page.at(-1);
    if (page.length < pageSize) return;
  }
}

async function* piecesOf(
  db: Queryable,
  stores: Pick<Stores, 'open'>,
  { workspaceId, sha256, size, ...row }: maintenance.ContentRow,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let { store } = row;
  let read = 0;
  for (let breaks = 0; ; ) {
    try {
      const storage = await stores.open(store);
      const range = read > 0 ? { start: read } : undefined;
      const { content } = await storage.read(storageKey(workspaceId, sha256), { signal, ...(range && { range }) });
      for await (const chunk of content) {
        read += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StorageError)) throw error;
      // It may have been moved meanwhile.
      const elsewhere = error.code === 'not_found' ? await findContent(db, { workspaceId, sha256 }) : undefined;
      if (elsewhere && elsewhere.store !== store) store = elsewhere.store;
      else if (error.code !== 'unavailable' || ++breaks > mostBreaks) throw error;
      else await pause(breaks * 1_000, undefined, { signal });
      if (read > 0 && read === size) return;
    }
  }
}

/** A content from a backup. */
export interface ContentToPlace {
  content: Omit<maintenance.ContentRow, 'store'>;
  pieces: AsyncIterable<Buffer>;
}

export interface Placed {
  /** How many were put, and how many the store already had. */
  put: number;
  there: number;
}

/**
 * Puts contents into the store for new files, verifies each hash, and records them in their rows. Existing ones stay
 * as they are, so it can be repeated. Skips what `wanted` rejects.
 */
export async function placeContents(
  tx: Queryable,
  stores: Stores,
  contents: AsyncIterable<ContentToPlace>,
  options: { wanted: (key: string) => boolean; onPlaced: (bytes: number) => void; signal: AbortSignal },
): Promise<Placed> {
  const { wanted, onPlaced, signal } = options;
  const storage = await stores.open(stores.current);
  const placed = { put: 0, there: 0 };
  let noted: ContentKey[] = [];
  const note = async () => {
    await maintenance.notePlaced(tx, noted, stores.current);
    noted = [];
  };
  for await (const { content, pieces } of contents) {
    signal.throwIfAborted();
    const key = storageKey(content.workspaceId, content.sha256);
    // Without a row it would be a stray file.
    if (!wanted(key) || !(await findContent(tx, content))) continue;
    if (await isThere(storage, key, content.size)) placed.there += 1;
    else {
      const source = Readable.from(pieces, { objectMode: false });
      await storage.put(key, source, { contentType: servedType(content.mimeType), size: content.size, signal });
      placed.put += 1;
    }
    onPlaced(content.size);
    noted.push(content);
    if (noted.length === pageSize) await note();
  }
  await note();
  return placed;
}

async function isThere(storage: { head(key: string): Promise<{ size: number }> }, key: string, size: number) {
  try {
    return (await storage.head(key)).size === size;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'not_found') return false;
    throw error;
  }
}

/** The contents with a row that are in no store of ours. */
export interface Missing {
  contents: number;
  missing: number;
  bytes: number;
  /** Stores that rows name but that are not configured, with their number of contents. */
  unset: Map<string, number>;
}

const asked = 8;

/** Asks the stores for each content. */
export async function findMissing(
  db: Queryable,
  stores: Stores & { names: readonly string[] },
  options: { progress: (done: number, of: number) => void; signal: AbortSignal },
): Promise<Missing> {
  const { count } = await maintenance.countContents(db);
  const found: Missing = { contents: 0, missing: 0, bytes: 0, unset: new Map() };
  let after: ContentKey | undefined;
  for (;;) {
    const page = await maintenance.nextContents(db, after, pageSize);
    const waiting = [...page];
    const look = async () => {
      for (let row = waiting.pop(); row; row = waiting.pop()) {
        options.signal.throwIfAborted();
        const { store, size } = row;
        const set = stores.names.includes(store);
        if (!set) found.unset.set(store, (found.unset.get(store) ?? 0) + 1);
        const there = set && (await isThere(await stores.open(store), storageKey(row.workspaceId, row.sha256), size));
        found.contents += 1;
        if (!there) [found.missing, found.bytes] = [found.missing + 1, found.bytes + size];
        options.progress(found.contents, count);
      }
    };
    await Promise.all(Array.from({ length: asked }, look));
    after = page.at(-1);
    if (page.length < pageSize) return found;
  }
}
