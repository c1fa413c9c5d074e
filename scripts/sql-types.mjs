// Reads the headers of the SQL functions (`server/**/sql/*.sql`) and writes the types of their calls. With --check it
// only verifies that the written types match the files.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'server/kit/db/function-types.ts');

/** Paths of all SQL function files, relative to the repository. */
export function sqlFunctionFiles(folder = 'server') {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(entry => !['dist', 'node_modules', 'migrations'].includes(entry.name))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sqlFunctionFiles(path);
      return /\/sql\/[^/]+\.sql$/.test(path) ? [path] : [];
    });
}

const argumentTypes = {
  uuid: 'string',
  text: 'string',
  date: 'string',
  interval: 'string',
  timestamptz: 'Date | string',
  boolean: 'boolean',
  int: 'number',
  smallint: 'number',
  bigint: 'number',
  float8: 'number',
  'double precision': 'number',
  jsonb: 'string',
  bytea: 'Buffer',
};
const resultTypes = { ...argumentTypes, timestamptz: 'Date', jsonb: 'unknown' };

function typeOf(sqlType, types) {
  const isArray = sqlType.endsWith('[]');
  const plain = types[isArray ? sqlType.slice(0, -2) : sqlType];
  if (plain === undefined) return 'unknown';
  return isArray ? `(${plain} | null)[]` : plain;
}

/** Splits at commas outside of brackets. */
function splitList(text) {
  const parts = [''];
  let depth = 0;
  for (const letter of text) {
    if (letter === '(') depth++;
    if (letter === ')') depth--;
    if (letter === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.map(part => part.trim()).filter(part => part !== '');
}

/** The text between the bracket at `start` and its closing bracket. */
function bracketed(text, start) {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    if (text[index] === '(') depth++;
    if (text[index] === ')' && --depth === 0) return { inside: text.slice(start + 1, index), end: index + 1 };
  }
  throw new Error('a bracket is not closed');
}

/** The name, arguments and result of a file's function; undefined if the file creates a type. */
export function parseFunction(text) {
  const code = text.replaceAll(/^\s*--.*$/gm, '').replaceAll(/\s--[^\n']*$/gm, '');
  const header = /create function (\w+)\s*\(/.exec(code);
  if (!header) return undefined;
  const { inside, end } = bracketed(code, header.index + header[0].length - 1);
  const rest = code.slice(end);
  const args = [];
  const outs = [];
  for (const part of splitList(inside)) {
    const [, mode = 'in', name, type, fallback] =
      /^(?:(in|out|inout)\s+)?(\w+)\s+(.+?)(?:\s+(?:default|=)\s+.*)?$/s.exec(part) ?? [];
    const isOptional = /\s(default|=)\s/.test(part);
    if (mode !== 'out') args.push({ name, type: type.trim(), isOptional, fallback });
    if (mode !== 'in') outs.push({ name, type: type.trim() });
  }
  const table = /^\s*returns table\s*\(/.exec(rest);
  if (table) {
    const columns = splitList(bracketed(rest, table[0].length - 1).inside).map(part => {
      const [, name, type] = /^(\w+)\s+(.+)$/s.exec(part);
      return { name, type: type.trim() };
    });
    return { name: header[1], args, columns };
  }
  if (outs.length > 0) return { name: header[1], args, columns: outs };
  const scalar = /^\s*returns\s+(?:setof\s+)?([\w ]+?(?:\[\])?)\s+(?:language|as|immutable|stable|volatile)/.exec(rest);
  if (!scalar) throw new Error(`the result of ${header[1]} cannot be read`);
  return { name: header[1], args, columns: scalar[1] === 'void' ? [] : [{ name: header[1], type: scalar[1] }] };
}

function describe({ name, args, columns }) {
  const argLines = args.map(
    arg => `${arg.name}${arg.isOptional ? '?' : ''}: ${typeOf(arg.type, argumentTypes)} | null;`,
  );
  const rowLines = columns.map(column => `${column.name}: ${typeOf(column.type, resultTypes)} | null;`);
  const casts = args.map(arg => `${arg.name}: '${arg.type}'`).join(', ');
  const block = lines => (lines.length === 0 ? 'Record<string, never>' : `{ ${lines.join(' ')} }`);
  return {
    type: `  ${name}: { args: ${block(argLines)}; row: ${block(rowLines)} };`,
    casts: `  ${name}: { ${casts} },`,
  };
}

export function renderTypes() {
  const found = sqlFunctionFiles()
    .map(path => ({ path, parsed: parseFunction(readFileSync(join(root, path), 'utf8')) }))
    .filter(({ parsed }) => parsed);
  for (const { path, parsed } of found)
    if (basename(path, '.sql') !== parsed.name)
      throw new Error(`${path} creates ${parsed.name}: name the file after it.`);
  const described = found
    .map(({ parsed }) => parsed)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(describe);
  return `// biome-ignore-all format: written by scripts/sql-types.mjs
// The arguments and rows of the SQL functions. Written by \`npm run sql-types\` from their files; do not edit.

export interface SqlFunctions {
${described.map(({ type }) => type).join('\n')}
}

/** The SQL type of each argument. */
export const argumentTypes: { [Name in keyof SqlFunctions]: Record<string, string> } = {
${described.map(({ casts }) => casts).join('\n')}
};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = renderTypes();
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    console.error('server/kit/db/function-types.ts does not match the SQL files: run npm run sql-types.');
    process.exit(1);
  }
}
