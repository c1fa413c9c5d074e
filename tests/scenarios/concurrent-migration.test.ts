// A migration that builds an index while programs write.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../server/kit/db/migrate.ts';
import { packageRoot } from '../../server/kit/os/package-root.ts';
import { makeDatabase } from '../setup/scenario.ts';

let folder: string;
let connectionString: string;
let watcher: pg.Client;
let writer: pg.Client;

const open = async () => {
  const client = new pg.Client({ connectionString, options: '-c search_path=recado,public -c statement_timeout=20s' });
  client.on('error', () => {});
  await client.connect();
  return client;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-migrations-'));
  await cp(join(packageRoot, 'migrations'), folder, { recursive: true });
  connectionString = await makeDatabase('migrated');
  [watcher, writer] = [await open(), await open()];
});
afterEach(async () => {
  await Promise.all([watcher.end(), writer.end()]);
  await rm(folder, { recursive: true });
});

const add = (name: string, text: string) => writeFile(join(folder, name), text);
const run = () => migrate({ connectionString }, folder);
const write = (client: pg.Client) => client.query('update contact set name = name where false');

async function isValid(index: string): Promise<boolean | undefined> {
  const { rows } = await watcher.query('select indisvalid from pg_index where indexrelid = to_regclass($1)', [index]);
  return rows[0]?.indisvalid;
}

const builders = `pg_stat_activity where datname = current_database() and application_name = 'recado migrate'
  and query like 'create index%' and wait_event_type = 'Lock'`;
const building = () =>
  expect.poll(async () => (await watcher.query(`select count(*)::int as n from ${builders}`)).rows[0].n).toBe(1);

const named = '-- concurrently\ncreate index concurrently contact_named on contact (name);\n';

test('the index is built while others write', async () => {
  await add('0900-index.sql', named);
  await writer.query('begin');
  await write(writer);
  const migrated = run();
  await building();
  await write(watcher);
  await writer.query('commit');
  await migrated;
  expect(await isValid('contact_named')).toBe(true);
  expect((await watcher.query(`select 1 from schema_migration where name = '0900-index.sql'`)).rowCount).toBe(1);
});

test('the next start builds an index again that a crash left unfinished', async () => {
  await add('0900-index.sql', named);
  await writer.query('begin');
  await write(writer);
  const killed = expect(run()).rejects.toThrow();
  await building();
  await watcher.query(`select pg_terminate_backend(pid) from ${builders}`);
  await killed;
  await writer.query('commit');
  expect(await isValid('contact_named')).toBe(false);
  await run();
  expect(await isValid('contact_named')).toBe(true);
});

test('the next start keeps an index that was finished before a crash', async () => {
  await add('0900-index.sql', named);
  await run();
  const oid = async () => (await watcher.query(`select 'contact_named'::regclass::oid as oid`)).rows[0].oid;
  const built = await oid();
  await watcher.query(`delete from schema_migration where name = '0900-index.sql'`);
  await run();
  expect(await oid()).toBe(built);
});

test('a migration may replace an index', async () => {
  await add('0900-index.sql', named);
  await add(
    '0901-index.sql',
    `-- concurrently
     -- A comment; with a semicolon.
     create unique index concurrently contact_named_once on contact (name, id)
       where name is not null;
     drop index concurrently if exists contact_named;`,
  );
  await run();
  expect(await isValid('contact_named')).toBe(undefined);
  expect(await isValid('contact_named_once')).toBe(true);
});

test('another statement is refused before anything runs', async () => {
  await add('0900-index.sql', `${named}update contact set name = 'x';\n`);
  await expect(run()).rejects.toThrow(/Migration 0900-index\.sql .* and not: update contact/);
  expect(await isValid('contact_named')).toBe(undefined);
});
