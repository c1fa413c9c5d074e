// A semaphore: limits the work that runs at once. Further work waits in the order of arrival.
import type { Clock } from '../time.ts';

export interface Places {
  /** Takes a place and returns the function that frees it; undefined if none is free. */
  take(): (() => void) | undefined;
}

/** Creates `count` places. Calls `onFree` when a place becomes free. */
export function places(count: number, onFree: () => void): Places {
  let busy = 0;
  return {
    take() {
      if (busy >= count) return undefined;
      busy++;
      return () => {
        busy--;
        onFree();
      };
    },
  };
}

/** The longest wait for a place. */
export interface Wait {
  clock: Pick<Clock, 'after'>;
  /** After so many milliseconds the waiting work fails with `problem`. */
  ms: number;
  problem: () => Error;
}

export type Semaphore = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Creates a semaphore with `count` places. */
export function semaphore(count: number, wait?: Wait): Semaphore {
  const waiting: ((free: () => void) => void)[] = [];
  const all = places(count, admit);

  function admit(): void {
    while (waiting.length > 0) {
      const free = all.take();
      if (!free) return;
      waiting.shift()?.(free);
    }
  }

  return async work => {
    // Waiting work comes first.
    const free =
      (waiting.length === 0 ? all.take() : undefined) ??
      (await new Promise<() => void>((resolve, reject) => {
        const cancel = wait?.clock.after(wait.ms, () => {
          waiting.splice(waiting.indexOf(admitted), 1);
          reject(wait.problem());
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
export function semaphores(
  make: () => Semaphore,
): <Result>(key: string, work: () => Promise<Result>) => Promise<Result> {
  const all = new Map<string, { pass: Semaphore; users: number }>();
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
