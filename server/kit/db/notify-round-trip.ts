// A notification from one connection to another, as wake-ups and the tail of the event log use them.
import { randomBytes } from 'node:crypto';
import pg from 'pg';

/**
 * Sends a notification and waits until it arrives on another connection.
 * @throws the reason of `signal`, or the error of the database
 */
export async function notifyRoundTrip(connection: pg.ClientConfig, signal: AbortSignal): Promise<void> {
  const clients = [1, 2].map(() => new pg.Client({ ...connection, application_name: 'recado self-check' }));
  const [listener, sender] = clients as [pg.Client, pg.Client];
  // A lost connection fails the running statement, which reports it.
  for (const client of clients) client.on('error', () => {});
  try {
    signal.throwIfAborted();
    for (const client of clients) await client.connect();
    const channel = `recado_check_${randomBytes(8).toString('hex')}`;
    await listener.query(`listen ${channel}`);
    const arrived = new Promise<void>((resolve, reject) => {
      listener.once('notification', () => resolve());
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    arrived.catch(() => {});
    await sender.query('select pg_notify($1, $2)', [channel, 'check']);
    await arrived;
  } finally {
    await Promise.allSettled(clients.map(client => client.end()));
  }
}
