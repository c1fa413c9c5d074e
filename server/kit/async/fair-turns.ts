// Shares places between keys in turn: work of one key leaves places to others, and waits behind its own.
import type { Wait } from './semaphore.ts';

export interface TurnLimits {
  /** The most work that runs at once. */
  places: number;
  /** The most of it that may be of one key. */
  mostOfOne: number;
  /** The longest wait for a turn. */
  wait: Wait;
}

interface Line {
  running: number;
  waiting: (() => void)[];
}

/**
 * Makes a gate for work by key. A free place goes to the key with the fewest places, and among equals to the one that had
 * its last turn the longest ago. Work of one key runs in the order of arrival.
 */
export function fairTurns({
  places,
  mostOfOne,
  wait,
}: TurnLimits): <Result>(key: string, work: () => Promise<Result>) => Promise<Result> {
  // In the order of their last turns.
  const lines = new Map<string, Line>();
  let free = places;

  function admit(): void {
    while (free > 0) {
      const ready = [...lines].filter(([, line]) => line.waiting.length > 0 && line.running < mostOfOne);
      const [first, ...others] = ready;
      if (!first) return;
      const [key, line] = others.reduce((best, each) => (each[1].running < best[1].running ? each : best), first);
      free--;
      line.running++;
      lines.delete(key);
      lines.set(key, line);
      line.waiting.shift()?.();
    }
  }

  function leave(key: string, line: Line): void {
    if (line.running === 0 && line.waiting.length === 0) lines.delete(key);
  }

  return async (key, work) => {
    const line = lines.get(key) ?? { running: 0, waiting: [] };
    lines.set(key, line);
    await new Promise<void>((resolve, reject) => {
      let cancel = (): void => {};
      const admitted = () => {
        cancel();
        resolve();
      };
      line.waiting.push(admitted);
      admit();
      if (!line.waiting.includes(admitted)) return;
      cancel = wait.clock.after(wait.ms, () => {
        line.waiting.splice(line.waiting.indexOf(admitted), 1);
        leave(key, line);
        reject(wait.problem());
      });
    });
    try {
      return await work();
    } finally {
      free++;
      line.running--;
      leave(key, line);
      admit();
    }
  };
}
