#!/usr/bin/env node
// `npx recado <command>`: builds what changed, then becomes the command.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfNeeded, fail, root } from '../../scripts/build-if-needed.mjs';

const commands = {
  backup: 'server/dist/admin/main.js',
  restore: 'server/dist/admin/main.js',
  secrets: 'server/dist/admin/main.js',
  media: 'server/dist/admin/main.js',
  demo: 'cli/dist/demo.js',
};

const name = process.argv[2];
if (!Object.hasOwn(commands, name || '')) {
  fail(`Say what to do: npx recado ${Object.keys(commands).join(' | ')} (with --help for more).`);
}
buildIfNeeded();
const file = join(root, commands[name]);
// The commands of the database tell themselves apart by their first word; the demo has no other word.
process.argv.splice(1, name === 'demo' ? 2 : 1, file);
import(pathToFileURL(file).href);
