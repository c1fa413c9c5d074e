// The simulator's clock, which tests can control.

/** What the simulator needs of a clock; `after` returns the function that cancels. */
export type Clock = { now(): number; after(ms: number, run: () => void): () => void };

/** The system clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export type Timers = Clock & { cancelAll(): void };

/** A clock that tracks its open timers, so that closing cancels all of them. */
export const trackTimers = (clock: Clock): Timers => {
  const open = new Set<() => void>();
  let stopped = false;
  return {
    now: clock.now,
    after: (ms, run) => {
      if (stopped) return () => {};
      const cancel = clock.after(ms, () => {
        open.delete(forget);
        run();
      });
      const forget = () => {
        open.delete(forget);
        cancel();
      };
      open.add(forget);
      return forget;
    },
    cancelAll: () => {
      stopped = true;
      for (const cancel of [...open]) cancel();
    },
  };
};
