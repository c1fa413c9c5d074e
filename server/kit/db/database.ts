// The database: connection pools, transactions with safe retries, and groups of writes that arrive together.
import pg from 'pg';
import type { Logger } from 'pino';
import { fairTurns } from '../async/fair-turns.ts';
import { semaphore, semaphores } from '../async/semaphore.ts';
import { AppError, commonProblem } from '../errors.ts';
import { realClock } from '../time.ts';
import { newClient, newPool } from './connect.ts';
import { searchPath } from './function-set.ts';
import { ofPooler, optionsDropped } from './pooler.ts';
import { type Fragment, sql, toQuery } from './sql.ts';

// Our bigint and numeric counters stay far below 2^53.
pg.types.setTypeParser(20, Number);
pg.types.setTypeParser(1700, Number);

export interface Queryable {
  query<Row extends object>(fragment: Fragment): Promise<Row[]>;
}

export interface Database extends Queryable {
  /** Whether the database responds now. */
  answers(): Promise<boolean>;
  /** Runs `work` in one transaction. Retries deadlocks and serialization failures, at most five attempts in all. */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  /**
   * For single statements: each commits by itself, so it holds no locks during a client round trip. Retried like a
   * transaction.
   */
  atomic: Queryable;
  /** The same for group commits, which retry by themselves. */
  grouped: Queryable;
  /** How many connections of the pool are in use. */
  connections(): { used: number; idle: number; waiting: number };
  close(): Promise<void>;
}

/** The rows that a request handler may see: one workspace, and within it these accounts (UUIDs) or all. */
export interface Scope {
  workspaceId: string;
  accounts: readonly string[] | undefined;
  /** Whose conversations it may see; all by default. */
  reader?: Reader | undefined;
}

/** A person (UUID) who sees the conversations of their teams and their own, or their own alone. */
export interface Reader {
  personId: string;
  conversations: 'team' | 'own';
}

/** The database for request handlers: every query must name its scope. */
export interface ScopedDatabase extends Pick<Database, 'answers' | 'connections' | 'close'> {
  /** The connections to the replica; undefined without one. */
  replica: Pick<Database, 'connections'> | undefined;
  /**
   * The rows of one workspace; PostgreSQL's row-level security hides all others (migration 0004). Workspaces take turns:
   * one that waits for locks, or reads much, leaves connections to others, and its excess work queues. A transaction must
   * not wait for another query of its workspace.
   * @throws AppError unavailable if the wait takes too long
   */
  within(scope: Scope): Pick<Database, 'query' | 'transaction'>;
  /** For reads of exports: from the replica, where there is one that has all that was committed before. */
  readsWithin(scope: Scope): Queryable;
  /**
   * The same for lists: each statement has a few seconds, so that expensive lists do not take all connections. For
   * `slowOf`, the id of the caller, one runs at a time.
   * @throws AppError list_too_slow, or unavailable if the wait takes too long
   */
  listsWithin(scope: Scope, slowOf?: string): Queryable;
  /** Lists of events: not from a replica, because only the primary knows the order of its transactions. */
  eventsWithin(scope: Scope): Queryable;
}

export interface ConnectionSettings {
  /** Options of node-postgres: a connection string, or host, port, user and database. */
  connection: pg.PoolConfig;
  /** The database role of every statement. */
  role: 'recado_api' | 'recado_engine';
  /** The application name in pg_stat_activity. */
  name: string;
  max: number;
  /** How long the server may be silent, in milliseconds: longer than any statement may take by default. */
  answerMs?: number;
  /** Called after each commit that may have written. It must not fail and must not take long. */
  onCommit?: () => void;
  /** Called with the seconds that a COMMIT took, or a single statement of `atomic` or `grouped`. It must not fail. */
  onWait?: (seconds: number) => void;
}

export interface ScopedSettings extends ConnectionSettings {
  /** The statement timeout of lists, in milliseconds. */
  listMs: number;
  /** A copy of the database that lists may be read from. */
  replica?: Replica | undefined;
}

export interface Replica {
  connection: pg.PoolConfig;
  /** Whether it has all that was committed before this call. Waits for it, but not long. */
  isCurrent(): Promise<boolean>;
  /** Told where a statement was answered; with the error, if the replica could not. */
  answered(by: 'replica' | 'primary', error?: unknown): void;
}

/** The timeout of other statements, in milliseconds. */
const statementMs = 30_000;

/** How long a connection stays open without use, in milliseconds. Each new one plans the engine's functions: 35 ms. */
const idleMs = 600_000;

/** How long a request waits for a connection, or in the queue of its workspace, in milliseconds. */
const turnMs = 5_000;

