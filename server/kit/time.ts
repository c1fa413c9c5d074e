// The injected clock: the real one in production, a manual one in tests.
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** The time that SQL uses as the present; null lets the database use its own clock. */
  sqlNow(): Date | null;
  /** Monotonic milliseconds since an arbitrary start: for measuring durations. */
  elapsed(): number;
  /** Starts a measurement; the returned function gives the milliseconds since then, including sleep of the machine. */
  measure(): () => number;
  /** Calls `run` once after `ms` milliseconds; the returned function cancels it. */
  after(ms: number, run: () => void): () => void;
}

/** The real clock. Its timers do not keep the process alive. */
export const realClock: Clock = {
  now: () => Date.now(),
  sqlNow: () => null,
  elapsed: () => performance.now(),
  measure() {
    const at = performance.now();
    const time = Date.now();
    // The monotonic clock stops while the machine sleeps, and the time of day may be set back: the larger difference
    // is right.
    return () => Math.max(performance.now() - at, Date.now() - time);
  },
  after(ms, run) {
    const timer = setTimeout(run, Math.max(0, ms));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export interface ManualClock extends Clock {
  /** Moves the time and runs due timers in order. */
  advance(ms: number): void;
}

/** A clock that stands still until a test moves it. */
export function manualClock(start: number): ManualClock {
  let now = start;
  const timers = new Set<{ at: number; run: () => void }>();
  /** The earliest timer that is due by then. */
  const firstBy = (end: number) => {
    let first: { at: number; run: () => void } | undefined;
    for (const timer of timers) if (timer.at <= end && (!first || timer.at < first.at)) first = timer;
    return first;
  };
  return {
    now: () => now,
    sqlNow: () => new Date(now),
    // Moving the time does not change how long real work takes.
    elapsed: () => performance.now(),
    measure() {
      const at = performance.now();
      return () => performance.now() - at;
    },
    after(ms, run) {
      const timer = { at: now + Math.max(0, ms), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (let next = firstBy(end); next; next = firstBy(end)) {
        timers.delete(next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
  };
}
