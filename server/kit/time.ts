// The clock that is passed in: the real one in production, one that a test moves by hand elsewhere.
export interface Clock {
  /** Milliseconds since 1970, for what the application itself measures. */
  now(): number;
  /** The time that SQL takes as the present: null lets the database use its own clock. */
  sqlNow(): Date | null;
  /** Milliseconds since some moment, which no setting of the clock moves: for measuring how long something takes. */
  elapsed(): number;
  /** Begins to measure: the answer gives the milliseconds since then, those in which the machine was asleep too. */
  measure(): () => number;
  /** Calls `run` once after so many milliseconds; the answer cancels it. */
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
    // What is measured stands still while the machine sleeps, and the time of day may be set back: whoever tells of more is right.
    return () => Math.max(performance.now() - at, Date.now() - time);
  },
  after(ms, run) {
    const timer = setTimeout(run, Math.max(0, ms));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export interface ManualClock extends Clock {
  /** Moves the time and runs what has become due, in order. */
  advance(ms: number): void;
}

/** A clock that stands still until it is moved. */
export function manualClock(start: number): ManualClock {
  let now = start;
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    sqlNow: () => new Date(now),
    // However far the time is moved, what is at work meanwhile takes as long as it takes.
    elapsed: () => performance.now(),
    measure() {
      const at = performance.now();
      return () => performance.now() - at;
    },
    after(ms, run) {
      const timer = { at: now + Math.max(0, ms), run };
      timers.push(timer);
      return () => {
        timers = timers.filter(other => other !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter(timer => timer !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
  };
}
