// Migrations: forward only, one process at a time, each in its own transaction or, for indexes, outside of one.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../log.ts';
import { StartError } from '../start-error.ts';
import { forTransaction, isConcurrent, runConcurrently } from './concurrent-migration.ts';
import { connectFirst, type FirstConnection } from './first-connection.ts';
import { installFunctions } from './functions.ts';
import { optionsDropped, rejectSharing } from './pooler.ts';
import { renumberTransactions } from './transaction-ids.ts';

/** Schema changes hold the advisory lock with this key. */
export const schemaLockKey = 7265636164;
const oldestServer = 15;
/** How often a migration retries while its tables are in use. */
const rounds = 60;

/** A migration file. */
export interface Migration {
  name: string;
  text: string;
  checksum: string;
}

/** The search_path of migrations. */
const path = 'recado, public';

/**
 * Migrates the schema `recado`, and BullMQ's own, to this version of the program. `stop` ends the wait for the database
 * and for another process.
 * @throws StartError if the server cannot be reached or is too old, if a proxy stands before it, or if the database
 * belongs to a newer or altered program; or the reason of `stop`
 */
export async function migrate(
  connection: pg.ClientConfig,
  directory: string,
  waiting: FirstConnection & {
    /** Checks the database before the first change. An error of it ends the start. */
    inspect?: (client: pg.Client) => Promise<void>;
  } = {},
): Promise<void> {
  const { log, stop, inspect } = waiting;
  const client = await connectFirst(
    {
      ...connection,
      application_name: 'recado migrate',
      connectionTimeoutMillis: 10_000,
      options: `-c search_path=${path.replace(' ', '')}`,
    },
    waiting,
  );
  try {
    await rejectOldServer(client);
    await rejectDroppedOptions(client);
    if (connection.throughPooler) await rejectSharing(connection);
    await inspect?.(client);
    await lockSchema(client, log, stop);
    await prepareSchema(client);
    await applyPending(client, await readMigrations(directory), log);
    await renumberTransactions(client, log);
    await revokeFromPublic(client, log);
    await installFunctions(client);
    // Loaded here: commands that migrate nothing start much faster without it.
    await (await import('bullmq')).runMigrations(client);
  } finally {
    await client.end();
  }
}

/** A lock that a proxy's shared connection took would outlive us, so this comes before the lock. */
async function rejectDroppedOptions(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ path: string }>(`select current_setting('search_path') as path`);
  if (rows[0]?.path.replace(/\s/g, '') !== path.replace(' ', '')) throw optionsDropped();
}

/**
 * Takes rights on the database from everybody: a temporary table could stand in for one of ours, and the roles of
 * another installation on the same server could read this one. Where the user of DATABASE_URL does not own the
 * database, PostgreSQL ignores this with a warning.
 */
async function revokeFromPublic(client: pg.Client, log: Pick<Logger, 'warn'> | undefined): Promise<void> {
  const ask = async () => {
    const { rows } = await client.query<{ name: string; rights: string[] }>(
      `select datname::text as name, array(select lower(privilege_type) from aclexplode(coalesce(datacl, acldefault('d', datdba)))
         where grantee = 0 and privilege_type in ('CONNECT', 'TEMPORARY') order by 1) as rights
       from pg_database where datname = current_database()`,
    );
    const [database] = rows;
    if (database === undefined || database.rights.length === 0) return undefined;
    return `revoke ${database.rights.join(', ')} on database ${pg.escapeIdentifier(database.name)} from public`;
  };
  const statement = await ask();
  if (statement === undefined) return;
  await client.query(statement);
  if (await ask())
    log?.warn(`every user of the server may connect to this database: as the database's owner, run ${statement}`);
}

/** How often the schema lock is tried, in milliseconds, and after how many tries the wait is told again. */
const lockEvery = { ms: 200, tries: 50 };

async function lockSchema(
  client: pg.Client,
  log: Pick<Logger, 'warn'> | undefined,
  stop: AbortSignal | undefined,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [schemaLockKey]);
    if (rows[0]?.mine) return;
    if (tries % lockEvery.tries === 0)
      log?.warn(`another process migrates or restores the database; waiting until it is done${await holderOf(client)}`);
    await delay(lockEvery.ms, undefined, { ...(stop && { signal: stop }) }).catch(() => stop?.throwIfAborted());
  }
}

