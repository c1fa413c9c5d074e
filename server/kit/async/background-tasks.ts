// What is done after a request has been answered, so that the time of the answer tells nothing of it.
import type { Logger } from '../log.ts';
import type { Clock } from '../time.ts';

/** Waits so many milliseconds by the clock. Returns false if the program stops or is stopping. */
export type Pause = (ms: number) => Promise<boolean>;

export interface BackgroundTasks {
  /** Starts the work without waiting for it. A failure is logged. */
  run(work: (pause: Pause) => Promise<void>): void;
  /** Ends all pauses. Resolves when all started work has ended, or after so many milliseconds. */
  settled(mostMs: number): Promise<void>;
}

export function backgroundTasks(log: Logger, clock: Pick<Clock, 'after'>): BackgroundTasks {
  const open = new Set<Promise<void>>();
  const pauses = new Set<() => void>();
  let stopping = false;

  const pause: Pause = ms =>
    new Promise(resolve => {
      if (stopping) return resolve(false);
      const end = (isOver: boolean) => {
        pauses.delete(breakOff);
        resolve(isOver);
      };
      const cancel = clock.after(ms, () => end(true));
      const breakOff = () => {
        cancel();
        end(false);
      };
      pauses.add(breakOff);
    });

  return {
    run(work) {
      const running = work(pause)
        .catch(error => log.error({ err: error }, 'work after a request failed'))
        .finally(() => open.delete(running));
      open.add(running);
    },
    async settled(mostMs) {
      stopping = true;
      for (const breakOff of pauses) breakOff();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>(resolve => {
        timer = setTimeout(resolve, mostMs);
      });
      await Promise.race([Promise.all(open), late]);
      clearTimeout(timer);
    },
  };
}
