// Migrations: forward only, each in its own transaction, one process at a time.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../log.ts';
import { reasonOf, StartError } from '../start-error.ts';
import { installFunctions } from './functions.ts';

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

/**
 * Migrates the schema `recado`, and BullMQ's own, to this version of the program.
 * @throws StartError if the server cannot be reached or is too old, or if the database belongs to a newer or altered
 * program
 */
export async function migrate(
  connection: pg.ClientConfig,
  directory: string,
  log?: Pick<Logger, 'warn'>,
): Promise<void> {
  const client = new pg.Client({
    ...connection,
    application_name: 'recado migrate',
    connectionTimeoutMillis: 10_000,
  });
  // A lost connection fails the running statement, which reports it.
  client.on('error', () => {});
  await client.connect().catch((error: unknown) => {
    if (connection.connectionString === undefined) throw error;
    throw new StartError(
      `The database cannot be reached (${reasonOf(error)}): check DATABASE_URL, and that the database runs and accepts this machine.`,
    );
  });
  try {
    await rejectOldServer(client);
    await lockSchema(client, log);
    await prepareSchema(client);
    await applyPending(client, await readMigrations(directory));
    await revokeTemporary(client, log);
    await installFunctions(client);
    // Loaded here: commands that migrate nothing start much faster without it.
    await (await import('bullmq')).runMigrations(client);
  } finally {
    await client.end();
  }
}

/**
 * Takes the right to create temporary tables from the roles of the program: such a table could stand in for one of
 * ours. Where the user of DATABASE_URL does not own the database, PostgreSQL ignores this with a warning.
 */
async function revokeTemporary(client: pg.Client, log: Pick<Logger, 'warn'> | undefined): Promise<void> {
  const ask = async () => {
    const { rows } = await client.query<{ name: string; may: boolean }>(
      `select current_database() as name, has_database_privilege('recado_api', current_database(), 'temporary') as may`,
    );
    return rows[0]?.may ? `revoke temporary on database ${pg.escapeIdentifier(rows[0].name)} from public` : undefined;
  };
  const statement = await ask();
  if (statement === undefined) return;
  await client.query(statement);
  if (await ask()) log?.warn(`request handlers may create temporary tables: as the database's owner, run ${statement}`);
}

async function lockSchema(client: pg.Client, log: Pick<Logger, 'warn'> | undefined): Promise<void> {
  const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [schemaLockKey]);
  if (rows[0]?.mine) return;
  log?.warn('another process migrates or restores the database; waiting until it is done');
  await client.query('select pg_advisory_lock($1)', [schemaLockKey]);
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
  await client.query('set search_path = recado, public');
  await client.query(`create table if not exists schema_migration (
    name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
}

const codeOf = (error: unknown) => (error instanceof pg.DatabaseError ? error.code : undefined);

/**
 * Applies one migration in the caller's transaction.
 * @throws StartError if the database user lacks a right
 */
export async function applyMigration(client: pg.Client, { name, text, checksum }: Migration): Promise<void> {
  await client.query(text).catch((error: Error) => {
    if (codeOf(error) !== '42501') throw error;
    throw new StartError(
      `The user of DATABASE_URL lacks a right for migration ${name} (${error.message}). Have an administrator run once: create role recado_api nologin; create role recado_engine nologin; grant recado_api, recado_engine to ${client.user ?? 'that user'}; then try again.`,
    );
  });
  await client.query('insert into schema_migration (name, checksum) values ($1, $2)', [name, checksum]);
}

async function applyPending(client: pg.Client, migrations: Migration[]): Promise<void> {
  const applied = new Map(
    (await client.query<{ name: string; checksum: string }>('select name, checksum from schema_migration')).rows.map(
      row => [row.name, row.checksum],
    ),
  );
  const newer = [...applied.keys()].find(name => !migrations.some(migration => migration.name === name));
  if (newer)
    throw new StartError(
      `The database was migrated by a newer Recado (it has ${newer}): start that version, or restore a backup made before it.`,
    );
  for (const migration of migrations) {
    const before = applied.get(migration.name);
    if (before === migration.checksum) continue;
    if (before)
      throw new StartError(
        `This database was made by another build of Recado with a different migration ${migration.name}: start that build, or use an empty database. Before 0.1.0, no build can take over data of a build with other migrations, not even by backup and restore.`,
      );
    await applyPatiently(client, migration);
  }
}

/**
 * Applies a migration while programs run. If it cannot get its locks at once, or blocks others, it rolls back and
 * retries.
 */
async function applyPatiently(client: pg.Client, migration: Migration): Promise<void> {
  for (let round = 1; ; round++) {
    try {
      await client.query('begin');
      await client.query(`set local lock_timeout = '500ms'`);
      await applyMigration(client, migration);
      await client.query('commit');
      return;
    } catch (error) {
      await client.query('rollback');
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
