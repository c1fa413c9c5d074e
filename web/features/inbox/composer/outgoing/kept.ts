// What was sent from this browser and is not accepted yet. It survives reloads; files are in IndexedDB.
import type { Came, Message, SendMessage } from '@recado/client';
import { storedKeys } from '../../../../kit/stored-keys.ts';
import type { FileKind } from '../files/kinds.ts';

export interface KeptFile {
  name: string;
  type: string;
  size: number;
  kind: FileKind;
  /** A recording, to be sent as a voice note. */
  voice?: boolean;
}

/** Why the server rejected it. */
export interface Rejection {
  code: string;
  /** The sentence of the server, in English. */
  detail: string;
  /** What others of us wrote meanwhile, where that is why. */
  came?: readonly Came[] | undefined;
}

/** Why the server did not take it at the last try, and when the next one begins by itself, in milliseconds. */
export interface Waits {
  why: 'away' | 'asked';
  until: number;
}

export interface Kept {
  /** Sorts by time. */
  localId: string;
  conversationId: string;
  /** The Idempotency-Key: the same over all tries, so that a lost answer never sends twice. */
  key: string;
  /** The request. Its file has no id until it is uploaded. */
  body: SendMessage;
  file?: KeptFile | undefined;
  /** Whether the conversation is closed once the server has it. */
  closes?: boolean | undefined;
  createdAt: string;
  /** The time of the first try. */
  triedAt?: number | undefined;
  rejection?: Rejection | undefined;
  /** In the past while it is tried. */
  waits?: Waits | undefined;
  /** The tab that has its file in memory, as long as it is open. */
  tab?: string | undefined;
  /** The server's message: written for the other tabs, just before it is removed. */
  accepted?: Message | undefined;
}

const everybody = 'recado.outgoing.';

/** Of one person in one workspace: nobody sends what somebody else wrote in this browser. */
export const prefixOf = (workspaceId: string, personId: string) => `${everybody}${workspaceId}.${personId}.`;

export const readAll = (prefix: string): Kept[] => storedKeys(prefix).flatMap(name => read(name) ?? []);

/** The number that this browser keeps, of all people. */
export const countKept = (): number => readAll(everybody).length;

/** Deletes all that this browser keeps. */
export function removeAll(): void {
  for (const name of storedKeys(everybody)) localStorage.removeItem(name);
}

/** Undefined where it is gone, or is of another version. */
export const read = (name: string): Kept | undefined => parse(localStorage.getItem(name));

/** Reads an entry of this or another tab; undefined if another version wrote it. */
export function parse(stored: string | null): Kept | undefined {
  if (stored === null) return undefined;
  try {
    const kept = JSON.parse(stored) as Kept;
    return typeof kept.localId === 'string' && typeof kept.body === 'object' ? kept : undefined;
  } catch {
    return undefined;
  }
}

export const write = (prefix: string, kept: Kept): void =>
  localStorage.setItem(prefix + kept.localId, JSON.stringify(kept));

export const remove = (prefix: string, localId: string): void => localStorage.removeItem(prefix + localId);

let made = 0;

/** Ids that sort by time, also within a millisecond. */
export function newLocalId(): string {
  made++;
  return `${Date.now().toString(36).padStart(9, '0')}-${made.toString(36).padStart(4, '0')}-${randomKey().slice(0, 6)}`;
}

/** `crypto.randomUUID` exists only under https. */
export const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
