// Migrations that build an index while programs write: outside of a transaction, and repeatable after a crash.
import type pg from 'pg';
import type { Logger } from '../log.ts';

/** The first line of such a migration. */
const mark = /^-- concurrently\r?\n/;
const create = /^create (?:unique )?index concurrently ([a-z_][a-z0-9_]*) on /;
const drop = /^drop index concurrently if exists [a-z_][a-z0-9_]*$/;
/** After this time in milliseconds, the log tells that an index is still being built. */
const patienceMs = 10_000;

export const isConcurrent = (text: string): boolean => mark.test(text);

/** The same text for a transaction in which nobody else writes, such as a restore. */
export const forTransaction = (text: string): string =>
  isConcurrent(text) ? text.replaceAll(/\bindex concurrently\b/g, 'index') : text;

interface Statement {
  text: string;
  /** The index that it creates. */
  index?: string | undefined;
}

function statementsOf(name: string, text: string): Statement[] {
  const statements = text
    .replaceAll(/--.*$/gm, '')
    .split(/;\s*$/m)
    .map(statement => statement.trim())
    .filter(statement => statement !== '');
  return statements.map(statement => {
    const index = create.exec(statement)?.[1];
    if (index === undefined && !drop.test(statement))
      throw new Error(
        `Migration ${name} runs outside of a transaction: it may have "create index concurrently NAME on …;" and "drop index concurrently if exists NAME;" only, and not: ${statement}`,
      );
    return { text: statement, index };
  });
}

/**
 * Runs the statements of a migration one by one. An index that an earlier run finished stays; one that it left
 * unfinished is built again. The caller holds the schema lock.
 * @throws Error if the file has another statement
 */
export async function runConcurrently(
  client: pg.Client,
  { name, text }: { name: string; text: string },
  log: Pick<Logger, 'warn'> | undefined,
): Promise<void> {
  const statements = statementsOf(name, text);
  // A limit of the server or of the role would end a long build each time.
  await client.query('set statement_timeout = 0; set lock_timeout = 0');
  for (const { text: statement, index } of statements) {
    if (index !== undefined && (await isBuilt(client, index))) continue;
    if (index !== undefined) await client.query(`drop index concurrently if exists recado.${index}`);
    const timer = setTimeout(
      () => log?.warn(`migration ${name} still runs; it waits for older transactions: ${statement}`),
      patienceMs,
    );
    await client.query(statement).finally(() => clearTimeout(timer));
  }
  await client.query('reset statement_timeout; reset lock_timeout');
}

/** Whether the index is there and complete. */
async function isBuilt(client: pg.Client, index: string): Promise<boolean> {
  const { rows } = await client.query<{ valid: boolean }>(
    'select indisvalid as valid from pg_index where indexrelid = to_regclass($1)',
    [`recado.${index}`],
  );
  return rows[0]?.valid ?? false;
}
