// The heartbeat of a worker, on its own timer: a worker in a long sweep is still alive.
import type { Queryable } from '../kit/db/database.ts';
import type { Logger } from '../kit/log.ts';
import { endHeartbeat, recordHeartbeat, type WorkerSelf } from './worker-store.ts';

const everyMs = 1_000;

/** Records a heartbeat now and once a second. The returned function stops it and removes the worker. */
export async function startHeartbeat(db: Queryable, self: WorkerSelf, log: Logger): Promise<() => Promise<void>> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();

  function next(): void {
    if (!stopped) timer = setTimeout(sign, everyMs).unref();
  }
  function sign(): void {
    current = recordHeartbeat(db, self)
      .catch(error => log.warn({ err: error }, 'a worker could not record its heartbeat; it tries again'))
      .then(next);
  }
  await recordHeartbeat(db, self);
  next();

  return async () => {
    stopped = true;
    clearTimeout(timer);
    await current;
    // Without the database the heartbeat expires by itself, so the stop goes on.
    await endHeartbeat(db, self.id).catch(error => log.debug({ err: error }, 'a worker did not remove its heartbeat'));
  };
}
