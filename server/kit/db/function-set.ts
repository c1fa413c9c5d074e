// The SQL functions of this release, each a file beside its feature. They are installed as a schema of their own, so
// that processes of different releases on one database each run their own code.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../os/package-root.ts';

export interface FunctionSet {
  /** The schema that holds the functions. */
  schema: string;
  /** The statements that create them, types first. */
  statements: string[];
}

/** Reads all functions below a folder: every `sql/*.sql`. The schema is named by a hash of their texts. */
export function readFunctions(folder: string): FunctionSet {
  const texts = sqlFilesIn(folder).map(path => readFileSync(path, 'utf8'));
  const isType = (text: string) => /^create type /m.test(text);
  const statements = [...texts.filter(isType), ...texts.filter(text => !isType(text))];
  const hash = createHash('sha256').update(statements.join('\n')).digest('hex').slice(0, 12);
  return { schema: `recado_fn_${hash}`, statements };
}

function sqlFilesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.name !== 'dist' && entry.name !== 'node_modules' && entry.name !== 'migrations')
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sqlFilesIn(path);
      return /[/\\]sql[/\\][^/\\]+\.sql$/.test(path) ? [path] : [];
    });
}

/** The functions of this program. */
export const functions = readFunctions(packageRoot);

/** The search_path of every connection. */
export const searchPath = `${functions.schema},recado,public`;
