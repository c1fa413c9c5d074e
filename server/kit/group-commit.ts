// Group commit: what arrives together is written together, with one COMMIT, and without delay when idle.
import { isConflict, isDataError } from './db.ts';
import { gate, type Patience, places } from './gate.ts';
import type { Clock } from './time.ts';

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

/** So many parts of a batch that was held up are tried at once. */
const partsAtOnce = 4;

/** How one batch is written. */
export interface Writing {
  /** An earlier write of these items ended without a word about its COMMIT: the truth about what is stored is asked for. */
  again: boolean;
  /** Whether to wait for locks as long as it takes; otherwise the write fails with what `locks.isHeldUp` knows. */
  patient: boolean;
}

interface Locks<Item> {
  /** What an item may have to wait for. */
  of: (item: Item) => string;
  /** Whether a write failed since it would have had to wait for long; then nothing of it is stored. */
  isHeldUp: (error: unknown) => boolean;
  /** So many may be waited for at a time. */
  most: number;
}

/**
 * Gathers items into batches of at most `max`, with at most `inFlight` batches being written; with `patience`, one that is
 * held up does not keep the next.
 *
 * `write` gets the batch and gives a result an item, in the same order.
 * Items that `apart` gives the same text are never put into one batch: the later one waits for the next.
 * A data error halves the batch until the item at fault is alone; only that one is refused. Deadlocks and
 * serialization failures are repeated, at most five times. With `locks`, a batch that would have to wait for somebody's
 * lock is written in parts, so that only what wants that lock waits; what comes for it later waits behind it.
 */
export function groupCommit<Item, Result>(options: {
  write: (items: Item[], writing: Writing) => Promise<Result[]>;
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
  /** Whose locks are waited for. */
  const heldUp = new Set<string>();
  const passParts = gate(partsAtOnce);
  const passHeldUp = gate(options.locks?.most ?? 1);

  async function settle(batch: Entry<Item, Result>[], how: Writing, conflicts = 0): Promise<void> {
    const { locks } = options;
    try {
      const results = await options.write(
        batch.map(entry => entry.item),
        how,
      );
      batch.forEach((entry, index) => {
        entry.resolve(results[index] as Result);
      });
    } catch (error) {
      if (isConflict(error) && conflicts < 5) {
        await settle(batch, how, conflicts + 1);
      } else if (isDataError(error) && batch.length > 1) {
        const middle = batch.length >> 1;
        await settle(batch.slice(0, middle), how);
        await settle(batch.slice(middle), how);
      } else if (!how.again && options.uncertain(error)) {
        await settle(batch, { ...how, again: true });
      } else if (locks && !how.patient && locks.isHeldUp(error)) {
        await settleInParts(batch, how.again, locks);
      } else {
        for (const entry of batch) entry.reject(error);
      }
    }
  }

  /** Resolves when only what wants the lock is left, which nobody else has to wait for. */
  async function settleInParts(batch: Entry<Item, Result>[], again: boolean, locks: Locks<Item>): Promise<void> {
    const parts = new Map<string, Entry<Item, Result>[]>();
    for (const entry of batch) {
      const lock = locks.of(entry.item);
      parts.set(lock, [...(parts.get(lock) ?? []), entry]);
    }
    if (parts.size > 1) {
      const each = [...parts.values()].map(part => passParts(() => settle(part, { again, patient: false })));
      await Promise.all(each);
      return;
    }
    const [lock] = parts.keys();
    if (lock === undefined) return;
    heldUp.add(lock);
    writing++;
    void passHeldUp(() => settle(batch, { again, patient: true })).finally(() => {
      heldUp.delete(lock);
      writing--;
      flush();
    });
  }

  const canGo = ({ item }: Entry<Item, Result>): boolean =>
    heldUp.size === 0 || !options.locks || !heldUp.has(options.locks.of(item));

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
      const free = all.take();
      if (!free) break;
      if (options.pace) lastBegan = options.pace.clock.elapsed();
      writing++;
      void settle(nextBatch(), { again: false, patient: false }).finally(() => {
        writing--;
        free();
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
