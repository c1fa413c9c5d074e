// A gate: at most so many pieces of work at once, the others wait in the order in which they came.
import type { Clock } from '../time.ts';

/** What becomes of the place of a piece of work that is held up, by a lock that somebody has for long, say. */
export interface Patience {
  clock: Pick<Clock, 'after'>;
  /** After so many milliseconds it gives its place to the next. */
  ms: number;
  /** At most so many are at work at once, those that are held up included. */
  most: number;
}

export interface Places {
  /** Takes a place, and gives what frees it; undefined where there is none. `onHeldUp` hears when it is given to the next. */
  take(onHeldUp?: () => void): (() => void) | undefined;
}

/** Makes so many places. `onFree` hears of each that becomes free. */
export function places(count: number, onFree: () => void, patience?: Patience): Places {
  let busy = 0;
  let heldUp = 0;
  return {
    take(onHeldUp) {
      if (busy >= count || (patience && busy + heldUp >= patience.most)) return undefined;
      busy++;
      let isHeldUp = false;
      const cancel = patience?.clock.after(patience.ms, () => {
        isHeldUp = true;
        busy--;
        heldUp++;
        onHeldUp?.();
        onFree();
      });
      return () => {
        cancel?.();
        if (isHeldUp) heldUp--;
        else busy--;
        onFree();
      };
    },
  };
}

/** What becomes of whoever waits for a place for long. */
export interface Wait {
  clock: Pick<Clock, 'after'>;
  /** After so many milliseconds it goes away without. */
  ms: number;
  refuse: () => Error;
}

export type Gate = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Makes a gate for so many at once. */
export function gate(count: number, patience?: Patience, wait?: Wait): Gate {
  const waiting: ((free: () => void) => void)[] = [];
  const all = places(count, admit, patience);

  function admit(): void {
    while (waiting.length > 0) {
      const free = all.take();
      if (!free) return;
      waiting.shift()?.(free);
    }
  }

  return async work => {
    // Whoever waits comes first.
    const free =
      (waiting.length === 0 ? all.take() : undefined) ??
      (await new Promise<() => void>((resolve, reject) => {
        const cancel = wait?.clock.after(wait.ms, () => {
          waiting.splice(waiting.indexOf(admitted), 1);
          reject(wait.refuse());
        });
        const admitted = (free: () => void) => {
          cancel?.();
          resolve(free);
        };
        waiting.push(admitted);
      }));
    try {
      return await work();
    } finally {
      free();
    }
  };
}

/** Makes a gate for each key. */
export function gates(make: () => Gate): <Result>(key: string, work: () => Promise<Result>) => Promise<Result> {
  const all = new Map<string, { pass: Gate; users: number }>();
  return async (key, work) => {
    const one = all.get(key) ?? { pass: make(), users: 0 };
    all.set(key, one);
    one.users++;
    try {
      return await one.pass(work);
    } finally {
      if (--one.users === 0) all.delete(key);
    }
  };
}
