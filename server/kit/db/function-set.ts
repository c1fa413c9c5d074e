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

/**
 * What a function says with its line `-- plan: …`: first where its plans come from, then what they do without. `kept`
 * plans stay for ever, `fresh` ones are made for each call, and `inherited` is the mode of the session or of the caller.
 */
const planSettings: Record<string, string[]> = {
  kept: ['plan_cache_mode = force_generic_plan'],
  fresh: ['plan_cache_mode = force_custom_plan'],
  inherited: [],
  unscanned: ['enable_seqscan = off'],
  indexed: ['enable_seqscan = off', 'enable_bitmapscan = off'],
  nested: ['enable_hashjoin = off', 'enable_mergejoin = off'],
};

/** Adds the settings of the plan line to the header of a function. */
export function withPlan(text: string): string {
  const line = /^-- plan: (.*)$/m.exec(text);
  if (!line) return text;
  const settings = (line[1] ?? '').split(' ').flatMap(word => {
    const found = planSettings[word];
    if (!found) throw new Error(`"${word}" is no word of a plan line. Known: ${Object.keys(planSettings).join(', ')}.`);
    return found;
  });
  return text.replace(/\bas \$\$/, body => [...settings.map(setting => `set ${setting}`), body].join(' '));
}

/** Reads all functions below a folder: every `sql/*.sql`. The schema is named by a hash of their texts. */
export function readFunctions(folder: string): FunctionSet {
  const texts = sqlFilesIn(folder).map(path => withPlan(readFileSync(path, 'utf8')));
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
