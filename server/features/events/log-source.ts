// The event log in PostgreSQL as the tail reads it: on a connection of its own, which also listens to other processes.
import pg from 'pg';
import { connectionOptions, queryable } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import { edge, hasMore, readLog } from './log-store.ts';
import type { LogSource } from './tail.ts';

const channel = 'recado_events';

/**
 * Opens the source. A lost connection is opened again at the next read.
 * @param connection options of node-postgres
 * @param notified called when another process has written events
 */
export function logSource(connection: pg.ClientConfig, notified: () => void, log: Logger): LogSource {
  let client: Promise<pg.Client> | undefined;

  async function open(): Promise<pg.Client> {
    const opened = new pg.Client({
      ...connection,
      ...connectionOptions('recado_engine'),
      application_name: 'recado events',
      query_timeout: 35_000,
    });
    const lose = () => {
      client = undefined;
      opened.end().catch(error => log.debug({ err: error }, 'a lost connection could not be closed'));
    };
    opened.once('error', error => {
      log.warn({ err: error }, 'the connection of the event log was lost');
      opened.on('error', () => {});
      lose();
    });
    opened.once('end', () => {
      client = undefined;
    });
    opened.on('notification', ({ processId }) => {
      if (processId !== (opened as pg.Client & { processID?: number }).processID) notified();
    });
    await opened.connect();
    await opened.query(`listen ${channel}`);
    return opened;
  }

  const connected = (): Promise<pg.Client> => {
    client ??= open().catch(error => {
      client = undefined;
      throw error;
    });
    return client;
  };

  return {
    edge: async () => edge(queryable(await connected())),
    hasMore: async after => hasMore(queryable(await connected()), after),
    read: async (after, limit) => readLog(queryable(await connected()), after, limit),
    async notify() {
      await (await connected()).query(`notify ${channel}`);
    },
    async close() {
      const open = client;
      client = undefined;
      if (open) await (await open).end();
    },
  };
}
