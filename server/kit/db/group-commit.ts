// Group commit: what arrives together is written together, with one COMMIT, and without delay when idle.

import { gate, type Patience, places } from '../async/semaphore.ts';
import type { Clock } from '../time.ts';
import { isConflict, isDataError } from './database.ts';

export interface GroupCommit<Item, Result> {
  /** Writes the item together with others; settles when its COMMIT is known. */
  add(item: Item): Promise<Result>;
  /** Resolves when nothing is waiting or being written. */
  idle(): Promise<void>;
}

interface Entry<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** Lets a lock that somebody has for long keep only what wants it. */
interface Locks<Item> {
  clock: Pick<Clock, 'elapsed'>;
  /** The name of what an item may have to wait for. */
  of: (item: Item) => string;
  /** Whether a write failed since it would have had to wait for longer than it may; then nothing of it is stored. */
  isHeldUp: (error: unknown) => boolean;
}

interface Part<Item, Result> {
  entries: Entry<Item, Result>[];
  again: boolean;
  /** What its last write failed with. */
  error: unknown;
}

/** So many parts of batches that did not get a lock are written for the first time by themselves at once. */
const partsAtOnce = 2;
/** Whatever does not get its lock for so many milliseconds fails. */
const giveUpMs = 30_000;

/**
 * Gathers items into batches of at most `max`, with at most `inFlight` batches being written; with `patience`, one that is
 * held up does not keep the next.
 *
 * `write` gets the batch and gives a result an item, in the same order. `again` is true where an earlier
 * write of these items ended without a word about its COMMIT; it must then tell the truth about what is stored.
 * Items that `apart` gives the same text are never put into one batch: the later one waits for the next.
 * A data error halves the batch until the item at fault is alone; only that one is refused. Deadlocks and
 * serialization failures are repeated, at most five times. With `locks`, a batch that does not get a
 * lock is written in parts, again and again, so that only what wants that lock waits; what comes for it later waits behind,
 * also where the batch is only slow, so that what has the same lock is written in the order in which it came.
 */
