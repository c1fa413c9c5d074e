// The database: pools, transactions that are repeated where that is safe, and writing together what arrives together.
import pg from 'pg';
import type { Logger } from 'pino';
import { gate, gates } from '../async/semaphore.ts';
import { refuseCommon } from '../errors.ts';
import { StartError } from '../start-error.ts';
import { realClock } from '../time.ts';
import { searchPath } from './function-set.ts';
import { type Fragment, sql, toQuery } from './sql.ts';

// bigint and numeric counters of ours stay far below 2^53.
pg.types.setTypeParser(20, Number);
pg.types.setTypeParser(1700, Number);

export interface Queryable {
  query<Row extends object>(fragment: Fragment): Promise<Row[]>;
}

export interface Database extends Queryable {
  /** Whether the database answers at the moment. */
  answers(): Promise<boolean>;
  /** Runs `work` in one transaction. Deadlocks and serialization failures are repeated, at most five times. */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  /**
   * For what is one statement: it commits by itself, so its locks are not held while the client is asked for the next
   * word. Repeated as a transaction is.
   */
  atomic: Queryable;
  /** How the connections of the pool are used at the moment. */
  connections(): { used: number; idle: number; waiting: number };
  close(): Promise<void>;
}

/** Whose rows a request handler may see: those of a workspace, and there of these accounts (UUIDs), or of all. */
export interface Scope {
  workspaceId: string;
  accounts: readonly string[] | undefined;
}

/** The database as request handlers have it: nothing can be asked without saying whose rows are meant. */
export interface WalledDatabase extends Pick<Database, 'answers' | 'connections' | 'close'> {
  /**
   * The rows of one workspace. PostgreSQL itself shows and takes no others (migration 0004). A workspace has so many
   * transactions at once that others find connections too, however long its own wait for locks; more of them wait their
   * turn. @throws AppError unavailable where that takes too long
   */
  within(scope: Scope): Pick<Database, 'query' | 'transaction'>;
  /**
   * The same, for a list: each statement gets a few seconds, so that some that read too much do not keep all connections
   * from the other requests. @throws AppError list_too_slow
   */
  listsWithin(scope: Scope): Queryable;
}

export interface ConnectionSettings {
  /** What node-postgres takes: a connection string, or host, port, user and database. */
  connection: pg.PoolConfig;
  /** As which role everything is done. */
  role: 'recado_api' | 'recado_engine';
  /** What pg_stat_activity shows. */
  name: string;
  max: number;
}

export interface WalledSettings extends ConnectionSettings {
  /** How long a statement of a list may take, in milliseconds. */
  listMs: number;
}

/** How long any other statement may take, in milliseconds. */
const statementMs = 30_000;

/** How long a request waits for a connection, or for its turn among those of its workspace, in milliseconds. */
const turnMs = 5_000;

/**
 * How long a request waits for each lock: longer than a piece of a bulk operation holds one, and over before those that
 * wait for its connection give up.
 */
const requestLockMs = 4_000;

/** How long the engine waits for each lock, in milliseconds: longer than a chunk of a bulk operation holds one. */
const engineLockMs = 2_000;

// A plan that was cached while a table was empty made claims take 3 s once 120,000 rows were queued: plan each time.
const sessionSettings = `-c search_path=${searchPath} -c TimeZone=UTC -c statement_timeout=${statementMs} -c idle_in_transaction_session_timeout=10000 -c jit=off -c plan_cache_mode=force_custom_plan`;

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

const repeatable = new Set(['40001', '40P01']);

/** True for deadlocks and serialization failures: nothing was written, and the same work may succeed at once. */
export const isConflict = (error: unknown): boolean => repeatable.has(codeOf(error));

/** True where a lock was not to be had within the `lock_timeout`: nothing was written. */
export const isLockTimeout = (error: unknown): boolean => codeOf(error) === '55P03';

/** True where the disk under the database, or our own, takes nothing more. */
export const isStorageFull = (error: unknown): boolean => /^(53100|ENOSPC|EDQUOT)$/.test(codeOf(error));

