// The sweeper: once a second, in one worker at a time, it finds the lanes that have due work and nobody to do it.
import type { Database } from '../kit/db/database.ts';
import { sql } from '../kit/db/sql.ts';
import type { Logger } from '../kit/log.ts';
import type { Clock } from '../kit/time.ts';
import type { LaneKind } from './lane.ts';

const lockKey = 7265636101;

export interface Sweeper {
  /**
   * One sweep, now. Does nothing where another worker is sweeping. @throws AggregateError where parts of it failed; they
   * are logged, and have kept no other part
   */
  sweep(): Promise<void>;
  /** Lets the part that is at work end; those behind it are left to the next sweep, of whoever makes it. */
  stop(): Promise<void>;
}

/** Starts sweeping. `maintenanceTasks` are run with each sweep; each has to be quick when there is nothing to do. */
export function startSweeper(options: {
  db: Database;
  kinds: LaneKind[];
  wake: (kind: string, key: string) => void;
  maintenanceTasks: (() => Promise<void>)[];
  clock: Clock;
  log: Logger;
}): Sweeper {
  const { db, kinds, wake, maintenanceTasks, clock, log } = options;
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
    const failures: unknown[] = [];
    const part = async (name: string, work: () => Promise<void>): Promise<void> => {
      if (stopped) return;
      await work().catch(error => {
        log.warn({ err: error, part: name }, 'a part of a sweep failed; a later sweep tries it again');
        failures.push(error);
      });
    };
    const wakeAll = async (kind: LaneKind, find: () => Promise<string[]>) => {
      for (const key of await find()) wake(kind.kind, key);
    };
    await part('sweep', () =>
      // The lock spares the others the same work; it is not what correctness rests on.
      db.transaction(async tx => {
        const [row] = await tx.query<{ mine: boolean }>(
          sql`select pg_try_advisory_xact_lock(${lockKey}) as mine, set_config('idle_in_transaction_session_timeout', '60000', true)`,
        );
        if (!row?.mine) return;
        // First what somebody waits for.
        for (const kind of kinds) await part(`due ${kind.kind}`, () => wakeAll(kind, () => kind.due()));
        for (const kind of kinds)
          for (const step of kind.maintenance ?? []) await part(`upkeep of ${kind.kind}`, () => wakeAll(kind, step));
        for (const maintenanceTask of maintenanceTasks) await part('chore', maintenanceTask);
      }),
    );
    if (failures.length > 0) throw new AggregateError(failures, 'parts of a sweep failed');
  }

  function next(): void {
    if (stopped) return;
    cancel = clock.after(1_000, () => {
      // What failed is in the log.
      void sweep()
        .catch(() => {})
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
