// Wake-ups: "this lane has work", carried to any worker by BullMQ on PostgreSQL or Redis. A wake-up may be lost,
// doubled or late without harm: the database is the queue of record, and the sweeper reads it.
import type { Queue, Worker } from 'bullmq';
import type { Logger } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import type { StartError } from '../kit/start-error.ts';

export interface Wakeups {
  /** Sends a wake-up; never fails and never waits. */
  add(kind: string, key: string): void;
  /**
   * Waits until wake-ups can be sent. With `run` it also starts to take them; `run` settles when the lane's run ends.
   * @throws StartError when the store rejects the connections
   */
  open(run: Run | undefined): Promise<void>;
  close(): Promise<void>;
}

type Run = (kind: string, key: string) => Promise<void>;

/** The queues and workers of BullMQ on one backend. */
export interface WakeupTransport {
  /** How many connections to the database it opens, at most. */
  connections: number;
  queue(name: string): Queue;
  worker(name: string, process: (job: CarriedWakeup) => Promise<void>, options: WorkerTuning): Worker;
  /** The error for the operator when a connection cannot be opened. */
  refusal(why: string): StartError;
  close(): Promise<void>;
}

/** A wake-up as it arrives; `timestamp` is when it was sent, in milliseconds. */
export interface CarriedWakeup {
  data: { key: string };
  timestamp: number;
}

type WakeupMetrics = Pick<Metrics, 'wakeups' | 'wakeupLag'>;

export interface WorkerTuning {
  concurrency: number;
  lockDuration: number;
  stalledInterval: number;
  maxStalledCount: number;
  autorun: boolean;
}

// A killed worker's lane is free after about 6 seconds; with BullMQ's defaults it took 57. A stalled lane did not fail,
// so it is always retried. No worker runs before all are connected.
const tuning: WorkerTuning = {
  concurrency: 20,
  lockDuration: 5_000,
  stalledInterval: 2_500,
  maxStalledCount: 1_000_000,
  autorun: false,
};
const gatherMs = 50;
const openWithinMs = 10_000;
const closeWithinMs = 1_000;

/** Carries wake-ups by BullMQ, one queue per kind. */
export function bullmqWakeups(
  transport: WakeupTransport,
  kinds: string[],
  metrics: WakeupMetrics,
  log: Logger,
): Wakeups {
  const queues = kinds.map(kind => transport.queue(kind));
  const senders = new Map(queues.map(queue => [queue.name, sender(queue, metrics, log)]));
  const workers: Worker[] = [];

  function taker(kind: string, run: Run): Worker {
    const take = (job: CarriedWakeup) => {
      metrics.wakeups.inc({ kind, outcome: 'taken' });
      metrics.wakeupLag.observe(Math.max(0, Date.now() - job.timestamp) / 1_000);
      return run(kind, job.data.key);
    };
    const worker = transport.worker(kind, take, tuning);
    worker.on('error', error => log.debug({ err: error, kind }, 'the wake-up store reported an error'));
    return worker;
  }

  return {
    add: (kind, key) => senders.get(kind)?.add(key),
    async open(run) {
      if (run) workers.push(...kinds.map(kind => taker(kind, run)));
      await allReady([...queues, ...workers]).catch(error => {
        throw transport.refusal(error instanceof Error ? error.message : String(error));
      });
      for (const worker of workers)
        void worker
          .run()
          .catch(error =>
            log.error({ err: error, kind: worker.name }, 'this process takes no wake-ups until its next start'),
          );
    },
    async close() {
      // Wake-ups may be lost, so a store that does not respond must not block the stop.
      await settledOrLate(workers.map(worker => worker.close(true)));
      await settledOrLate([...senders.values()].map(each => each.close()));
      await settledOrLate([transport.close()]);
    },
  };
}

/**
 * BullMQ never retries a connection whose first attempt failed. A queue then loses every wake-up. A worker retries in a
 * loop that may block the process. So every first connection must succeed.
 */
async function allReady(connected: (Queue | Worker)[]): Promise<void> {
  const ready = Promise.all(connected.map(each => each.waitUntilReady()));
  if (await isLate(ready, openWithinMs)) throw new Error(`not open after ${openWithinMs / 1_000} seconds`);
}

async function settledOrLate(work: Promise<void>[]): Promise<void> {
  await isLate(Promise.allSettled(work), closeWithinMs);
}

/** Settles with the work, or returns true after `ms` milliseconds. */
async function isLate(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<true>(resolve => {
    timer = setTimeout(() => resolve(true), ms);
  });
  try {
    return await Promise.race([work.then(() => false), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Sends the first wake-up at once, and the later ones together every 50 ms. A key that comes while its wake-up is being
 * added is added again. Without that, 7 of 10 lanes fell asleep in an experiment.
 */
function sender(queue: Queue, metrics: WakeupMetrics, log: Logger) {
  let pending = new Set<string>();
  let sending: Promise<void> | undefined;
  let closed = false;
  queue.on('error', error => log.debug({ err: error, queue: queue.name }, 'the wake-up store reported an error'));

  async function send(): Promise<void> {
    while (pending.size > 0 && !closed) {
      const keys = [...pending];
      pending = new Set();
      let sent = 0;
      try {
        for (let start = 0; start < keys.length; start += 500) {
          const some = keys.slice(start, start + 500);
          await queue.addBulk(some.map(key => ({ name: 'wake', data: { key }, opts: wakeupOptions(key) })));
          sent += some.length;
        }
      } catch (error) {
        metrics.wakeups.inc({ kind: queue.name, outcome: 'lost' }, keys.length - sent);
        log.warn({ err: error, queue: queue.name }, 'wake-ups were lost; the sweeper finds their lanes');
      }
      metrics.wakeups.inc({ kind: queue.name, outcome: 'sent' }, sent);
      if (pending.size > 0) await new Promise(resolve => setTimeout(resolve, gatherMs).unref());
    }
  }

  function begin(): void {
    sending ??= send().finally(() => {
      sending = undefined;
      // Keys that came after the loop's last check.
      if (pending.size > 0 && !closed) begin();
    });
  }

  return {
    add(key: string) {
      pending.add(key);
      begin();
    },
    async close() {
      closed = true;
      await sending;
      await queue.close();
    },
  };
}

const wakeupOptions = (key: string) => ({
  deduplication: { id: key, keepLastIfActive: true, replace: true },
  removeOnComplete: true,
  removeOnFail: true,
});
