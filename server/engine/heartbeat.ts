// The sign of life of a worker, by a timer of its own: a sweep may take long, and who sweeps is not gone.
import type { Queryable } from '../kit/db/database.ts';
import type { Logger } from '../kit/log.ts';
import { endHeartbeat, recordHeartbeat, type WorkerSelf } from './worker-store.ts';

const everyMs = 1_000;

/** Gives the first sign, and one a second from then on. The answer stops it and signs off. */
export async function startHeartbeat(db: Queryable, self: WorkerSelf, log: Logger): Promise<() => Promise<void>> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();

  function next(): void {
    if (!stopped) timer = setTimeout(sign, everyMs).unref();
  }
  function sign(): void {
    current = recordHeartbeat(db, self)
      .catch(error => log.warn({ err: error }, 'a worker could not give a sign of life; it tries again'))
      .then(next);
  }
  await recordHeartbeat(db, self);
  next();

  return async () => {
    stopped = true;
    clearTimeout(timer);
    await current;
    // Where the database is away, the sign of life runs out by itself: that is no reason not to stop in order.
    await endHeartbeat(db, self.id).catch(error => log.debug({ err: error }, 'a worker did not sign off'));
  };
}