/** Who has the schema lock: its process on the server, name, and for how long it has been idle. */
async function holderOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ pid: number; name: string; state: string; seconds: number }>(
    `select a.pid, a.application_name as name, a.state,
       extract(epoch from clock_timestamp() - a.state_change)::int as seconds
     from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.database = (select oid from pg_database where datname = current_database())
       and (l.classid::bigint << 32) + l.objid::bigint = $1`,
    [schemaLockKey],
  );
  const [holder] = rows;
  return holder ? ` (process ${holder.pid}, "${holder.name}", ${holder.state} for ${holder.seconds} s)` : '';
}

/** @throws StartError if the server is too old for Recado */
export async function rejectOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int / 10000 as version`,
  );
  const version = rows[0]?.version ?? 0;
  if (version < oldestServer)
    throw new StartError(
      `The database is PostgreSQL ${version}, but Recado needs ${oldestServer} or newer: upgrade it, or unset DATABASE_URL to use the embedded one.`,
    );
}

/** The migrations of a folder, in order. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter(name => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async name => {
      const text = await readFile(join(directory, name), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/** Creates the schema with its list of applied migrations, and selects it for this connection. */
export async function prepareSchema(client: pg.Client): Promise<void> {
  await client.query('create schema if not exists recado');
  await client.query(`set search_path = ${path}`);
  await client.query(`create table if not exists schema_migration (
    name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
}

const codeOf = (error: unknown) => (error instanceof pg.DatabaseError ? error.code : undefined);

/**
 * Applies one migration in the caller's transaction.
 * @throws StartError if the database user lacks a right
 */
export async function applyMigration(client: pg.Client, migration: Migration): Promise<void> {
  await client
    .query(forTransaction(migration.text))
    .catch((error: Error) => throwMissingRight(client, migration, error));
  await noteApplied(client, migration);
}

function throwMissingRight(client: pg.Client, { name }: Migration, error: Error): never {
  if (codeOf(error) !== '42501') throw error;
  throw new StartError(
    `The user of DATABASE_URL lacks a right for migration ${name} (${error.message}). Have an administrator run once: create role recado_api nologin; create role recado_engine nologin; create role recado_limited nologin; grant recado_api to recado_limited; grant recado_api, recado_engine, recado_limited to ${client.user ?? 'that user'}; then try again.`,
  );
}

async function noteApplied(client: pg.Client, { name, checksum }: Migration): Promise<void> {
  await client.query('insert into schema_migration (name, checksum) values ($1, $2)', [name, checksum]);
}

async function applyPending(
  client: pg.Client,
  migrations: Migration[],
  log: Pick<Logger, 'warn'> | undefined,
): Promise<void> {
  const applied = new Map(
    (await client.query<{ name: string; checksum: string }>('select name, checksum from schema_migration')).rows.map(
      row => [row.name, row.checksum],
    ),
  );
  const altered = migrations.find(({ name, checksum }) => (applied.get(name) ?? checksum) !== checksum);
  if (altered)
    throw new StartError(
      `This database was made by another build of Recado with a different migration ${altered.name}: start that build, or use an empty database. No build can take over data of a build before 0.1.0, not even by backup and restore.`,
    );
  const newer = [...applied.keys()].find(name => !migrations.some(migration => migration.name === name));
  if (newer)
    throw new StartError(
      `The database was migrated by a newer Recado (it has ${newer}): start that version, or restore a backup made before it.`,
    );
  for (const migration of migrations) {
    if (applied.has(migration.name)) continue;
    await patiently(migration, () =>
      isConcurrent(migration.text) ? applyOutside(client, migration, log) : applyInside(client, migration),
    );
  }
}

/** Applies a migration while programs run. If it cannot get its locks at once, or blocks others, it retries. */
async function patiently(migration: Migration, apply: () => Promise<void>): Promise<void> {
  for (let round = 1; ; round++) {
    try {
      await apply();
      return;
    } catch (error) {
      const code = codeOf(error);
      if (code !== '40P01' && code !== '55P03') throw error;
      if (round === rounds)
        throw new StartError(
          `Migration ${migration.name} could not lock its tables: wait until no backup or long query runs on the database, and start again.`,
        );
      await delay(100 + Math.random() * 400);
    }
  }
}

async function applyInside(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(`set local lock_timeout = '500ms'`);
    await applyMigration(client, migration);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function applyOutside(
  client: pg.Client,
  migration: Migration,
  log: Pick<Logger, 'warn'> | undefined,
): Promise<void> {
  await runConcurrently(client, migration, log).catch((error: Error) => throwMissingRight(client, migration, error));
  await noteApplied(client, migration);
}
