// The simulator's clock, which tests can control and scripts can move.

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

export type SimulatedClock = Clock & {
  /** Moves the time forward. Steps that are due on the way happen in their order, each at its own time. */
  move(ms: number): Promise<void>;
  /** Whether time passes by itself. */
  isRunning(): boolean;
  /** Stops the time where it is, or lets it pass again from there. */
  setRunning(running: boolean): void;
  /** Sets what a move waits for after each step. */
  settleWith(settle: () => Promise<void>): void;
  cancelAll(): void;
};

type Timer = { due: number; order: number; run: () => void; cancel: () => void };

const idle = () => {};

/** A clock over another one that can be moved and stopped. It starts stopped at `standsAt`, if given. */
export const openClock = (base: Clock, standsAt: number | null = null): SimulatedClock => {
  let offset = 0;
  let stands = standsAt;
  let created = 0;
  let closed = false;
  let moving = Promise.resolve();
  let settle = async () => {};
  const timers = new Set<Timer>();
  const now = () => stands ?? base.now() + offset;

  const arm = (timer: Timer) => {
    if (stands !== null) return;
    timer.cancel = base.after(Math.max(0, timer.due - now()), () => {
      timers.delete(timer);
      timer.run();
    });
  };
  const setRunning = (running: boolean) => {
    if (running === (stands === null)) return;
    if (!running) {
      stands = now();
      for (const timer of timers) timer.cancel();
      return;
    }
    offset = (stands ?? 0) - base.now();
    stands = null;
    for (const timer of [...timers].sort(byDue)) arm(timer);
  };
  const firstUntil = (end: number) => {
    const first = [...timers].sort(byDue)[0];
    return first !== undefined && first.due <= end ? first : undefined;
  };
  const step = async (ms: number) => {
    const wasRunning = stands === null;
    setRunning(false);
    const end = now() + ms;
    for (let timer = firstUntil(end); timer !== undefined && !closed; timer = firstUntil(end)) {
      stands = Math.max(now(), timer.due);
      timers.delete(timer);
      timer.run();
      await settle();
    }
    stands = end;
    if (wasRunning) setRunning(true);
  };

  return {
    now,
    after: (ms, run) => {
      if (closed) return idle;
      const timer: Timer = { due: now() + ms, order: created++, run, cancel: idle };
      timers.add(timer);
      arm(timer);
      return () => {
        timers.delete(timer);
        timer.cancel();
      };
    },
    move: ms => {
      moving = moving.then(() => step(ms));
      return moving;
    },
    isRunning: () => stands === null,
    setRunning,
    settleWith: next => {
      settle = next;
    },
    cancelAll: () => {
      closed = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
};

const byDue = (a: Timer, b: Timer) => a.due - b.due || a.order - b.order;
