// The clock that everything here lives by, so that tests can own the time.

/** What the simulator needs of a clock; `after` returns the function that cancels. */
export type Clock = { now(): number; after(ms: number, run: () => void): () => void };

/** The clock on the wall. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export type Timers = Clock & { cancelAll(): void };

/** A clock that remembers its open timers, so that closing leaves none behind. */
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
