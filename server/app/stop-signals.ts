// The signals that end a program in order, and at once where they are given again.

/** A signal repeated within this time is the same one: a terminal sends it to npm too, which passes it on. */
const sameSignalMs = 1_000;

/**
 * Calls `stop` when the program is told to stop, also by a terminal that is closed; told again, it ends at once.
 * `sameMs` is for how long a signal counts as the first one still.
 */
export function whenToldToStop(stop: () => void, sameMs = sameSignalMs): void {
  let toldAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      const now = performance.now();
      if (toldAt === undefined) {
        toldAt = now;
        stop();
      } else if (now - toldAt > sameMs) process.exit(1);
    });
}
