// The event log in PostgreSQL as the tail reads it: on a connection of its own, which also listens to other processes.
import type pg from 'pg';
import { newClient } from '../../kit/db/connect.ts';
import { connectionOptions, type Queryable, queryable } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import { edge, notify, readLog, skipLog } from './log-store.ts';
import type { LogSource } from './tail.ts';

/**
 * Opens the source. A lost connection is opened again at the next read.
 * @param connection options of node-postgres
 * @param notified called when another process has written events
 */
export function logSource(connection: pg.ClientConfig, notified: () => void, log: Logger): LogSource {
  let client: Promise<pg.Client> | undefined;

  async function open(): Promise<pg.Client> {
    const opened = newClient({
      ...connection,
      ...connectionOptions('recado_engine'),
      application_name: 'recado events',
      query_timeout: 35_000,
    });
    opened.on('error', error => log.warn({ err: error }, 'the connection of the event log was lost'));
    opened.on('notification', ({ processId }) => {
      if (processId !== (opened as pg.Client & { processID?: number }).processID) notified();
    });
    await opened.connect();
    await opened.query('listen recado_events');
    return opened;
  }

  /** A connection that failed once, perhaps by its silence, is not used again. */
  async function asking<Result>(ask: (db: Queryable) => Promise<Result>): Promise<Result> {
    client ??= open();
    const mine = client;
    try {
      return await ask(queryable(await mine));
    } catch (error) {
      if (client === mine) client = undefined;
      mine.then(lost => lost.end()).catch(error => log.debug({ err: error }, 'a lost connection could not be closed'));
      throw error;
    }
  }

  return {
    edge: () => asking(edge),
    skip: after => asking(db => skipLog(db, after)),
    read: (after, limit) => asking(db => readLog(db, after, limit)),
    notify: () => asking(notify),
    async close() {
      const open = client;
      client = undefined;
      if (open) await (await open).end();
    },
  };
}
