// Installs the SQL functions of this release as a schema of their own, keeps it, and drops schemas that no process uses.
import type pg from 'pg';
import type { Logger } from '../log.ts';
import type { Clock } from '../time.ts';
import type { Queryable } from './database.ts';
import { type FunctionSet, functions } from './function-set.ts';
import { sql } from './sql.ts';

/** A function set that no process has used for this long is dropped. */
const unusedFor = '1 hour';
const heartbeatMs = 60_000;

/** Installs a set if it is missing, and drops unused sets. The caller holds the schema lock. */
export async function installFunctions(client: pg.Client, set: FunctionSet = functions): Promise<void> {
  await dropUnused(client, set.schema);
  await client.query('begin');
  try {
    await createFunctions(client, set);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Creates a set in the caller's transaction, unless it exists. */
export async function createFunctions(
  client: pg.Client,
  { schema, statements }: FunctionSet = functions,
): Promise<void> {
  const { rows } = await client.query<{ installed: boolean }>('select to_regnamespace($1) is not null as installed', [
    schema,
  ]);
  if (!rows[0]?.installed) {
    await client.query(`create schema ${schema}`);
    await client.query(`grant usage on schema ${schema} to recado_api, recado_engine`);
    // Functions may call each other, so their order must not matter.
    await client.query(`set local check_function_bodies = off; set local search_path = ${schema}, recado, public`);
    for (const statement of statements) await client.query(statement);
    await client.query('set local search_path = recado, public');
  }
  await client.query(
    `insert into recado.function_set (schema_name) values ($1)
     on conflict (schema_name) do update set used_at = clock_timestamp()`,
    [schema],
  );
}

async function dropUnused(client: pg.Client, ours: string): Promise<void> {
  const { rows } = await client.query<{ schema_name: string }>(
    `delete from recado.function_set where schema_name <> $1 and used_at < clock_timestamp() - $2::interval
     returning schema_name`,
    [ours, unusedFor],
  );
  for (const { schema_name } of rows) await client.query(`drop schema if exists ${schema_name} cascade`);
}

/**
 * Reports once a minute that this process uses its functions. If they were dropped because the process slept too
 * long, calls `reinstall`. Returns the function that stops it.
 */
export function keepFunctions(
  db: Queryable,
  reinstall: () => Promise<void>,
  clock: Clock,
  log: Logger,
): () => Promise<void> {
  let stopped = false;
  let cancel = () => {};
  let current: Promise<void> = Promise.resolve();

  async function report(): Promise<void> {
    const used = await db.query(sql`update function_set set used_at = clock_timestamp()
      where schema_name = ${functions.schema} returning 1 as used`);
    if (used.length === 0) await reinstall();
  }
  function next(): void {
    if (stopped) return;
    cancel = clock.after(heartbeatMs, () => {
      current = report()
        .catch(error => log.warn({ err: error }, 'could not report that the SQL functions are in use; trying again'))
        .then(next);
    });
  }
  next();

  return async () => {
    stopped = true;
    cancel();
    await current;
  };
}
