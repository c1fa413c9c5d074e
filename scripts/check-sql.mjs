// `npm run check:sql`: each SQL function has a caller, features call only what they may use, only owners write a table,
// SQL files obey the size guide, and the call types match the files.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { featurePage, renderFeatures } from './feature-table.mjs';
import featureUses from './feature-uses.cjs';
import {
  appendOnly,
  denseFiles,
  mostFunctionFiles,
  mostSharedTables,
  overlongFiles,
  sharedTables,
  tableOwners,
} from './sql-owners.mjs';
import { renderTypes, sqlFunctionFiles } from './sql-types.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = path => readFileSync(join(root, path), 'utf8');
const mostLines = 70;
const mostColumns = 120;
const mostCharacters = 3_000;

const files = sqlFunctionFiles();
const sources = filesIn('server').filter(path => path.endsWith('.ts') && !path.endsWith('.test.ts'));
const migrations = filesIn('server/migrations');
const withoutComments = text => text.replaceAll(/--[^\n]*/g, '').replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '');

const mistakes = [
  ...uncalled(),
  ...foreignCalls(),
  ...foreignWrites(),
  ...crowdedFolders(),
  ...unplanned(),
  ...overlong(),
  ...dense(),
  ...rereadLimits(),
  ...staleTypes(),
  ...staleFeatures(),
];
for (const mistake of mistakes) console.error(mistake);
if (mistakes.length > 0) process.exit(1);
console.log(`The SQL rules hold in ${files.length} function files.`);

/** @returns {string[]} */
function filesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['dist', 'node_modules'].includes(entry.name) ? [] : filesIn(path);
    return [path];
  });
}

/** A plan may read the list of `in (select … limit …)` again for each row, and then take more than the limit. */
function rereadLimits() {
  const nested = String.raw`(?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*?`;
  const reread = new RegExp(String.raw`\bin\s*\(\s*select\b${nested}\blimit\b(?!\s+1\b)`, 'i');
  return [...files, ...sources]
    .filter(path => reread.test(withoutComments(read(path))))
    .map(path => `${path} limits the list of an "in": write = any (array(select … limit …)).`);
}

function uncalled() {
  const texts = [...files, ...sources, ...migrations]
    .filter(path => !path.endsWith('function-types.ts'))
    .map(path => ({ path, text: withoutComments(read(path)) }));
  return files
    .filter(file => {
      const name = basename(file, '.sql');
      const use = new RegExp(`\\b${name}\\b`);
      return !texts.some(({ path, text }) => path !== file && use.test(text));
    })
    .map(file => `${file} has no caller: delete it, or call it.`);
}

/** The owner of a file's writes: the feature, or the server folder. */
function folderOf(path) {
  return /^server\/features\/([^/]+)\//.exec(path)?.[1] ?? /^server\/([^/]+)\//.exec(path)?.[1] ?? path;
}

/** Calls of functions that the caller's feature may not use. */
function foreignCalls() {
  const owners = new Map(files.map(file => [basename(file, '.sql'), folderOf(file)]));
  return [...files, ...sources.filter(path => !path.endsWith('function-types.ts'))].flatMap(path => {
    const from = folderOf(path);
    const isFeature = path.startsWith('server/features/');
    return [...calledIn(path, owners)].flatMap(name => {
      const owner = owners.get(name);
      if (owner === from || owner === 'kit') return [];
      if (isFeature && featureUses[from]?.includes(owner)) return [];
      return [`${path} calls ${name} of ${owner}: ${from} may not use it (scripts/feature-uses.cjs).`];
    });
  });
}

