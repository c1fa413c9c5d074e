// The outbox of this browser: keeps what was written, and sends it once, in the order of each conversation.
import { ApiError, type Message, RecadoError } from '@recado/client';
import { pass, passUntilHeard, pauseAfter } from '../../../../kit/contact.ts';
import type { Progress } from '../../../../kit/upload.ts';
import { type Delay, deliver, isRejected, LostFileError, worthWaiting } from './deliver.ts';
import { deleteFile, getFile, putFile } from './file-store.ts';
import { type Kept, newLocalId, parse, randomKey, read, readAll, remove, write } from './kept.ts';
import { closed, isOpen, thisTab } from './tab.ts';

/** A kept message with what happens to it now. */
export interface Entry {
  kept: Kept;
  file?: Blob | undefined;
  progress?: Progress | undefined;
  /** The server's message, once it has accepted it. */
  accepted?: Message | undefined;
  stop?: AbortController | undefined;
  /** The server refused it in this tab, so that its composer takes it back. */
  isRefusedHere?: boolean | undefined;
  /** Another tab has removed it, and an event will tell why. */
  isGone?: boolean | undefined;
}

/** The server knows a key for 24 hours. */
const keyLivesMs = 23 * 3_600_000;
/** A wait that the server asks for grows with the failures, up to this. */
const longestPauseMs = 30_000;

export type NewMessage = Pick<Kept, 'conversationId' | 'body' | 'file' | 'closes'>;

export interface Outbox {
  /** Keeps a message and begins to send it. */
  add(message: NewMessage, file?: Blob): void;
  /** Goes on with what is kept, also of before a reload. */
  resume(): void;
  retry(localId: string): void;
  /** Ends the pause before the next try in a conversation. */
  tryNow(conversationId: string): void;
  /** Forgets an accepted message, once the page has it from the server. */
  forgetAccepted(localId: string): void;
  /** Removes one that is not accepted, and stops its upload. The answer brings it back. */
  discard(localId: string): () => void;
  /** Does the same with all. */
  discardAll(): void;
  entriesOf(conversationId: string): readonly Entry[];
  subscribe(listener: () => void): () => void;
}

const nothing: readonly Entry[] = [];

/**
 * The outbox of one person in one workspace. `prefix` names what it keeps. It sends only while `isMine`: another person
 * may log in.
 */
