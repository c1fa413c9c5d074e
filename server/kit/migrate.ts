// Migrations: forward only, each in a transaction of its own, one process at a time.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runMigrations } from 'bullmq';
import pg from 'pg';
import { StartError } from './start-error.ts';

const lockKey = 7265636164;
const oldestServer = 15;

/**
 * Brings the schema `recado`, and BullMQ's own, up to this version of the program.
 * @throws StartError where the server is too old, or the database belongs to a newer or altered program.
 */
export async function migrate(connection: pg.ClientConfig, directory: string): Promise<void> {
  const client = new pg.Client({ ...connection, application_name: 'recado migrate' });
  await client.connect();
  try {
    await refuseOldServer(client);
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await client.query('create schema if not exists recado');
    await client.query('set search_path = recado, public');
    await client.query(`create table if not exists schema_migration (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
    await applyPending(client, directory);
    await runMigrations(client);
  } finally {
    await client.end();
  }
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int / 10000 as version`,
  );
  const version = rows[0]?.version ?? 0;
  if (version < oldestServer)
    throw new StartError(
      `The database is PostgreSQL ${version}, and Recado needs ${oldestServer} or newer: upgrade it, or unset DATABASE_URL to use the embedded one.`,
    );
}

async function applyPending(client: pg.Client, directory: string): Promise<void> {
  const names = (await readdir(directory)).filter(name => name.endsWith('.sql')).sort();
  const applied = new Map(
    (await client.query<{ name: string; checksum: string }>('select name, checksum from schema_migration')).rows.map(
      row => [row.name, row.checksum],
    ),
  );
  const newer = [...applied.keys()].find(name => !names.includes(name));
  if (newer)
    throw new StartError(
      `The database was migrated by a newer Recado (it has ${newer}): start that version, or restore a backup made before it.`,
    );
  for (const name of names) {
    const text = await readFile(join(directory, name), 'utf8');
    const checksum = createHash('sha256').update(text).digest('hex');
    const before = applied.get(name);
    if (before === checksum) continue;
    if (before)
      throw new StartError(
        `Migration ${name} was altered after it had been applied: restore the file as it was released.`,
      );
    await client.query('begin');
    await client.query(text);
    await client.query('insert into schema_migration (name, checksum) values ($1, $2)', [name, checksum]);
    await client.query('commit');
  }
}
