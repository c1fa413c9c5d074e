// Work that may go on side by side, and work that has to be alone.

export interface Exclusion {
  /** Runs with other shared work; waits for exclusive work. */
  shared<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Runs work alone: shared work ends before it, or begins after it. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function exclusion(): Exclusion {
  let sharing = 0;
  let isFree: (() => void) | undefined;
  /** Settles when no exclusive work runs or waits. */
  let turn: Promise<void> = Promise.resolve();
  let waiting = 0;
  return {
    async shared(work) {
      while (waiting > 0) await turn;
      sharing++;
      try {
        return await work();
      } finally {
        sharing--;
        if (sharing === 0) isFree?.();
      }
    },
    async alone(work) {
      waiting++;
      const before = turn;
      let end = () => {};
      turn = new Promise(resolve => {
        end = resolve;
      });
      await before;
      if (sharing > 0)
        await new Promise<void>(resolve => {
          isFree = resolve;
        });
      isFree = undefined;
      try {
        return await work();
      } finally {
        waiting--;
        end();
      }
    },
  };
}