export function groupCommit<Item, Result>(options: {
  write: (items: Item[], again: boolean) => Promise<Result[]>;
  uncertain: (error: unknown) => boolean;
  apart?: (item: Item) => string | undefined;
  max: number;
  inFlight: number;
  patience?: Patience;
  locks?: Locks<Item>;
  /** For what is in no hurry: so many milliseconds lie between the beginnings of two batches, unless the second is full. */
  pace?: { clock: Pick<Clock, 'after' | 'elapsed'>; ms: number };
}): GroupCommit<Item, Result> {
  let waiting: Entry<Item, Result>[] = [];
  let writing = 0;
  const all = places(options.inFlight, flush, options.patience);
  let idlers: (() => void)[] = [];
  /** What is written in parts, by what it waits for, in order. */
  const heldUp = new Map<string, Part<Item, Result>[]>();
  /** What the batches want that are held up and not over. */
  const late = new Set<ReadonlySet<string | undefined>>();
  const passFirst = gate(partsAtOnce);
  const passAgain = gate(1);

  const lockOf = ({ item }: Entry<Item, Result>): string | undefined => options.locks?.of(item);

  /** Writes a batch, and gives what of it did not get a lock. `onWritten` hears of it before those that asked do. */
  async function settle(
    batch: Entry<Item, Result>[],
    again: boolean,
    { conflicts = 0, onWritten = () => {} } = {},
  ): Promise<Part<Item, Result>[]> {
    try {
      const results = await options.write(
        batch.map(entry => entry.item),
        again,
      );
      onWritten();
      batch.forEach((entry, index) => {
        entry.resolve(results[index] as Result);
      });
    } catch (error) {
      if (isConflict(error) && conflicts < 5) return settle(batch, again, { conflicts: conflicts + 1, onWritten });
      if (isDataError(error) && batch.length > 1) {
        const middle = batch.length >> 1;
        const left = await settle(batch.slice(0, middle), again);
        // What wants the same lock as what is held up stays behind it.
        const locks = new Set(left.flatMap(({ entries }) => entries.map(lockOf)));
        const rest = batch.slice(middle);
        const behind = rest.filter(entry => locks.has(lockOf(entry)));
        const free = rest.filter(entry => !behind.includes(entry));
        if (behind.length > 0) left.push({ entries: behind, again, error });
        return [...left, ...(free.length > 0 ? await settle(free, again) : [])];
      }
      if (options.locks?.isHeldUp(error)) return [{ entries: batch, again, error }];
      if (!again && options.uncertain(error)) return settle(batch, true, { onWritten });
      for (const entry of batch) entry.reject(error);
    }
    return [];
  }

  /** Goes on with what did not get a lock, each lock for itself: from now on nothing that wants it is put into a batch. */
  function writeInParts(parts: Part<Item, Result>[], locks: Locks<Item>): void {
    for (const { entries, ...rest } of parts) {
      for (const [lock, own] of grouped(entries, entry => locks.of(entry.item))) {
        const part = { ...rest, entries: own };
        const line = heldUp.get(lock);
        if (line) line.push(part);
        else void workOff(lock, [part], locks);
      }
    }
  }

  async function workOff(lock: string, line: Part<Item, Result>[], { clock }: Locks<Item>): Promise<void> {
    heldUp.set(lock, line);
    writing++;
    for (let part = line.shift(); part; part = line.shift()) {
      const until = clock.elapsed() + giveUpMs;
      let left = await passFirst(() => settleAll([part]));
      while (left.length > 0 && clock.elapsed() < until) left = await passAgain(() => settleAll(left));
      for (const { entries, error } of left) for (const entry of entries) entry.reject(error);
    }
    heldUp.delete(lock);
    writing--;
    flush();
  }

  async function settleAll(parts: Part<Item, Result>[]): Promise<Part<Item, Result>[]> {
    const left: Part<Item, Result>[] = [];
    for (const { entries, again } of parts) left.push(...(await settle(entries, again)));
    return left;
  }

  function canGo(entry: Entry<Item, Result>): boolean {
    if (heldUp.size === 0 && late.size === 0) return true;
    const lock = lockOf(entry);
    return lock === undefined || !(heldUp.has(lock) || [...late].some(locks => locks.has(lock)));
  }

  function nextBatch(): Entry<Item, Result>[] {
    const taken = new Set<string>();
    const batch: Entry<Item, Result>[] = [];
    const later: Entry<Item, Result>[] = [];
    for (const entry of waiting) {
      const key = options.apart?.(entry.item);
      if (batch.length === options.max || !canGo(entry) || (key !== undefined && taken.has(key))) {
        later.push(entry);
        continue;
      }
      if (key !== undefined) taken.add(key);
      batch.push(entry);
    }
    waiting = later;
    return batch;
  }

  let lastBegan = Number.NEGATIVE_INFINITY;
  let isPaced = false;

  /** Whether the next batch has to wait for company; then it is looked at again. */
  function waits(): boolean {
    if (!options.pace || waiting.length >= options.max) return false;
    const { clock, ms } = options.pace;
    const left = lastBegan + ms - clock.elapsed();
    if (left > 0 && !isPaced) {
      isPaced = true;
      clock.after(left, () => {
        isPaced = false;
        flush();
      });
    }
    return left > 0;
  }

  function flush(): void {
    while (waiting.some(canGo) && !waits()) {
      let locks = new Set<string | undefined>();
      const free = all.take(() => late.add(locks));
      if (!free) break;
      if (options.pace) lastBegan = options.pace.clock.elapsed();
      writing++;
      const batch = nextBatch();
      if (options.locks) locks = new Set(batch.map(lockOf));
      // The next batch is on its way to the database while those that asked for this one are answered.
      let isFree = false;
      const onWritten = () => {
        if (isFree) return;
        isFree = true;
        late.delete(locks);
        free();
      };
      void settle(batch, false, { onWritten }).then(parts => {
        if (options.locks) writeInParts(parts, options.locks);
        onWritten();
        writing--;
        flush();
      });
    }
    if (writing === 0 && waiting.length === 0) {
      for (const resolve of idlers) resolve();
      idlers = [];
    }
  }

  let isAsked = false;

  return {
    add(item) {
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (isAsked) return;
        isAsked = true;
        // What arrives in the same turn of the event loop shares the first batch.
        setImmediate(() => {
          isAsked = false;
          flush();
        });
      });
    },
    idle: () =>
      writing === 0 && waiting.length === 0 ? Promise.resolve() : new Promise(resolve => idlers.push(resolve)),
  };
}

function grouped<Value>(values: Value[], by: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const group = groups.get(by(value));
    if (group) group.push(value);
    else groups.set(by(value), [value]);
  }
  return groups;
}
