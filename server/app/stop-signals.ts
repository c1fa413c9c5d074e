// Stop signals: the first one stops the program in order, a second one at once.

/** A signal repeated within this time is the same one: a terminal also sends it to npm, which forwards it. */
const sameSignalMs = 1_000;

/**
 * Calls `stop` at the first stop signal, including a closed terminal; a second signal exits at once. Within `sameMs`
 * milliseconds a signal counts as the first one.
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