/** The share of the connections that one workspace may use. */
const shareOfOne = 0.4;

/**
 * The lock timeout of requests: longer than a batch of a bulk operation holds a lock, and shorter than others wait
 * for the connection.
 */
const requestLockMs = 4_000;

/** The lock timeout of the engine, in milliseconds: longer than a batch of a bulk operation holds a lock. */
const engineLockMs = 2_000;

/** Settings of every connection: node-postgres reads dates and intervals in these forms only. */
export const plainDates = '-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres';

// A plan cached while a table was empty made claims take 3 s with 120,000 queued rows: plan each time.
const sessionSettings = `-c search_path=${searchPath} ${plainDates} -c statement_timeout=${statementMs} -c idle_in_transaction_session_timeout=10000 -c jit=off -c plan_cache_mode=force_custom_plan`;

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

const repeatable = new Set(['40001', '40P01']);

/** True for deadlocks and serialization failures: nothing was written, and a retry may succeed at once. */
export const isConflict = (error: unknown): boolean => repeatable.has(codeOf(error));

/** True if a lock was not available within `lock_timeout`: nothing was written. */
export const isLockTimeout = (error: unknown): boolean => codeOf(error) === '55P03';

/** True if the disk of the database, or our own, is full. */
export const isStorageFull = (error: unknown): boolean => /^(53100|ENOSPC|EDQUOT)$/.test(codeOf(error));

/** True if the database was unreachable, shutting down or out of space, so that a retry may succeed later. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (
    /^(08|57P0|57014|53|58030|25006|ECONN|EPIPE|ERR_STREAM_|ENOENT|ETIMEDOUT|EAI_|ENOTFOUND|EHOSTUN|ENETUN)/.test(code)
  )
    return true;
  return (
    error instanceof Error &&
    /Connection terminated|Query read timeout|timeout exceeded when trying to connect|not queryable/.test(error.message)
  );
}

/** True if all connections were in use for too long: nothing was asked, and the database is there. */
export const isBusy = (error: unknown): boolean =>
  codeOf(error) === '53300' ||
  (error instanceof Error && /timeout exceeded when trying to connect/.test(error.message));

/** Why a retry may succeed later, as a sentence; undefined if it would fail again. */
export function reasonToWait(error: unknown): string | undefined {
  if (isLockTimeout(error)) return 'Another request holds a lock that this one needs.';
  if (isConflict(error)) return 'Other requests kept changing the same data.';
  if (isBusy(error)) return 'All connections to the database are in use.';
  if (codeOf(error) === '57014') return 'The database took too long.';
  return isUnavailable(error) ? 'The database cannot be reached.' : undefined;
}

/** True if the connection was lost during a statement: it may have committed, or may still commit. */
export const isUnanswered = (error: unknown): boolean =>
  isUnavailable(error) &&
  (/^(08|57P01|57P02|ECONNRESET|EPIPE|ETIMEDOUT)/.test(codeOf(error)) ||
    (error instanceof Error &&
      /Connection terminated(?! due to connection timeout)|Query read timeout/.test(error.message)));

/** True for data errors (classes 22, 23 and 54), which the same data would cause again. */
export const isDataError = (error: unknown): boolean => /^(2[23]|54)/.test(codeOf(error));