/** True where the database could not be reached, was going down or lacked room, so that the same work may succeed later. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (/^(08|57P0|57014|53|58030|25006|ECONN|EPIPE|ENOENT|ETIMEDOUT|EAI_|ENOTFOUND|EHOSTUN|ENETUN)/.test(code))
    return true;
  return (
    error instanceof Error &&
    /Connection terminated|Query read timeout|timeout exceeded when trying to connect|not queryable/.test(error.message)
  );
}

/** Why the same work may succeed later, for people; undefined where it would fail again. */
export function reasonToWait(error: unknown): string | undefined {
  if (isLockTimeout(error)) return 'Something that this needs is locked by others at the moment.';
  if (isConflict(error)) return 'Others were changing the same things, again and again.';
  if (codeOf(error) === '57014') return 'It took the database too long.';
  return isUnavailable(error) ? 'The database cannot be reached at the moment.' : undefined;
}

/**
 * True where the connection was lost while a statement was on its way or at work: whatever it would have committed may have
 * been committed all the same, or may still be.
 */
export const isUnanswered = (error: unknown): boolean =>
  isUnavailable(error) &&
  (/^(08|57P01|57P02|ECONNRESET|EPIPE|ETIMEDOUT)/.test(codeOf(error)) ||
    (error instanceof Error &&
      /Connection terminated(?! due to connection timeout)|Query read timeout/.test(error.message)));

/** True for errors of the data itself (classes 22, 23 and 54), which the same data would give again. */
export const isDataError = (error: unknown): boolean => /^(2[23]|54)/.test(codeOf(error));

/** True where a value that was given is one that PostgreSQL cannot hold or read (class 22). */
export const isUnstorable = (error: unknown): boolean => codeOf(error).startsWith('22');

/** A connection as the stores take it. */
export const queryable = (client: pg.Pool | pg.PoolClient | pg.Client): Queryable => ({
  async query<Row extends object>(fragment: Fragment): Promise<Row[]> {
    const result = await client.query<Row>(toQuery(fragment));
    return result.rows;
  },
});

/** Opens a pool of connections that see every workspace. Lost idle connections are logged and replaced, never thrown. */
export function openDatabase(settings: ConnectionSettings, log: Logger): Database {
  const pool = openPool(settings, log, ` -c lock_timeout=${engineLockMs}`);
  return {
    ...queryable(pool),
    transaction: work => patiently(() => once(pool, work)),
    atomic: { query: fragment => patiently(() => queryable(pool).query(fragment)) },
    ...common(pool),
  };
}

/** Opens a pool for request handlers. A connection that has not been told whose rows are meant sees none. */
export function openWalledDatabase(settings: WalledSettings, log: Logger): WalledDatabase {
  const pool = openPool(settings, log, ` -c lock_timeout=${requestLockMs}`);
  const inTurn = gates(() =>
    gate(Math.ceil(settings.max / 2), { clock: realClock, ms: turnMs, refuse: isCrowded }),
  );
  const scopes = new WeakMap<pg.PoolClient, string>();
  const entering = ({ workspaceId, accounts }: Scope, ms: number) => {
    const settings = [workspaceId, accounts === undefined ? '*' : `{${accounts.join(',')}}`, String(ms)];
    const scope = settings.join(' ');
    return async (client: pg.PoolClient) => {
      if (scopes.get(client) === scope) return;
      scopes.delete(client);
      await client.query(
        `select set_config('recado.workspace', $1, false), set_config('recado.accounts', $2, false), set_config('statement_timeout', $3, false)`,
        settings,
      );
      scopes.set(client, scope);
    };
  };
  const asking = (enter: (client: pg.PoolClient) => Promise<void>): Queryable => ({
    query: fragment =>
      lent(pool, async client => {
        await enter(client);
        return queryable(client).query(fragment);
      }),
  });
  return {
    within(scope) {
      const enter = entering(scope, statementMs);
      return {
        ...asking(enter),
        transaction: work => patiently(() => inTurn(scope.workspaceId, () => once(pool, work, enter))),
      };
    },
    listsWithin(scope) {
      const lists = asking(entering(scope, settings.listMs));
      return {
        query: fragment =>
          lists.query<never>(fragment).catch(error => {
            throw codeOf(error) === '57014'
              ? refuseCommon('list_too_slow', undefined, { retryAfterSeconds: 5 })
              : error;
          }),
      };
    },
    ...common(pool),
  };
}

