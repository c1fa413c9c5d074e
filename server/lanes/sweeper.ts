// The sweeper: once a second, in one worker at a time, it finds the lanes that have due work and nobody to do it.
import type { Database } from '../kit/db.ts';
import type { Logger } from '../kit/log.ts';
import { sql } from '../kit/sql.ts';
import type { Clock } from '../kit/time.ts';
import type { LaneKind } from './lane.ts';

const lockKey = 7265636101;

export interface Sweeper {
  /** One sweep, now. Does nothing where another worker is sweeping. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts sweeping. `chores` are run with each sweep; each has to be quick when there is nothing to do. */
export function startSweeper(options: {
  db: Database;
  kinds: LaneKind[];
  wake: (kind: string, key: string) => void;
  /** A sign of life of this process, at each sweep whether or not it is ours. */
  beat: () => Promise<void>;
  chores: (() => Promise<void>)[];
  clock: Clock;
  log: Logger;
}): Sweeper {
  const { db, kinds, wake, beat, chores, clock, log } = options;
  let stopped = false;
  let cancel = () => {};
  let current: Promise<void> = Promise.resolve();

  /** One after the other, so that who awaits a sweep has seen all of it. */
  function sweep(): Promise<void> {
    const mine = current.then(once);
    current = mine.catch(() => {});
    return mine;
  }

  async function once(): Promise<void> {
    await beat();
    // The lock spares the others the same work; it is not what correctness rests on.
    await db.transaction(async tx => {
      const [row] = await tx.query<{ mine: boolean }>(sql`select pg_try_advisory_xact_lock(${lockKey}) as mine`);
      if (!row?.mine) return;
      for (const kind of kinds) {
        for (const key of (await kind.recover?.()) ?? []) wake(kind.kind, key);
        for (const key of await kind.due()) wake(kind.kind, key);
      }
      for (const chore of chores) await chore();
    });
  }

  function next(): void {
    if (stopped) return;
    cancel = clock.after(1_000, () => {
      void sweep()
        .catch(error => log.warn({ err: error }, 'a sweep failed; the next one follows'))
        .finally(next);
    });
  }
  next();

  return {
    sweep,
    async stop() {
      stopped = true;
      cancel();
      await current;
    },
  };
}
