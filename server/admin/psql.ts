// `npx recado psql`: opens psql on the database of this installation.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type pg from 'pg';
import { findProgram } from '../app/config/find-program.ts';
import { searchPath } from '../kit/db/function-set.ts';

/** How psql connects: its arguments, without a secret, and its environment. */
function psqlCall(connection: pg.ClientConfig): { args: string[]; env: Record<string, string> } {
  // The functions and tables of this release. row_security matters to nobody here: the user owns the tables.
  const env: Record<string, string> = { PGOPTIONS: `-c search_path=${searchPath}` };
  const url = connection.connectionString;
  if (url === undefined) {
    const { host = '', port = 5432, user = '', database = '' } = connection;
    return { args: ['-h', host, '-p', String(port), '-U', user, database], env };
  }
  // Other users see the arguments of a process, so the password goes into the environment.
  const plain = new URL(url);
  if (plain.password !== '') env.PGPASSWORD = decodeURIComponent(plain.password);
  plain.password = '';
  return { args: [plain.href], env };
}

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** The command for a shell, without the password. */
export const psqlLine = (connection: pg.ClientConfig): string => {
  const { args, env } = psqlCall(connection);
  return [`PGOPTIONS=${quoted(env.PGOPTIONS ?? '')}`, 'psql', ...args.map(quoted)].join(' ');
};

/** Runs psql until it ends and returns its exit code. Undefined if it is not installed. */
export async function runPsql(
  connection: pg.ClientConfig,
  environment: Record<string, string | undefined>,
): Promise<number | undefined> {
  const program = findProgram('psql', environment.PATH);
  if (program === undefined) return undefined;
  const { args, env } = psqlCall(connection);
  const child = spawn(program, args, { stdio: 'inherit', env: { ...environment, ...env } });
  // psql handles Ctrl-C itself: it cancels its statement.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill());
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