const isCrowded = () =>
  refuseCommon('unavailable', 'Other requests of this workspace are at work, and take long.', { retryAfterSeconds: 5 });

/**
 * Looks whether what a connection asks for arrives at the server: without the role, no wall would stand.
 * @throws StartError where something in between refuses or drops it
 */
export async function refusePooler(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client({
    ...connection,
    application_name: 'recado start',
    options: optionsAs('recado_api'),
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  const remedy =
    'connect to PostgreSQL itself, not through PgBouncer or the like, and leave "options" out of DATABASE_URL';
  try {
    await client.connect();
    const { rows } = await client.query<{ role: string }>('select current_user as role');
    if (rows[0]?.role !== 'recado_api')
      throw new StartError(`What Recado asks of its connections does not arrive at the database: ${remedy}.`);
  } catch (error) {
    if (!(error instanceof Error && /unsupported startup parameter/.test(error.message))) throw error;
    throw new StartError(`What stands before the database refuses Recado's connections (${error.message}): ${remedy}.`);
  } finally {
    await client.end();
  }
}

const optionsAs = (role: string) => `${sessionSettings} -c role=${role}`;

function openPool({ connection, role, name, max }: ConnectionSettings, log: Logger, more = ''): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    application_name: name,
    max,
    connectionTimeoutMillis: turnMs,
    keepAlive: true,
    // The server ends statements after 30 s; what is silent for longer has lost its connection.
    query_timeout: 35_000,
    options: optionsAs(role) + more,
  });
  pool.on('error', error => log.warn({ err: error }, 'an idle database connection was lost'));
  return pool;
}

const common = (pool: pg.Pool) => ({
  async answers() {
    try {
      await pool.query('select 1');
      return true;
    } catch {
      // Whatever the reason, the answer is the same.
      return false;
    }
  },
  connections: () => ({ used: pool.totalCount - pool.idleCount, idle: pool.idleCount, waiting: pool.waitingCount }),
  close: () => pool.end(),
});

/** Does a piece of a transaction that may fail for itself: the failure undoes this piece only. Gives the data error. */
export async function apart(tx: Queryable, work: () => Promise<void>): Promise<Error | undefined> {
  await tx.query(sql`savepoint apart`);
  try {
    await work();
    await tx.query(sql`release savepoint apart`);
    return undefined;
  } catch (error) {
    await tx.query(sql`rollback to savepoint apart`);
    if (isDataError(error)) return error as Error;
    throw error;
  }
}

/** Repeats what ran into a deadlock or a serialization failure, at most five times in all. */
export async function patiently<Result>(
  work: () => Promise<Result>,
  pause: (ms: number) => Promise<void> = pauseUpTo,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 5 || !isConflict(error)) throw error;
      await pause(10 * 2 ** attempt);
    }
  }
}

/** A pause of a random length, so that those that got into each other's way do not meet again. */
const pauseUpTo = (ms: number) => new Promise<void>(resolve => realClock.after(Math.random() * ms, resolve));

/** Lends a connection. One that is lost, or whose failure leaves it uncertain, does not come back to the pool. */
async function lent<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, spoil: (error: Error) => void) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool stops listening while a connection is lent; unheard, the loss of one would end the process.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await work(client, onError);
  } catch (error) {
    if (isUnavailable(error)) broken ??= error as Error;
    throw error;
  } finally {
    client.removeListener('error', onError);
    client.release(broken);
  }
}

const once = <Result>(
  pool: pg.Pool,
  work: (tx: Queryable) => Promise<Result>,
  enter: (client: pg.PoolClient) => Promise<void> = async () => {},
): Promise<Result> =>
  lent(pool, async (client, spoil) => {
    await enter(client);
    await client.query('begin');
    try {
      const result = await work(queryable(client));
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch(spoil);
      throw error;
    }
  });
