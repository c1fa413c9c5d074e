// The embedded database, kept running: where the server ends by itself it is started again, as soon as that can help.
import { setTimeout as delay } from 'node:timers/promises';
import { type DataDir, DataDirLost } from '../../config/data-dir.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './index.ts';
import type { EmbeddedPostgresLog } from './plan.ts';

export interface KeptPostgres {
  /** What node-postgres needs to connect; the same after each start. */
  readonly connection: EmbeddedPostgres['connection'];
  /** Resolves with a sentence when the server could not be started again although its disk has room, or may not be. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

/** A server that lived for so long has started in earnest. */
const livedMs = 1_000;
const mostFailures = 5;
/** On a full disk a start is of little use, and costs the reading of the whole log. */
const fullWaitMs = 30_000;

/**
 * Starts the server, and again whenever it ends by itself: at once, later with growing pauses, and on a full disk when
 * there is room. Where the data folder is lost it is killed, and left so. @throws StartError when the first start fails, or
 * the reason of `stop`
 */
export async function keepPostgresRunning(options: {
  dataDir: string;
  log: EmbeddedPostgresLog;
  isFull: () => boolean;
  lock: Pick<DataDir, 'isOurs' | 'lost'>;
  /** Gives the first start up. */
  stop?: AbortSignal | undefined;
}): Promise<KeptPostgres> {
  const { log, isFull, lock, stop } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let server: EmbeddedPostgres | undefined;
  let restarting: Promise<void> | undefined;
  let failures = 0;
  let giveUp: (sentence: string) => void = () => {};
  const broken = new Promise<string>(resolve => {
    giveUp = resolve;
  });
  void lock.lost.then(lost => {
    stopping.abort(lost);
    server?.kill();
    log.warn(lost.message);
    giveUp(lost.message);
  });
  server = await start(stop ? AbortSignal.any([signal, stop]) : signal);

  async function start(until: AbortSignal): Promise<EmbeddedPostgres> {
    const started = await startEmbeddedPostgres({ ...options, signal: until });
    if (!(signal.reason instanceof DataDirLost)) return started;
    started.kill();
    throw signal.reason;
  }

  function watch(running: EmbeddedPostgres): void {
    const began = performance.now();
    void running.exited.then(sentence => {
      if (signal.aborted) return;
      server = undefined;
      if (performance.now() - began > livedMs) failures = 0;
      restarting = startAgain(sentence).catch(error => {
        if (!signal.aborted) giveUp(error instanceof Error ? error.message : String(error));
      });
    });
  }

  /** Until it runs, or until the failures are too many. */
  async function startAgain(reason: string): Promise<void> {
    let sentence = reason;
    for (;;) {
      log.warn(`${sentence} It is started again${isFull() && failures > 0 ? ' when its disk has room' : ''}.`);
      await pause();
      if (!lock.isOurs()) throw await lock.lost;
      try {
        server = await start(signal);
        log.info('PostgreSQL runs again');
        watch(server);
        return;
      } catch (error) {
        if (signal.aborted || (failures >= mostFailures && !isFull())) throw error;
        sentence = error instanceof Error ? error.message : String(error);
      }
    }
  }

  async function pause(): Promise<void> {
    const wasFull = isFull();
    const failed = failures++;
    if (failed === 0) return;
    const waitMs = wasFull ? fullWaitMs : 500 * 2 ** failed;
    const end = performance.now() + waitMs;
    while (performance.now() < end && !(wasFull && !isFull())) await delay(100, undefined, { signal });
  }

  watch(server);
  return {
    connection: server.connection,
    broken,
    async stop() {
      stopping.abort();
      await restarting;
      await server?.stop();
    },
  };
}
