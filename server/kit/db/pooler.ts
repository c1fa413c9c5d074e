// The sentences for a proxy that does not pass on the options of a connection.
import { StartError } from '../start-error.ts';

const remedy =
  'connect to PostgreSQL directly, not through PgBouncer or a similar proxy, and remove "options" from DATABASE_URL';

/** The server did not receive our options: row-level security would not apply. */
export const optionsDropped = (): StartError =>
  new StartError(`The database does not receive Recado's connection options: ${remedy}.`);

/** The error of a connection, as a sentence where a proxy rejected our options. */
export const ofPooler = (error: unknown): unknown =>
  error instanceof Error && /unsupported startup parameter/.test(error.message)
    ? new StartError(`A proxy in front of the database rejects Recado's connections (${error.message}): ${remedy}.`)
    : error;
