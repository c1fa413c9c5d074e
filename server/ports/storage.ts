// The promise of a store of files: what was put comes back byte for byte, and what could not be put leaves nothing.
import type { Readable } from 'node:stream';

/**
 * Why a store did not do it.
 * - not_found: there is no such file
 * - unavailable: the store is down, slow or overloaded; the same call may succeed later
 * - busy: we ask too much of it at once; the store was not asked
 * - denied: the store refuses us, until somebody changes keys, rights or settings
 * - full: no room is left
 * - mismatch: the content is not what its key or its declared size says; nothing was stored
 * - out_of_range: the range begins behind the end of the file
 * - invalid_key: not a key of ours; the store was not asked
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

/** What a store throws, besides the reason of an AbortSignal and the errors of the stream that it was given. */
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
  /** How many bytes will come, where it is known: others are refused as a mismatch. */
  size?: number;
  signal?: AbortSignal;
}

export interface StoredFile {
  size: number;
  /** Of the content, as 64 hexadecimal digits. */
  sha256: string;
}

/** A range of bytes; `end` is the last one that is wanted, and may lie behind the end of the file. */
export interface ByteRange {
  start: number;
  end?: number;
}

export interface ReadOptions {
  range?: ByteRange;
  signal?: AbortSignal;
}

export interface StoredContent {
  /** Ends with a StorageError where the store breaks off. To be read or destroyed. */
  content: Readable;
  /** Of the whole file. */
  size: number;
  /** Of what `content` gives. */
  length: number;
}

export interface ListedFile {
  key: string;
  size: number;
  modified: Date;
}

export interface LinkOptions {
  /** How long the link is good. */
  seconds: number;
  contentType: string;
  /** The whole header, made safe already: `attachment; filename="…"`. */
  disposition: string;
}

/** A store of files under keys of ours. Every method throws StorageError. */
export interface Storage {
  /** Where it keeps them, for people: `disk`, `s3`, … */
  readonly kind: string;
  /**
   * Stores a stream, and takes it to its end or destroys it. The file is there as a whole or not at all: on an error,
   * an abort, and where the content's hash is not the one in the key, nothing is left (an error of the very last call
   * may hide that the file is there: whole, and the right one). Putting the same again is fine.
   */
  put(key: string, content: Readable, options: PutOptions): Promise<StoredFile>;
  /**
   * Takes in a file of this machine by giving it one more name, so that its bytes are written once; false where that is
   * not possible, and it has to be put. Who calls has hashed what it wrote there, and writes no more to it: here only the
   * size is looked at. Stores on the network do not have it.
   */
  takeFile?(key: string, path: string, size: number): Promise<boolean>;
  read(key: string, options?: ReadOptions): Promise<StoredContent>;
  head(key: string): Promise<Omit<ListedFile, 'key'>>;
  /** Removes a file; one that is gone already is fine. */
  remove(key: string): Promise<void>;
  /** The files of one workspace, or of all. What is put or removed meanwhile may be in it or not. */
  list(workspaceId?: string): AsyncIterable<ListedFile>;
  /**
   * A link under which anybody gets the file for so long; undefined where the server itself must serve it. Whether
   * there is such a file is not looked at.
   */
  link(key: string, options: LinkOptions): Promise<string | undefined>;
  /** Removes what uploads that were cut off before this time have left; gives how many there were. */
  removeLeftovers(before: Date): Promise<number>;
  close(): Promise<void>;
}

/** The stores that are set, by the names that the rows of contents have. */
export interface Stores {
  /** The one that new files go to. */
  readonly current: string;
  /** Those that are set. */
  readonly names: readonly string[];
  /** Opened when it is first needed. @throws StorageError denied where it is not set, or cannot be opened */
  open(name: string): Promise<Storage>;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const hash = /^[0-9a-f]{64}$/;

/** The key of a content in a workspace. @throws StorageError where it would not be one */
export function storageKey(workspaceId: string, sha256: string): string {
  const key = `${workspaceId}/${sha256}`;
  readKey(key);
  return key;
}

/** The parts of a key. Every store asks this first, so that no other text ever becomes a path or an address. */
export function readKey(key: string): { workspaceId: string; sha256: string } {
  const [workspaceId, sha256, ...more] = key.split('/');
  if (!workspaceId || !sha256 || more.length > 0 || !uuid.test(workspaceId) || !hash.test(sha256))
    throw new StorageError('invalid_key', 'A key of a file is a workspace and a SHA-256, with a slash between.');
  return { workspaceId, sha256 };
}

/** What the keys of a workspace, or of all, begin with. */
export function keyPrefix(workspaceId?: string): string {
  if (workspaceId === undefined) return '';
  if (!uuid.test(workspaceId)) throw new StorageError('invalid_key', 'Files are listed by the id of a workspace.');
  return `${workspaceId}/`;
}

/** Whether a name found in a store is one of our keys: others in the same bucket are not ours to list. */
export function isKey(name: string): boolean {
  const [workspaceId = '', sha256 = '', ...more] = name.split('/');
  return more.length === 0 && uuid.test(workspaceId) && hash.test(sha256);
}
