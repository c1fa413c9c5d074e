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

const packages = ['contract', 'simulator', 'channels/whatsapp-web', 'server', 'cli', 'sdk'];
/** Bundled for browsers, from its own sources and the contract's. */
const webApp = 'web';

/**
 * Compiles if a source changed; ends the process with one sentence if it cannot.
 * @returns {void}
 */
export function buildIfNeeded() {
  requireNode();
  const due = parts.filter(part => !isBuilt(part));
  if (due.length === 0) return;
  const obstacle = obstacleToBuilding();
  if (obstacle !== undefined) fail(`Recado must be built, but ${obstacle}.`);
  console.error('Building Recado…');
  for (const part of due) buildPart(part);
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
  if (!parts.every(isBuilt))
    console.error(
      `Note: the sources have changed since the last build, but ${obstacleToBuilding()}. Using the last build.`,
    );
}

/**
 * Always compiles: the compiler itself skips unchanged files. Bundles the web app if it changed.
 * @returns {void}
 */
export function build() {
  requireNode();
  const obstacle = obstacleToBuilding();
  if (obstacle !== undefined) fail(`Recado cannot be built: ${obstacle}.`);
  for (const part of parts) if (part.isIncremental || !isBuilt(part)) buildPart(part);
}

/**
 * @typedef {object} Part What is built by one tool, with a stamp of its sources.
 * @property {string[]} files its sources besides the folders
 * @property {string[]} folders
 * @property {string} place the folder that the tool runs in
 * @property {() => string | undefined} findTool
 * @property {string} argument
 * @property {boolean} isIncremental whether the tool skips what has not changed
 * @property {string} stampFile
 */

/** @type {Part[]} */
const parts = [
  {
    files: ['tsconfig.json', 'tsconfig.base.json'],
    folders: packages,
    place: root,
    findTool: findCompiler,
    argument: '-b',
    isIncremental: true,
    stampFile: join(root, 'server', 'dist', '.built'),
  },
  // An image has the built app only.
  ...(existsSync(join(root, webApp, 'package.json'))
    ? [
        {
          files: [],
          folders: ['contract', webApp],
          place: join(root, webApp),
          findTool: findBundler,
          argument: 'build',
          isIncremental: false,
          stampFile: join(root, webApp, 'dist', '.built'),
        },
      ]
    : []),
];

/** @param {Part} part */
function buildPart(part) {
  // Taken before the build: later changes are built next time.
  const stamp = stampOf(part);
  const { status, error, stdout, stderr } = spawnSync(process.execPath, [part.findTool() || '', part.argument], {
    cwd: part.place,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (status !== 0) {
    process.stderr.write(`${stdout || ''}${stderr || ''}`);
    fail(`Recado could not be built${error ? ` (${error.message})` : ''}: see the compiler's output above.`);
  }
  if (part.argument === '-b') markCommonJs();
  mkdirSync(dirname(part.stampFile), { recursive: true });
  // Renamed at once, so that a parallel reader never finds half of it.
  const whole = `${part.stampFile}-${process.pid}`;
  writeFileSync(whole, stamp);
  renameSync(whole, part.stampFile);
}

/** The client is built twice, and Node.js reads the kind of a module from the nearest package.json. */
function markCommonJs() {
  const folder = join(root, 'sdk', 'dist', 'cjs');
  if (existsSync(folder)) writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
}

/** Why nothing can be built here, with the fix; undefined if it can. */
function obstacleToBuilding() {
  if (findCompiler() === undefined) return 'the TypeScript compiler is not installed: run "npm ci" first';
  if (parts.some(part => part.findTool() === undefined)) return 'the bundler is not installed: run "npm ci" first';
  const closed = packages
    .concat(parts.length > 1 ? webApp : [])
    .find(name => !isWritable(join(root, name)) || !isWritable(join(root, name, 'dist')));
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

/** @param {Part} part */
function isBuilt(part) {
  return (
    existsSync(part.stampFile) && readFileSync(part.stampFile, 'utf8') === stampOf(part) && hasOutput(part.folders)
  );
}

/** Someone may have removed one package's output, but not the stamp in another's. */
function hasOutput(folders = packages) {
  return folders.every(name => !existsSync(join(root, name, 'tsconfig.json')) || existsSync(join(root, name, 'dist')));
}

/**
 * A hash of names and contents: unlike times, it survives a copy into an image.
 * @param {Part} part
 */
function stampOf(part) {
  const hash = createHash('sha256');
  for (const file of part.files.concat(...part.folders.map(sourcesIn))) {
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
  if (/\.(json|css|html|svg)$/.test(name)) return true;
  return /\.[cm]?tsx?$/.test(name) && !/\.test\.tsx?$/.test(name);
}

function findBundler() {
  try {
    const fromWeb = createRequire(join(root, webApp, 'package.json'));
    return join(dirname(fromWeb.resolve('vite/package.json')), 'bin', 'vite.js');
  } catch (_) {
    return undefined;
  }
}

function findCompiler() {
  try {
    const resolved = createRequire(import.meta.url).resolve('typescript-7/package.json');
    return join(dirname(resolved), 'bin', 'tsc');
  } catch (_) {
    return undefined;
  }
}