/** The SQL functions and types that a file uses. Of TypeScript only stores may: the import rules see to it. */
function calledIn(path, owners) {
  if (path.endsWith('.ts') && !/(^|\/|-)store\.ts$/.test(path)) return [];
  const text = withoutComments(read(path));
  const uses = [/\b([a-z_]+)\(/g, /\b([a-z_]+)\[\]/g, /\bcall\([^,()]+,\s*'([a-z_]+)'/g];
  return new Set(uses.flatMap(use => [...text.matchAll(use)].map(([, name]) => name)).filter(name => owners.has(name)));
}

function crowdedFolders() {
  const counts = new Map();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > mostFunctionFiles)
    .map(
      ([folder, count]) => `${folder} has ${count} function files, more than ${mostFunctionFiles}: split the feature.`,
    );
}

function foreignWrites() {
  const found = new Set();
  const told = [];
  for (const path of [...files, ...sources]) {
    for (const [, verb, table] of withoutComments(read(path)).matchAll(
      /\b(?:(insert\s+into|update|delete\s+from)\s+|deleteExpired\(\w+, sql`)(?:recado\.)?([a-z_]+)\b/g,
    )) {
      if (verb?.startsWith('insert') && appendOnly.includes(table)) continue;
      const owners = [tableOwners[table]].flat();
      if (tableOwners[table] === undefined) {
        if (isTable(table))
          told.push(`${path} writes ${table}, which has no owner: name one in scripts/sql-owners.mjs.`);
        continue;
      }
      const folder = folderOf(path);
      if (owners.includes(folder)) continue;
      if (sharedTables[table]?.includes(folder)) found.add(`${table} ${folder}`);
      else told.push(`${path} writes ${table}, which ${owners.join(', ')} owns: call a function of that feature.`);
    }
  }
  for (const [table, folders] of Object.entries(sharedTables))
    for (const folder of folders)
      if (!found.has(`${table} ${folder}`))
        told.push(`scripts/sql-owners.mjs lets ${folder} write ${table}, and it no longer does: remove the exception.`);
  const pairs = Object.values(sharedTables).flat().length;
  if (pairs > mostSharedTables)
    told.push(`scripts/sql-owners.mjs lists ${pairs} foreign writes, more than ${mostSharedTables}.`);
  return [...new Set(told)];
}

function isTable(name) {
  return migrations.some(path => new RegExp(`create table ${name}\\b`).test(read(path)));
}

/** A plan line says how a function is planned; server/kit/db/function-set.ts makes settings of it. */
function unplanned() {
  return files.flatMap(file => {
    const code = withoutComments(read(file));
    if (/\bset (plan_cache_mode|enable_\w+)\b/.test(code))
      return [`${file} sets how it is planned: say it with a line like "-- plan: kept indexed nested".`];
    if (/\blanguage plpgsql\b/.test(code) && !/^-- plan: /m.test(read(file)))
      return [`${file} does not say how it is planned: add a line like "-- plan: kept indexed nested".`];
    return [];
  });
}

function overlong() {
  const told = [];
  const seen = new Set();
  for (const file of files) {
    const lines = read(file).split('\n');
    const code = lines.filter(line => !/^\s*--/.test(line) && line.trim() !== '').length;
    // A mutant replaces the whole line that it names, so that line stays one.
    const wide = lines.findIndex(line => line.length > mostColumns && !line.includes('-- @mutant'));
    const tooLong = code > mostLines ? `has ${code} lines of code, more than ${mostLines}` : undefined;
    const tooWide = wide >= 0 ? `is wider than ${mostColumns} columns in line ${wide + 1}` : undefined;
    if (!tooLong && !tooWide) continue;
    if (overlongFiles.includes(basename(file, '.sql'))) seen.add(basename(file, '.sql'));
    else told.push(`${file} ${[tooLong, tooWide].filter(Boolean).join(' and ')}.`);
  }
  for (const name of overlongFiles)
    if (!seen.has(name))
      told.push(`${name} keeps to the size guide now: remove it from overlongFiles in scripts/sql-owners.mjs.`);
  return told;
}

/** The characters of a function's code, without comments, indentation and line ends. */
function charactersOf(file) {
  return withoutComments(read(file)).replaceAll(/\s+/g, ' ').trim().length;
}

function dense() {
  const over = files.filter(file => charactersOf(file) > mostCharacters);
  const names = over.map(file => basename(file, '.sql'));
  return [
    ...over
      .filter(file => !denseFiles.includes(basename(file, '.sql')))
      .map(file => `${file} has ${charactersOf(file)} characters of code, more than ${mostCharacters}: split it.`),
    ...denseFiles
      .filter(name => !names.includes(name))
      .map(
        name =>
          `${name} keeps to ${mostCharacters} characters now: remove it from denseFiles in scripts/sql-owners.mjs.`,
      ),
  ];
}

function staleTypes() {
  if (read('server/kit/db/function-types.ts') === renderTypes()) return [];
  return ['server/kit/db/function-types.ts does not match the SQL files: run npm run sql-types.'];
}

function staleFeatures() {
  if (read(featurePage) === renderFeatures()) return [];
  return [`${featurePage} does not match the code: run node scripts/feature-table.mjs.`];
}
