// The heartbeat of a worker, on its own timer: a worker in a long sweep is still alive.
import type { Queryable } from '../kit/db/database.ts';
import type { WalPosition } from '../kit/db/wal-position.ts';
import type { Logger } from '../kit/log.ts';
import { endHeartbeat, recordHeartbeat, type WorkerSelf } from './worker-store.ts';

const everyMs = 1_000;

/**
 * Records a heartbeat now and once a second; `saw` is told how far the database's log has come. The returned function
 * stops it and removes the worker.
 */
export async function startHeartbeat(
  db: Queryable,
  self: WorkerSelf,
  log: Logger,
  saw: ((position: WalPosition) => void) | undefined,
): Promise<() => Promise<void>> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();

  function next(): void {
    if (!stopped) timer = setTimeout(sign, everyMs).unref();
  }
  function sign(): void {
    current = record()
      .catch(error => log.warn({ err: error }, 'a worker could not record its heartbeat; it tries again'))
      .then(next);
  }
  async function record(): Promise<void> {
    const position = await recordHeartbeat(db, self, saw !== undefined);
    if (position) saw?.(position);
  }
  async function end(): Promise<void> {
    const position = await endHeartbeat(db, self.id, saw !== undefined);
    if (position) saw?.(position);
  }
  await record();
  next();

  return async () => {
    stopped = true;
    clearTimeout(timer);
    await current;
    // Without the database the heartbeat expires by itself, so the stop goes on.
    await end().catch(error => log.debug({ err: error }, 'a worker did not remove its heartbeat'));
  };
}