/** True if a row with the same key is there already, by the name of the unique index. */
export const isDuplicateOf = (index: string, error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === '23505' && error.constraint === index;

/** True if PostgreSQL cannot store or parse a given value (class 22). */
export const isUnstorable = (error: unknown): boolean => codeOf(error).startsWith('22');

/** Wraps a connection for the stores. `answerMs`: how long the server may be silent, if not as long as for others. */
export const queryable = (client: pg.Pool | pg.PoolClient | pg.Client, answerMs?: number): Queryable => ({
  async query<Row extends object>(fragment: Fragment): Promise<Row[]> {
    const result = await client.query<Row>(patient(toQuery(fragment), answerMs));
    return result.rows;
  },
});

const patient = (query: { text: string; values: unknown[] }, answerMs: number | undefined) =>
  answerMs === undefined ? query : { ...query, query_timeout: answerMs };

/** Opens a pool whose connections see every workspace. Lost idle connections are logged and replaced, never thrown. */
export function openDatabase(settings: ConnectionSettings, log: Logger): Database {
  const pool = openPool(settings, log, ` -c lock_timeout=${engineLockMs}`);
  const onPool = queryable(pool);
  const told = telling(settings);
  return {
    query: fragment => told(onPool.query(fragment)),
    transaction: work => told(patiently(() => once(pool, work, settings))),
    atomic: { query: fragment => told(patiently(() => timed(settings, () => onPool.query(fragment)))) },
    grouped: { query: fragment => told(timed(settings, () => onPool.query(fragment))) },
    ...common(pool),
  };
}

/** Tells of the commit once the work is done. */
const telling =
  ({ onCommit }: Pick<ConnectionSettings, 'onCommit'>) =>
  async <Result>(work: Promise<Result>): Promise<Result> => {
    const result = await work;
    onCommit?.();
    return result;
  };

/** Opens a pool for request handlers. A connection without a scope sees no rows. */
export function openScopedDatabase(settings: ScopedSettings, log: Logger): ScopedDatabase {
  const primary = openScopedPool(settings, log);
  const { replica } = settings;
  const copy = replica && openScopedPool({ ...settings, ...replica, name: `${settings.name}, replica` }, log);
  const oneByOne = semaphores(() => semaphore(1, waitForTurn));
  const told = telling(settings);
  const reading = (scope: Scope, ms: number): Queryable => {
    const here = primary.asking(scope, ms);
    return replica && copy ? whereCurrent(replica, copy.asking(scope, ms, ms + 1_000), here) : here;
  };
  const asList = (lists: Queryable): Queryable => ({
    query: fragment =>
      lists.query<never>(fragment).catch(error => {
        throw isTimeout(error) ? commonProblem('list_too_slow', undefined, { retryAfterSeconds: 5 }) : error;
      }),
  });
  return {
    within: scope => ({
      ...primary.asking(scope, statementMs),
      transaction: work => told(patiently(() => primary.transaction(scope, work))),
    }),
    readsWithin: scope => reading(scope, statementMs),
    listsWithin(scope, slowOf) {
      const { query } = asList(reading(scope, settings.listMs));
      return slowOf === undefined ? { query } : { query: fragment => oneByOne(slowOf, () => query<never>(fragment)) };
    },
    eventsWithin: scope => asList(primary.asking(scope, settings.listMs)),
    replica: copy?.common,
    ...primary.common,
    async close() {
      await Promise.all([primary.common.close(), copy?.common.close()]);
    },
  };
}

/** True if a statement ran into its timeout. */
const isTimeout = (error: unknown): boolean => codeOf(error) === '57014';

/** Asks the replica if it is current, and the primary where it is not, or fails. */
const whereCurrent = (replica: Replica, there: Queryable, here: Queryable): Queryable => ({
  async query(fragment) {
    let failure: unknown;
    if (await replica.isCurrent())
      try {
        const rows = await there.query<never>(fragment);
        replica.answered('replica');
        return rows;
      } catch (error) {
        // The primary has no more time, and no more turns for this workspace.
        if (isTimeout(error) || error instanceof AppError) throw error;
        failure = error;
      }
    replica.answered('primary', failure);
    return here.query<never>(fragment);
  },
});

const waitForTurn = { clock: realClock, ms: turnMs, problem: isCrowded };

/** A pool in which each connection enters the scope of what it is lent for, and workspaces take turns. */
function openScopedPool(settings: ConnectionSettings, log: Logger) {
  const pool = openPool(settings, log, ` -c lock_timeout=${requestLockMs}`);
  const mostOfOne = Math.ceil(settings.max * shareOfOne);
  const inTurn = fairTurns({ places: settings.max, mostOfOne, wait: waitForTurn });
  const scopes = new WeakMap<pg.PoolClient, string>();
  const entering = ({ workspaceId, accounts, reader }: Scope, ms: number, answerMs?: number) => {
    const values = [
      workspaceId,
      accounts === undefined ? '*' : `{${accounts.join(',')}}`,
      String(ms),
      reader ? `${reader.conversations}:${reader.personId}` : '',
      reader ? 'recado_limited' : 'recado_api',
    ];
    const scope = values.join(' ');
    const text = `select set_config('recado.workspace', $1, false), set_config('recado.accounts', $2, false),
      set_config('statement_timeout', $3, false), set_config('recado.reader', $4, false), set_config('role', $5, false)`;
    return async (client: pg.PoolClient) => {
      if (scopes.get(client) === scope) return;
      scopes.delete(client);
      await client.query(patient({ text, values }, answerMs));
      scopes.set(client, scope);
    };
  };
  return {
    /** `answerMs`: how long the server may be silent; as long as for other connections by default. */
    asking(scope: Scope, ms: number, answerMs?: number): Queryable {
      const enter = entering(scope, ms, answerMs);
      return {
        query: fragment =>
          inTurn(scope.workspaceId, () =>
            lent(pool, async client => {
              await enter(client);
              return queryable(client, answerMs).query(fragment);
            }),
          ),
      };
    },
    transaction: <Result>(scope: Scope, work: (tx: Queryable) => Promise<Result>): Promise<Result> =>
      inTurn(scope.workspaceId, () => once(pool, work, settings, entering(scope, statementMs))),
    common: common(pool),
  };
}

function isCrowded() {
  return commonProblem('unavailable', 'Other requests of this workspace, or of this caller, take too long.', {
    retryAfterSeconds: 5,
  });
}

/**
 * Checks that the server receives our connection options: without the role, row-level security would not apply.
 * @throws StartError if a proxy rejects or drops them
 */
export async function rejectPooler(connection: pg.ClientConfig): Promise<void> {
  const client = newClient({
    ...connection,
    application_name: 'recado start',
    options: optionsAs('recado_api'),
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ role: string }>('select current_user as role');
    if (rows[0]?.role !== 'recado_api') throw optionsDropped();
  } catch (error) {
    throw ofPooler(error);
  } finally {
    await client.end();
  }
}

/** The options of a connection outside of the pools. */
export const connectionOptions = (role: ConnectionSettings['role']) => ({
  keepAlive: true,
  connectionTimeoutMillis: turnMs,
  options: optionsAs(role),
});

const optionsAs = (role: string) => `${sessionSettings} -c role=${role}`;

function openPool(
  { connection, role, name, max, answerMs = 35_000 }: Omit<ConnectionSettings, 'onCommit' | 'onWait'>,
  log: Logger,
  more = '',
): pg.Pool {
  const pool = newPool({
    ...connection,
    application_name: name,
    max,
    connectionTimeoutMillis: turnMs,
    idleTimeoutMillis: idleMs,
    keepAlive: true,
    // The server ends statements after 30 s; a longer silence means a lost connection.
    query_timeout: answerMs,
    options: optionsAs(role) + more,
  });
  noteLosses(pool, error => log.warn({ err: error }, 'a database connection was lost'));
  return pool;
}

/**
 * Calls `note` once for each connection that is lost. Each has a listener for its life: the pool has none between two
 * loans, where the loss of a connection would end the process.
 */
export function noteLosses(pool: pg.Pool, note: (error: Error) => void): void {
  pool.on('connect', client => client.on('error', note));
  // The pool repeats the error of an idle connection, which its own listener noted.
  pool.on('error', () => {});
}

const common = (pool: pg.Pool) => ({
  async answers() {
    try {
      await pool.query('select 1');
      return true;
    } catch {
      // The result is the same for every reason.
      return false;
    }
  },
  connections: () => ({ used: pool.totalCount - pool.idleCount, idle: pool.idleCount, waiting: pool.waitingCount }),
  close: () => endPool(pool),
});

/** How long closing connections may take, in milliseconds, if the server does not respond. */
const closeMs = 2_000;

/**
 * Ends a pool and waits until its connections are closed: `pool.end` alone returns before. A server that stops in
 * between would report each of them as lost.
 */
export async function endPool(pool: pg.Pool): Promise<void> {
  const closed = new Promise<void>(resolve => {
    const check = () => void (open === 0 && resolve());
    let open = pool.totalCount;
    pool.on('remove', () => {
      open--;
      check();
    });
    check();
  });
  await pool.end();
  let cancel = (): void => {};
  const late = new Promise<void>(resolve => {
    cancel = realClock.after(closeMs, resolve);
  });
  await Promise.race([closed, late]);
  cancel();
}

/**
 * Runs part of a transaction in a savepoint, so that its failure undoes only that part. Returns the data error, if
 * any.
 */
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

/** Retries deadlocks and serialization failures, at most five attempts in all. */
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

/** A random pause, so that colliding transactions do not collide again. */
const pauseUpTo = (ms: number) => new Promise<void>(resolve => realClock.after(Math.random() * ms, resolve));

/** Lends a connection. A lost connection, or one in an uncertain state, does not return to the pool. */
async function lent<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, spoil: (error: Error) => void) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
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

async function timed<Result>(
  { onWait }: Pick<ConnectionSettings, 'onWait'>,
  write: () => Promise<Result>,
): Promise<Result> {
  const begun = performance.now();
  const result = await write();
  onWait?.((performance.now() - begun) / 1_000);
  return result;
}

const once = <Result>(
  pool: pg.Pool,
  work: (tx: Queryable) => Promise<Result>,
  settings: Pick<ConnectionSettings, 'onWait'>,
  enter: (client: pg.PoolClient) => Promise<void> = async () => {},
): Promise<Result> =>
  lent(pool, async (client, spoil) => {
    await enter(client);
    await client.query('begin');
    try {
      const result = await work(queryable(client));
      await timed(settings, () => client.query('commit'));
      return result;
    } catch (error) {
      await client.query('rollback').catch(spoil);
      throw error;
    }
  });
