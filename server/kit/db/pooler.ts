// The sentences for a proxy that does not pass on the options of a connection.
import type pg from 'pg';
import { StartError } from '../start-error.ts';
import { newClient } from './connect.ts';

const remedy =
  'connect to PostgreSQL directly, or through PgBouncer in session mode with DATABASE_POOLER=session, and remove "options" from DATABASE_URL';

/** The server did not receive our options: row-level security would not apply. */
export const optionsDropped = (): StartError =>
  new StartError(`The database does not receive Recado's connection options: ${remedy}.`);

/** The pooler gives the server's connection to others between two transactions. */
const sharing = () =>
  new StartError(
    'The pooler in front of the database shares its connections between transactions: set pool_mode = session for Recado, or connect to PostgreSQL directly.',
  );

/**
 * Checks that each connection is one of the server's, for as long as it is open.
 * @throws StartError
 */
export async function rejectSharing(connection: pg.ClientConfig): Promise<void> {
  const settings = { ...connection, application_name: 'recado start', connectionTimeoutMillis: 10_000 };
  const [one, other] = [newClient(settings), newClient(settings)];
  for (const client of [one, other]) client.on('error', () => {});
  const server = async (client: pg.Client) =>
    (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
  try {
    await Promise.all([one.connect(), other.connect()]);
    const first = await server(one);
    await other.query('begin');
    // In the transaction it would have taken over the connection that the first one left.
    const second = await server(other);
    if (first === second || first !== (await server(one))) throw sharing();
    await other.query('commit');
  } finally {
    await Promise.all([one.end(), other.end()]);
  }
}

/** The error of a connection, as a sentence where a proxy rejected our options. */
export const ofPooler = (error: unknown): unknown =>
  error instanceof Error && /unsupported startup parameter/.test(error.message)
    ? new StartError(`A proxy in front of the database rejects Recado's connections (${error.message}): ${remedy}.`)
    : error;
