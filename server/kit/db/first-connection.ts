// The first connection of a start: it waits for a database that is not there yet, and names what the operator can mend.
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../log.ts';
import { reasonOf, StartError } from '../start-error.ts';
import { newClient } from './connect.ts';
import { isUnavailable } from './database.ts';
import { ofPooler } from './pooler.ts';

export interface FirstConnection {
  log?: Pick<Logger, 'warn'> | undefined;
  /** Ends the wait. */
  stop?: AbortSignal | undefined;
  /** How long a database may take to be there, in milliseconds. */
  waitMs?: number | undefined;
}

/** A database that fails over, or starts beside us, is there within a minute. */
const defaultWaitMs = 60_000;

/** How often the database is tried, in milliseconds, and after how many tries the wait is told again. */
const tryEvery = { ms: 1_000, tries: 5 };

const refusals: Record<string, string> = {
  standby: 'DATABASE_URL leads to a standby: name the primary, or a proxy that follows it.',
  readOnly:
    'DATABASE_URL leads to a database that only reads (default_transaction_read_only is on): name the primary, or turn that off.',
};

/**
 * Connects to a database that takes writes. Where DATABASE_URL names it, waits while it is away, starts, or is a standby.
 * @throws StartError if it cannot be reached within the wait, or refuses the login; or the reason of `stop`
 */
export async function connectFirst(
  settings: pg.ClientConfig,
  { log, stop, waitMs = defaultWaitMs }: FirstConnection = {},
): Promise<pg.Client> {
  const end = performance.now() + waitMs;
  for (let tries = 0; ; tries++) {
    const result = await tryOnce(settings);
    if (result instanceof pg.Client) return result;
    const { refusal, mayPass } = result;
    if (settings.connectionString === undefined || !mayPass || performance.now() >= end) throw refusal;
    if (tries % tryEvery.tries === 0) log?.warn(`waiting for the database: ${reasonOf(refusal)}`);
    await delay(tryEvery.ms, undefined, { ...(stop && { signal: stop }) }).catch(() => stop?.throwIfAborted());
  }
}

/** A connection, or why there is none and whether a later try may find one. */
async function tryOnce(settings: pg.ClientConfig): Promise<pg.Client | { refusal: unknown; mayPass: boolean }> {
  const client = clientOf(settings);
  // A lost connection fails the running statement, which reports it.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ state: string }>(`select case when pg_is_in_recovery() then 'standby'
      when current_setting('transaction_read_only') = 'on' then 'readOnly' else 'primary' end as state`);
    const refusal = refusals[rows[0]?.state ?? ''];
    if (refusal === undefined) return client;
    await client.end();
    return { refusal: new StartError(refusal), mayPass: true };
  } catch (refused) {
    await client.end().catch(() => {});
    const error = ofPooler(refused);
    if (settings.connectionString === undefined || error instanceof StartError)
      return { refusal: error, mayPass: false };
    const refusal = new StartError(
      `The database cannot be reached (${reasonOf(error)}): check DATABASE_URL, and that the database runs and accepts this machine.`,
    );
    return { refusal, mayPass: isUnavailable(error) };
  }
}

/** @throws StartError if a file that the address names cannot be read */
function clientOf(settings: pg.ClientConfig): pg.Client {
  try {
    return newClient(settings);
  } catch (error) {
    throw new StartError(
      `DATABASE_URL cannot be used (${reasonOf(error)}): check its sslrootcert, sslcert and sslkey, and that Recado may read those files.`,
    );
  }
}
