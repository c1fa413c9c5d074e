// Keeps the embedded database running: restarts the server when it ends by itself.
import { setTimeout as delay } from 'node:timers/promises';
import { type DataDir, DataDirLost } from '../../config/data-dir.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './index.ts';
import type { EmbeddedPostgresLog } from './plan.ts';

export interface KeptPostgres {
  /** Connection options for node-postgres; the same after each restart. */
  readonly connection: EmbeddedPostgres['connection'];
  /** Resolves with a sentence if the server cannot, or must not, be restarted; a full disk only delays that. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

/** A server that lived this long counts as started. */
const livedMs = 1_000;
const mostFailures = 5;
/** The first pause between two tries; each later one is twice as long. */
const firstPauseMs = 1_000;
/** A restart on a full disk rarely succeeds, and replays the whole WAL each time. */
const fullWaitMs = 30_000;

/**
 * Starts the server, and restarts it when it ends by itself: first at once, then with growing pauses, and on a full
 * disk when space is free. If the data folder is lost, the server is killed and stays down.
 * @throws StartError if the first start fails, or the reason of `stop`
 */
export async function keepPostgresRunning(options: {
  dataDir: string;
  log: EmbeddedPostgresLog;
  isFull: () => boolean;
  lock: Pick<DataDir, 'isOurs' | 'lost'>;
  /** Instead of the default, for tests. */
  firstPauseMs?: number;
  /** Aborts the first start. */
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

  /** Repeats until it runs or has failed too often. */
  async function startAgain(reason: string): Promise<void> {
    let sentence = reason;
    for (;;) {
      log.warn(`${sentence} Recado restarts it${isFull() && failures > 0 ? ' when its disk has space' : ''}.`);
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
    const waitMs = wasFull ? fullWaitMs : (options.firstPauseMs ?? firstPauseMs) * 2 ** (failed - 1);
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
