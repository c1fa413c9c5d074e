// `npm run check:channels`: only adapters of channels ask for a channel by its name. All others ask its capabilities.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const registry = 'contract/channels.ts';
const places = ['contract', 'server', 'cli', 'sdk', 'web'];
const adapters = 'server/adapters/channels/';
/** Files where a name of a channel means something else. */
const otherMeanings = {
  'server/admin/arguments.ts': 'A command is called sandbox.',
  'server/admin/main.ts': 'A command is called sandbox.',
};

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const names = channelNames();
const name = `(?:${names.join('|')})`;
/** In TypeScript: a comparison, a case, a look-up in a list, and a condition of SQL in a template. */
const inCode = new RegExp(
  [
    `(?:[=!]==?|\\bcase)\\s*(['"\`])${name}(?:\\1|:)`,
    `(['"\`])${name}\\2\\s*[=!]==?`,
    `\\b(?:includes|has|startsWith|indexOf)\\(\\s*['"\`]${name}\\b`,
    `\\b(?:channel|route|r|c)\\s*(?:=|<>|!=|like|in\\s*\\(|is (?:not )?distinct from)\\s*'${name}(?:'|:)`,
  ].join('|'),
  'g',
);
/** In a SQL file each literal is a condition. */
const inSql = new RegExp(`'${name}(?:'|:)`, 'g');

const files = places.flatMap(filesIn);
const mistakes = files.filter(path => !path.startsWith(adapters) && !(path in otherMeanings)).flatMap(mistakesIn);
for (const mistake of mistakes) console.error(mistake);
if (mistakes.length > 0) process.exit(1);
console.log(`No place outside the adapters asks for a channel by its name (${names.join(', ')}).`);

/** The rows of the registry. */
function channelNames() {
  const rows = readFileSync(registry, 'utf8').match(/^const registry = \{\n([\s\S]*?)^\}/m)?.[1] ?? '';
  const found = [...rows.matchAll(/^ {2}(\w+): \{/gm)].map(([, row]) => row);
  if (found.length === 0) throw new Error(`${registry} has no registry whose rows can be read`);
  return found;
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['dist', 'node_modules'].includes(entry.name) ? [] : filesIn(path);
    return /\.(tsx?|sql)$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** @param {string} path */
function mistakesIn(path) {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(path.endsWith('.sql') ? inSql : inCode)].map(({ 0: words, index }) => {
    const line = text.slice(0, index).split('\n').length;
    return `${path}:${line} asks for a channel by its name: ${words}\n  Ask a capability of ${registry}, or add one. In SQL, ask a column of account.`;
  });
}