export function openOutbox(prefix: string, isMine: () => boolean): Outbox {
  const entries = new Map<string, Entry>();
  const working = new Set<string>();
  /** Ends the pause of a conversation. */
  const pauses = new Map<string, AbortController>();
  const listeners = new Set<() => void>();
  let snapshots = new Map<string, readonly Entry[]>();

  function change(localId: string, entry: Entry | undefined): void {
    if (entry) entries.set(localId, entry);
    else entries.delete(localId);
    snapshots = new Map();
    for (const listener of listeners) listener();
  }

  const update = (localId: string, more: Partial<Entry>): void => {
    const entry = entries.get(localId);
    if (entry) change(localId, { ...entry, ...more });
  };

  function keep(kept: Kept): void {
    write(prefix, kept);
    update(kept.localId, { kept });
  }

  function forget(localId: string): void {
    remove(prefix, localId);
    // A file that stays there is only lost room.
    deleteFile(localId).catch(() => undefined);
  }

  const of = (conversationId: string): Entry[] =>
    [...entries.values()]
      .filter(({ kept }) => kept.conversationId === conversationId)
      .sort((a, b) => (a.kept.localId < b.kept.localId ? -1 : 1));

  const nextOf = (conversationId: string) =>
    isMine()
      ? of(conversationId).find(({ kept, accepted, isGone }) => !kept.rejection && !accepted && !isGone)
      : undefined;

  /** Sends what waits in a conversation, one after the other. Tabs take turns. */
  async function work(conversationId: string): Promise<void> {
    if (working.has(conversationId)) return;
    working.add(conversationId);
    const all = async () => {
      for (let failures = 0; ; ) {
        const next = nextOf(conversationId);
        if (!next) return undefined;
        const theirs = await isOfAnotherTab(next);
        if (theirs !== undefined) return theirs;
        const delay = await attempt(next);
        failures = delay ? failures + 1 : 0;
        if (delay) await pauseFor(next.kept, delay, failures);
      }
    };
    // Without locks (over plain HTTP) two tabs may send the same message, with the same key.
    const theirs = await (navigator.locks ? navigator.locks.request(`${prefix}${conversationId}`, all) : all());
    working.delete(conversationId);
    if (theirs !== undefined) return void closed(theirs).then(() => work(conversationId));
    // One that was added while the last answer was on its way.
    if (nextOf(conversationId)) void work(conversationId);
  }

  /** The tab that has to send it: only there is its file. */
  async function isOfAnotherTab({ kept, file }: Entry): Promise<string | undefined> {
    if (!kept.file || file || kept.tab === undefined || kept.tab === thisTab || !(await isOpen(kept.tab)))
      return undefined;
    return (await getFile(kept.localId).catch(() => undefined)) ? undefined : kept.tab;
  }

  /** Says when the next try begins, and waits until then. */
  async function pauseFor({ localId, conversationId }: Kept, { why, seconds }: Delay, failures: number): Promise<void> {
    const growing = why === 'away' ? pauseAfter(failures) : Math.min(longestPauseMs, 500 * 2 ** failures);
    const ms = Math.max(seconds * 1_000, growing);
    const entry = entries.get(localId);
    // Discarded meanwhile.
    if (!entry || !read(prefix + localId)) return;
    keep({ ...entry.kept, waits: { why, until: Date.now() + ms } });
    const stop = new AbortController();
    pauses.set(conversationId, stop);
    await (why === 'away' ? passUntilHeard : pass)(ms, stop.signal);
    pauses.delete(conversationId);
  }

  const endPause = (conversationId: string): void => pauses.get(conversationId)?.abort();

  /** Returns what to wait for before the next try; undefined if there is no next one for this message. */
  async function attempt({ kept, file }: Entry): Promise<Delay | undefined> {
    const { localId } = kept;
    // Another tab has sent or discarded it.
    if (!read(prefix + localId)) return void update(localId, { isGone: true });
    const { triedAt } = kept;
    if (triedAt !== undefined && Date.now() - triedAt > keyLivesMs)
      return void keep({ ...kept, rejection: { code: 'too_old', detail: '' } });
    const stop = new AbortController();
    const waits = kept.waits && { ...kept.waits, until: Date.now() };
    keep({ ...kept, triedAt: triedAt ?? Date.now(), waits });
    update(localId, { stop });
    try {
      const content = kept.file ? (file ?? (await getFile(localId))) : undefined;
      const onProgress = (progress: Progress) => update(localId, { progress });
      accept(kept, await deliver(kept, { file: content, onProgress, signal: stop.signal }));
      return undefined;
    } catch (error) {
      update(localId, { progress: undefined, stop: undefined });
      if (stop.signal.aborted) return undefined;
      const delay = worthWaiting(error);
      if (!delay) reject(localId, error);
      return delay;
    }
  }

  function accept(kept: Kept, accepted: Message): void {
    tellTabs({ ...kept, accepted });
    forget(kept.localId);
    update(kept.localId, { accepted, file: undefined, progress: undefined, stop: undefined });
  }

  function tellTabs(kept: Kept): void {
    try {
      write(prefix, kept);
    } catch {
      // Without room the other tabs show it as soon as the server tells of it.
    }
  }

  function reject(localId: string, error: unknown): void {
    const entry = entries.get(localId);
    if (!entry) return;
    const code =
      error instanceof RecadoError ? error.code : error instanceof LostFileError ? 'file_lost' : 'unexpected';
    const detail = error instanceof Error ? error.message : String(error);
    const field = error instanceof ApiError ? error.errors[0]?.message : undefined;
    const key = isRejected(error) ? randomKey() : entry.kept.key;
    const triedAt = isRejected(error) ? undefined : entry.kept.triedAt;
    const came = error instanceof ApiError && error.came.length > 0 ? error.came : undefined;
    update(localId, { isRefusedHere: true });
    keep({ ...entry.kept, key, triedAt, waits: undefined, rejection: { code, detail: field ?? detail, came } });
  }

  function resume(): void {
    for (const kept of readAll(prefix)) if (!entries.has(kept.localId)) change(kept.localId, { kept });
    for (const id of new Set([...entries.values()].map(({ kept }) => kept.conversationId))) void work(id);
  }

  addEventListener('storage', ({ key, newValue }) => {
    if (!key?.startsWith(prefix)) return;
    const localId = key.slice(prefix.length);
    const told = parse(newValue);
    if (told?.accepted) return change(localId, { ...entries.get(localId), kept: told, accepted: told.accepted });
    const kept = read(key);
    if (!kept) return entries.get(localId)?.accepted ? undefined : change(localId, undefined);
    change(localId, { ...entries.get(localId), kept });
    // Somebody asked there to try now.
    if (kept.waits && kept.waits.until <= Date.now()) endPause(kept.conversationId);
    // Takes over where the other tab is closed; until then it waits for its turn.
    if (navigator.locks) void work(kept.conversationId);
  });

  function put(message: Kept, file: Blob | undefined): void {
    const kept = file ? { ...message, tab: thisTab } : message;
    write(prefix, kept);
    change(kept.localId, { kept, file });
    // Without room in the browser the file is sent all the same; only a reload would lose it.
    if (file) putFile(kept.localId, file).catch(() => undefined);
    void work(kept.conversationId);
  }

  function discard(localId: string): () => void {
    const entry = entries.get(localId);
    if (!entry || entry.accepted) return () => undefined;
    const { kept } = entry;
    // Read before it is deleted.
    const file = kept.file && !entry.file ? getFile(localId).catch(() => undefined) : Promise.resolve(entry.file);
    forget(localId);
    change(localId, undefined);
    entry.stop?.abort();
    endPause(kept.conversationId);
    return () => void file.then(found => put(kept, found));
  }

  return {
    resume,
    discard,
    discardAll() {
      for (const localId of [...entries.keys()]) discard(localId);
    },
    add(message, file) {
      const kept: Kept = {
        ...message,
        localId: newLocalId(),
        key: randomKey(),
        createdAt: new Date().toISOString(),
      };
      put(kept, file);
    },
    retry(localId) {
      const entry = entries.get(localId);
      if (!entry) return;
      const isTooOld = entry.kept.rejection?.code === 'too_old';
      // Who retries has read what came.
      const seen = entry.kept.rejection?.came?.at(-1)?.id;
      const body = seen === undefined ? entry.kept.body : { ...entry.kept.body, last_seen_id: seen };
      keep({ ...entry.kept, body, rejection: undefined, ...(isTooOld && { key: randomKey(), triedAt: undefined }) });
      void work(entry.kept.conversationId);
    },
    tryNow(conversationId) {
      const next = nextOf(conversationId);
      // Another tab may be the one that waits.
      if (next?.kept.waits) keep({ ...next.kept, waits: { ...next.kept.waits, until: Date.now() } });
      endPause(conversationId);
    },
    forgetAccepted(localId) {
      if (entries.get(localId)?.accepted) change(localId, undefined);
    },
    entriesOf(conversationId) {
      const known = snapshots.get(conversationId);
      if (known) return known;
      const made = of(conversationId);
      const snapshot = made.length === 0 ? nothing : made;
      snapshots.set(conversationId, snapshot);
      return snapshot;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
