// The schema for commands: its tables, their rows as COPY text, and what depends on them.
import { once } from 'node:events';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { checkQueue } from '../features/queue/index.ts';
import { newClient } from '../kit/db/connect.ts';
import { queryable } from '../kit/db/database.ts';
import type { BackupHeader, BackupTable } from './backup-header.ts';
import { CommandError } from './command-error.ts';

/**
 * Tables with data of this moment or installation only: running processes, sessions, and what migrations write.
 * People log in again after a restore.
 */
const leftOut = [
  'schema_migration',
  'calling_code',
  'function_set',
  'worker',
  'backup_run',
  'self_check',
  'setup_token',
  'session',
  'push_subscription',
  'refresh_token',
  'login_failure',
  'password_reset',
];

const settings =
  '-c search_path=recado,public -c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c extra_float_digits=1 -c bytea_output=hex -c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c jit=off';

/** Connects for a command: no time limits, and one fixed text format for values. */
export async function connect(connection: pg.ClientConfig, name: string): Promise<pg.Client> {
  const client = newClient({
    ...connection,
    application_name: name,
    options: settings,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // A lost connection fails the running statement, which reports it.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Runs `work` on a connection to a database with Recado's data. @throws CommandError where there is no such data */
export async function withRecado<Result>(
  connection: pg.ClientConfig,
  name: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = await connect(connection, name);
  try {
    await demandSchema(client);
    return await work(client);
  } finally {
    await client.end();
  }
}

const quote = (name: string) => pg.escapeIdentifier(name);
const columnsOf = ({ columns }: BackupTable) => columns.map(quote).join(', ');

/** @throws CommandError where the database has no Recado schema */
export async function demandSchema(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('recado.schema_migration') is not null as there`,
  );
  if (!rows[0]?.there) throw new CommandError('This database has no Recado data: check DATABASE_URL or DATA_DIR.');
}

/** Begins a read transaction with one snapshot and returns its time. */
export async function beginSnapshot(client: pg.Client): Promise<string> {
  for (;;) {
    const names = await namesOf(client);
    await client.query('begin isolation level repeatable read, read only');
    // A table rewritten after the snapshot looks empty in it, so lock all tables first: LOCK takes no snapshot.
    await client.query(`lock table ${names.map(quote).join(', ')} in access share mode`);
    // The locks may take a while, and now() is the time before them.
    const { rows } = await client.query<{ now: string }>('select clock_timestamp()::text as now');
    if ((await namesOf(client)).join() === names.join()) return rows[0]?.now ?? '';
    await client.query('rollback');
  }
}

/** The tables to save. */
async function namesOf(client: pg.Client): Promise<string[]> {
  return (await client.query<{ name: string }>(tablesQuery, [leftOut])).rows.map(({ name }) => name);
}

export async function endSnapshot(client: pg.Client): Promise<void> {
  await client.query('commit');
}

/** The content of the schema in the transaction's snapshot; `onCounted` is called for each table. */
export async function readCatalog(
  client: pg.Client,
  onCounted: (table: BackupTable) => void,
): Promise<Pick<BackupHeader, 'postgres' | 'migrations' | 'tables' | 'sequences'>> {
  const version = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
  const migrations = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migration order by name',
  );
  const tables: BackupTable[] = [];
  for (const { name, columns } of (await client.query<Omit<BackupTable, 'rows'>>(tablesQuery, [leftOut])).rows) {
    const { rows } = await client.query<{ n: string }>(`select count(*)::text as n from ${quote(name)}`);
    const table = { name, columns, rows: Number(rows[0]?.n) };
    onCounted(table);
    tables.push(table);
  }
  const sequences: BackupHeader['sequences'] = [];
  for (const { table, column, sequence } of (await client.query<SequenceRow>(sequencesQuery, [leftOut])).rows) {
    // Sequences ignore snapshots. Read after it, this one is at or beyond every value in the snapshot.
    const { rows } = await client.query<{ last_value: string; is_called: boolean }>(
      `select last_value::text, is_called from ${sequence}`,
    );
    sequences.push(...rows.map(row => ({ table, column, ...row })));
  }
  return { postgres: version.rows[0]?.version ?? '', migrations: migrations.rows, tables, sequences };
}

// Transaction ids mean nothing in another cluster, so we omit such columns. Restored rows get the restore's id, which
// is below all later ones; their own ids then keep their order.
const tablesQuery = `
  select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    and a.attgenerated = '' and a.atttypid <> 'xid8'::regtype
  where c.relnamespace = 'recado'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname <> all ($1::text[])
  group by c.relname order by c.relname`;

interface SequenceRow {
  table: string;
  column: string;
  sequence: string;
}
const sequencesQuery = `
  select c.relname::text as table, a.attname::text as column, pg_get_serial_sequence(format('recado.%I', c.relname), a.attname) as sequence
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'recado'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all ($1::text[])
    and pg_get_serial_sequence(format('recado.%I', c.relname), a.attname) is not null
  order by 1, 2`;

/** Yields the rows of a table as COPY text. */
export async function* copyOut(client: pg.Client, table: BackupTable): AsyncGenerator<Buffer> {
  yield* client.query(copyTo(`copy (select ${columnsOf(table)} from ${quote(table.name)}) to stdout`));
}

/** Loads rows into a table. If they break off, the connection is in the middle of a COPY: close it. */
export async function copyIn(client: pg.Client, table: BackupTable, rows: AsyncIterable<Buffer>): Promise<void> {
  const copy = client.query(copyFrom(`copy ${quote(table.name)} (${columnsOf(table)}) from stdin`));
  const failed = new Promise<never>((_, reject) => copy.once('error', reject));
  failed.catch(() => {});
  for await (const chunk of rows) if (!copy.write(chunk)) await Promise.race([once(copy, 'drain'), failed]);
  const finished = once(copy, 'finish');
  copy.end();
  await Promise.race([finished, failed]);
  if (copy.rowCount !== table.rows)
    throw new Error(`the table ${table.name} took ${copy.rowCount} rows of ${table.rows}`);
}

/** Disables or enables a table's triggers, except those of foreign keys. */
export async function setTriggers(client: pg.Client, table: string, way: 'disable' | 'enable'): Promise<void> {
  await client.query(`alter table ${quote(table)} ${way} trigger user`);
}

/** Describes data of Recado in a database; empty if it has nothing to lose. */
export async function findData(client: pg.Client): Promise<string[]> {
  const found: string[] = [];
  const { rows: tables } = await client.query<{ name: string }>(
    `select relname::text as name from pg_class where relnamespace = to_regnamespace('recado') and relkind in ('r', 'p')
       and not relispartition and relname <> all ($1::text[]) order by 1`,
    [leftOut],
  );
  for (const { name } of tables) {
    const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from recado.${quote(name)}`);
    if (rows[0]?.n) found.push(`${name} ${rows[0].n}`);
  }
  return found;
}

/** How many connections running Recado programs have to this database, besides this command. */
export async function countPrograms(client: pg.Client, command = 'recado restore'): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like 'recado %'
       -- Who holds the locks of a command knows that no other one is under way: it waits, or was killed and ends.
       and application_name <> $1`,
    [command],
  );
  return rows[0]?.n ?? 0;
}

/** Ends what a restore leaves out: sessions and links for passwords, which may have been revoked since. */
export async function forgetSessions(client: pg.Client): Promise<void> {
  for (const table of ['refresh_token', 'session', 'password_reset', 'login_failure', 'worker'])
    await client.query(`delete from ${quote(table)}`);
}

export async function dropSchema(client: pg.Client): Promise<void> {
  await client.query('drop schema if exists recado cascade');
  // The functions take table rows as arguments, so some were dropped with the tables.
  const { rows } = await client.query<{ name: string }>(
    `select nspname::text as name from pg_namespace where nspname like 'recado\\_fn\\_%'`,
  );
  for (const { name } of rows) await client.query(`drop schema if exists ${quote(name)} cascade`);
}

/** Drops all foreign keys and returns a function that restores them: checking all rows once is much cheaper. */
export async function dropForeignKeys(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, conname::text as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace = 'recado'::regnamespace and conparentid = 0 order by 1, 2`,
  );
  for (const { table, name } of rows) await client.query(`alter table ${table} drop constraint ${quote(name)}`);
  return async () => {
    for (const { table, name, definition } of rows)
      await client.query(`alter table ${table} add constraint ${quote(name)} ${definition}`);
  };
}

