// Compiles the TypeScript sources if they have changed since the last build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// This file must parse on every Node with modules, so that an old Node gets our error sentence: no syntax newer than
// 2019.

/** The root of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const packages = ['contract', 'simulator', 'server', 'cli', 'sdk'];
const stampFile = join(root, 'server', 'dist', '.built');

/**
 * Compiles if a source changed; ends the process with one sentence if it cannot.
 * @returns {void}
 */
export function buildIfNeeded() {
  requireNode();
  // Taken before the compile: later changes are built next time.
  const stamp = stampOfSources();
  if (isBuilt(stamp)) return;
  const obstacle = obstacleToBuilding();
  if (obstacle !== undefined) fail(`Recado must be built, but ${obstacle}.`);
  console.error('Building Recado…');
  compile(stamp);
}

/**
 * The same for an installed Recado, where the user of a command often may not write and has no compiler. It then uses
 * the existing build, and reports if that does not match the sources.
 * @public (cli/bin/recado.mjs imports it by a computed path)
 * @returns {void}
 */
export function buildWherePossible() {
  requireNode();
  if (obstacleToBuilding() === undefined || !hasOutput()) return buildIfNeeded();
  if (!isBuilt(stampOfSources()))
    console.error(
      `Note: the sources have changed since the last build, but ${obstacleToBuilding()}. Using the last build.`,
    );
}

/**
 * Always compiles; the compiler itself skips unchanged files.
 * @returns {void}
 */
export function build() {
  requireNode();
  const stamp = stampOfSources();
  const obstacle = obstacleToBuilding();
  if (obstacle !== undefined) fail(`Recado cannot be built: ${obstacle}.`);
  compile(stamp);
}

/** @param {string} stamp */
function compile(stamp) {
  const { status, error, stdout, stderr } = spawnSync(process.execPath, [findCompiler() || '', '-b'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) {
    process.stderr.write(`${stdout || ''}${stderr || ''}`);
    fail(`Recado could not be built${error ? ` (${error.message})` : ''}: see the compiler's output above.`);
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  // Renamed at once, so that a parallel reader never finds half of it.
  const whole = `${stampFile}-${process.pid}`;
  writeFileSync(whole, stamp);
  renameSync(whole, stampFile);
}

/** Why nothing can be built here, with the fix; undefined if it can. */
function obstacleToBuilding() {
  if (findCompiler() === undefined) return 'the TypeScript compiler is not installed: run "npm ci" first';
  const closed = packages.find(name => !isWritable(join(root, name)) || !isWritable(join(root, name, 'dist')));
  if (closed === undefined) return undefined;
  return `${join(root, closed)} is not writable for this user: run "npm run build" as its owner`;
}

/**
 * Whether a folder is writable or missing.
 * @param {string} folder
 */
function isWritable(folder) {
  if (!existsSync(folder)) return true;
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (_) {
    return false;
  }
}

/**
 * Prints a sentence and ends the process, without a stack trace.
 * @param {string} sentence
 * @returns {never}
 */
export function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `Recado needs Node.js 20.19 or later, but this is ${process.versions.node}: install a newer one from https://nodejs.org.`,
  );
}

/** @param {string} stamp */
function isBuilt(stamp) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && hasOutput();
}

/** Someone may have removed one package's output, but not the stamp in another's. */
function hasOutput() {
  return packages.every(name => !existsSync(join(root, name, 'tsconfig.json')) || existsSync(join(root, name, 'dist')));
}

/** A hash of names and contents: unlike times, it survives a copy into an image. */
function stampOfSources() {
  const hash = createHash('sha256');
  const files = ['tsconfig.json', 'tsconfig.base.json'].concat(...packages.map(sourcesIn));
  for (const file of files) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder relative to the root
 * @returns {string[]}
 */
function sourcesIn(folder) {
  if (!existsSync(join(root, folder))) return [];
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return [].concat(
    ...entries.map(entry => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'dist' || entry.name === 'node_modules' ? [] : sourcesIn(path);
      return isSource(entry.name) ? [path] : [];
    }),
  );
}

/** @param {string} name */
function isSource(name) {
  if (/^(package|tsconfig.*)\.json$/.test(name)) return true;
  return /\.[cm]?tsx?$/.test(name) && !/\.test\.tsx?$/.test(name);
}

function findCompiler() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch (_) {
    return undefined;
  }
}
