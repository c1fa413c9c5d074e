// Group commit: what arrives together is written together, with one COMMIT, and without delay when idle.
import { type Clock, realClock } from '../time.ts';
import { isConflict, isDataError, isLockTimeout } from './database.ts';

/** How often a write of uncertain effect is repeated. */
const mostLosses = 6;

export interface GroupCommit<Item, Result> {
  /** Writes the item together with others; settles when its COMMIT is known. */
  add(item: Item): Promise<Result>;
  /** Resolves when nothing is waiting or being written. */
  idle(): Promise<void>;
}

/** The least time between the beginnings of two batches, unless the second is full. */
export interface Pace {
  clock: Pick<Clock, 'after' | 'elapsed'>;
  /** Milliseconds. */
  ms: number;
  /** A batch of one item does not make the next one wait: a caller that sends one after the other is not slowed down. */
  unlessAlone?: boolean;
}

/** Batches of a busy process are larger and cost less per item; a single caller waits for nobody. */
export const busyPace: Pace = { clock: realClock, ms: 8, unlessAlone: true };

interface Entry<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers items into batches of at most `max`, with at most `inFlight` batches being written.
 *
 * `write` gets the batch and returns one result per item, in the same order. `again` is true after an earlier write of
 * these items whose COMMIT had no response; `write` must then check what is stored.
 * Items with the same `apart` text are never in one batch: the later one waits for the next.
 * A data error or a lock timeout halves the batch until the failing item is alone; only that item is rejected.
 * Deadlocks and serialization failures are repeated, at most five times, and writes of uncertain effect at most six times.
 */
export function groupCommit<Item, Result>(options: {
  write: (items: Item[], again: boolean) => Promise<Result[]>;
  uncertain: (error: unknown) => boolean;
  apart?: (item: Item) => string | undefined;
  max: number;
  inFlight: number;
  pace?: Pace | undefined;
}): GroupCommit<Item, Result> {
  let waiting: Entry<Item, Result>[] = [];
  let writing = 0;
  /** Batches that others have to wait for: the next is on its way while those that asked for one are answered. */
  let inFlight = 0;
  let idlers: (() => void)[] = [];

  /** Settles a batch. Calls `onWritten` before the callers get their results. */
  async function settle(
    batch: Entry<Item, Result>[],
    again: boolean,
    { conflicts = 0, losses = 0, onWritten = () => {} } = {},
  ): Promise<void> {
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
      if (isConflict(error) && conflicts < 5)
        return settle(batch, again, { conflicts: conflicts + 1, losses, onWritten });
      if ((isDataError(error) || isLockTimeout(error)) && batch.length > 1) {
        const middle = batch.length >> 1;
        await settle(batch.slice(0, middle), again);
        return settle(batch.slice(middle), again, { onWritten });
      }
      // A database that restarts cuts all connections of a pool, so the next ones may be cut as well.
      if (losses < mostLosses && options.uncertain(error))
        return settle(batch, true, { losses: losses + 1, onWritten });
      for (const entry of batch) entry.reject(error);
    }
  }

  function nextBatch(): Entry<Item, Result>[] {
    const taken = new Set<string>();
    const batch: Entry<Item, Result>[] = [];
    const later: Entry<Item, Result>[] = [];
    for (const entry of waiting) {
      const key = options.apart?.(entry.item);
      if (batch.length === options.max || (key !== undefined && taken.has(key))) {
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
  let lastWasAlone = false;
  let isPaced = false;

  /** Whether the next batch has to wait for company; then it is looked at again. */
  function waits(): boolean {
    if (!options.pace || waiting.length >= options.max) return false;
    const { clock, ms, unlessAlone } = options.pace;
    if (unlessAlone && lastWasAlone) return false;
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
    while (waiting.length > 0 && inFlight < options.inFlight && !waits()) {
      if (options.pace) lastBegan = options.pace.clock.elapsed();
      const batch = nextBatch();
      lastWasAlone = batch.length === 1;
      writing++;
      inFlight++;
      let isFree = false;
      const onWritten = () => {
        if (isFree) return;
        isFree = true;
        inFlight--;
        flush();
      };
      void settle(batch, false, { onWritten }).then(() => {
        writing--;
        onWritten();
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
