// The file store port: reads return exactly what was put, and a failed put leaves nothing behind.
import type { Readable } from 'node:stream';

/**
 * Why a store call failed.
 * - not_found: the file does not exist
 * - unavailable: the store is down, slow or overloaded; a retry may succeed
 * - busy: our own concurrency limit; the store was not called
 * - denied: the store rejects us until someone changes keys, rights or settings
 * - full: no space is left
 * - mismatch: the content does not match its key or declared size; nothing was stored
 * - out_of_range: the range begins after the end of the file
 * - invalid_key: not one of our keys; the store was not called
 */
export type StorageErrorCode =
  | 'not_found'
  | 'unavailable'
  | 'busy'
  | 'denied'
  | 'full'
  | 'mismatch'
  | 'out_of_range'
  | 'invalid_key';

/** The error of all store methods, besides the reason of an AbortSignal and errors of the given stream. */
export class StorageError extends Error {
  override name = 'StorageError';
  readonly code: StorageErrorCode;
  constructor(code: StorageErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

export interface PutOptions {
  contentType: string;
  /** The announced size in bytes, if known; any other size is a mismatch. */
  size?: number;
  signal?: AbortSignal;
}

export interface StoredFile {
  size: number;
  /** The content's SHA-256, as 64 hexadecimal digits. */
  sha256: string;
}

/** A byte range; `end` is inclusive, and may be after the end of the file. */
export interface ByteRange {
  start: number;
  end?: number;
}

export interface ReadOptions {
  range?: ByteRange;
  signal?: AbortSignal;
}

export interface StoredContent {
  /** Ends with a StorageError if the store breaks off. Read or destroy it. */
  content: Readable;
  /** The size of the whole file. */
  size: number;
  /** The number of bytes in `content`. */
  length: number;
}

export interface ListedFile {
  key: string;
  size: number;
  modified: Date;
}

export interface LinkOptions {
  /** How long the link is valid. */
  seconds: number;
  contentType: string;
  /** The complete header, already escaped: `attachment; filename="…"`. */
  disposition: string;
}

/** A file store with our keys. Every method throws StorageError. */
export interface Storage {
  /** The kind of store, for people: `disk`, `s3`, … */
  readonly kind: string;
  /**
   * Stores a stream; reads it to its end or destroys it. All or nothing: an error, an abort or a hash that differs
   * from the key leaves nothing. Exception: if the very last call fails, the complete, correct file may exist.
   * Putting the same file again is fine.
   */
  put(key: string, content: Readable, options: PutOptions): Promise<StoredFile>;
  /**
   * Takes a file of this machine by adding a hard link, so that its bytes are written once; false if that is
   * impossible and it must be put. The caller has hashed the bytes and no longer writes to the file: only the size is
   * checked here. Network stores lack this method.
   */
  takeFile?(key: string, path: string, size: number): Promise<boolean>;
  read(key: string, options?: ReadOptions): Promise<StoredContent>;
  head(key: string): Promise<Omit<ListedFile, 'key'>>;
  /** Deletes a file; deleting a missing one is fine. */
  remove(key: string): Promise<void>;
  /** Lists the files of one workspace, or of all. Concurrent puts and deletes may or may not appear. */
  list(workspaceId?: string): AsyncIterable<ListedFile>;
  /**
   * A public link to the file for `seconds`; undefined if the server itself must serve it. Does not check that the
   * file exists.
   */
  link(key: string, options: LinkOptions): Promise<string | undefined>;
  /** Deletes the leftovers of uploads interrupted before this time; returns how many. */
  removeLeftovers(before: Date): Promise<number>;
  close(): Promise<void>;
}

/** The configured stores, by the names in content rows. */
export interface Stores {
  /** The store for new files. */
  readonly current: string;
  /** All configured stores. */
  readonly names: readonly string[];
  /** Opens a store on first use. @throws StorageError denied if it is not configured or cannot be opened */
  open(name: string): Promise<Storage>;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const hash = /^[0-9a-f]{64}$/;

/** The key of a content in a workspace. @throws StorageError if it would be invalid */
export function storageKey(workspaceId: string, sha256: string): string {
  const key = `${workspaceId}/${sha256}`;
  readKey(key);
  return key;
}

/** Parses a key. Every store calls this first, so that no other text becomes a path or URL. */
export function readKey(key: string): { workspaceId: string; sha256: string } {
  const [workspaceId, sha256, ...more] = key.split('/');
  if (!workspaceId || !sha256 || more.length > 0 || !uuid.test(workspaceId) || !hash.test(sha256))
    throw new StorageError('invalid_key', 'A file key is a workspace id, a slash and a SHA-256.');
  return { workspaceId, sha256 };
}

/** The key prefix of a workspace, or of all. */
export function keyPrefix(workspaceId?: string): string {
  if (workspaceId === undefined) return '';
  if (!uuid.test(workspaceId)) throw new StorageError('invalid_key', 'Files can only be listed by workspace id.');
  return `${workspaceId}/`;
}

/** Whether a name in a store is one of our keys: the bucket may contain other objects. */
export function isKey(name: string): boolean {
  const [workspaceId = '', sha256 = '', ...more] = name.split('/');
  return more.length === 0 && uuid.test(workspaceId) && hash.test(sha256);
}
