// `node scripts/run.mjs <file> [arguments]`: builds changed files, then runs that built file.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfNeeded, fail, root } from './build-if-needed.mjs';

const [, , name] = process.argv;
if (name === undefined) fail('Name the built file to run: node scripts/run.mjs <file> [arguments].');
buildIfNeeded();
const file = resolve(root, name);
if (!existsSync(file)) fail(`${file} does not exist, even after a build.`);
// The file sees itself and its arguments as if started directly.
process.argv.splice(1, 2, file);
import(pathToFileURL(file).href);
