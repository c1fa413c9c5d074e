// What is done after a request has been answered, so that the time of the answer tells nothing of it.
import type { Logger } from './log.ts';

export interface Afterwards {
  /** Begins the work, which nobody waits for. A failure is logged. */
  run(work: () => Promise<void>): void;
  /** Resolves when all that was begun has ended, or after so many milliseconds. */
  settled(mostMs: number): Promise<void>;
}

export function afterwards(log: Logger): Afterwards {
  const open = new Set<Promise<void>>();
  return {
    run(work) {
      const running = work()
        .catch(error => log.error({ err: error }, 'work after a request failed'))
        .finally(() => open.delete(running));
      open.add(running);
    },
    async settled(mostMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>(resolve => {
        timer = setTimeout(resolve, mostMs);
      });
      await Promise.race([Promise.all(open), late]);
      clearTimeout(timer);
    },
  };
}
