// The sweeper: once a second, one worker finds the lanes that have due work and no runner.
import type { Database } from '../kit/db/database.ts';
import { sql } from '../kit/db/sql.ts';
import type { Logger } from '../kit/log.ts';
import type { Clock } from '../kit/time.ts';
import type { LaneKind } from './lane.ts';

const lockKey = 7265636101;

export interface Sweeper {
  /**
   * Sweeps now. Does nothing while another worker sweeps. A failed part is logged and stops no other part.
   * @throws AggregateError if parts failed
   */
  sweep(): Promise<void>;
  /** Lets the running part end. The next sweep of any worker runs the remaining parts. */
  stop(): Promise<void>;
}

/** Starts sweeping. Each sweep runs the `maintenanceTasks`; a task must be quick when it has no work. */
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

  /** Sweeps run one after the other, so a caller who awaits one sees all its effects. */
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
      // The lock avoids double work. Correctness does not depend on it.
      db.transaction(async tx => {
        const [row] = await tx.query<{ mine: boolean }>(
          sql`select pg_try_advisory_xact_lock(${lockKey}) as mine, set_config('idle_in_transaction_session_timeout', '60000', true)`,
        );
        if (!row?.mine) return;
        // Due work first: callers wait for it.
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
      // The log has the failures.
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