export async function setSequences(client: pg.Client, sequences: BackupHeader['sequences']): Promise<void> {
  for (const { table, column, last_value, is_called } of sequences)
    await client.query(`select setval(pg_get_serial_sequence(format('recado.%I', $1::text), $2), $3::bigint, $4)`, [
      table,
      column,
      last_value,
      is_called,
    ]);
}

/** What of restored rows is not as the backup says, or breaks what must hold; empty where all is well. */
export async function findDifferences(client: pg.Client, header: BackupHeader): Promise<string[]> {
  const found: string[] = [];
  const one = async <Row extends object>(text: string) => (await client.query<Row>(text)).rows[0];
  for (const { name, rows } of header.tables) {
    const row = await one<{ n: string }>(`select count(*)::text as n from ${quote(name)}`);
    if (Number(row?.n) !== rows) found.push(`${name} has ${row?.n} rows instead of ${rows}`);
  }
  for (const { table, column, sequence } of (await client.query<SequenceRow>(sequencesQuery, [leftOut])).rows) {
    const row = await one<{ behind: boolean }>(
      `select coalesce(max(${quote(column)}) > (select last_value from ${sequence}), false) as behind from ${quote(table)}`,
    );
    if (row?.behind) found.push(`the next number of ${table}.${column} is taken`);
  }
  for (const { table, column } of (await client.query<{ table: string; column: string }>(xidColumnsQuery)).rows) {
    const row = await one<{ n: string }>(
      `select count(*)::text as n from ${quote(table)} where ${quote(column)} > pg_current_xact_id()`,
    );
    if (row?.n !== '0') found.push(`${row?.n} transaction ids of ${table}.${column} lie in the future`);
  }
  const broken = await checkQueue(queryable(client));
  return [...found, ...broken.map(({ what, n }) => `${what}: ${n}`)];
}

const xidColumnsQuery = `
  select c.relname::text as table, a.attname::text as column
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'recado'::regnamespace and c.relkind in ('r', 'p') and a.atttypid = 'xid8'::regtype
  order by 1, 2`;

/** Updates planner statistics, so that the first queries are planned well. */
export async function analyze(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select relname::text as name from pg_class
     where relnamespace = 'recado'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
  );
  for (const { name } of rows) await client.query(`analyze ${quote(name)}`);
}
