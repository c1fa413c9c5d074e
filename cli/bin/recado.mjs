#!/usr/bin/env node
// `npx recado <command>`: builds changed files if possible, then runs the command.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const commands = {
  backup: 'server/dist/admin/main.js',
  restore: 'server/dist/admin/main.js',
  recovered: 'server/dist/admin/main.js',
  check: 'server/dist/admin/main.js',
  secrets: 'server/dist/admin/main.js',
  media: 'server/dist/admin/main.js',
  people: 'server/dist/admin/main.js',
  workspaces: 'server/dist/admin/main.js',
  'web-version': 'server/dist/admin/main.js',
  sandbox: 'server/dist/admin/main.js',
  psql: 'server/dist/admin/main.js',
  simulator: 'simulator/dist/main.js',
  demo: 'cli/dist/demo.js',
};

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const usage = `npx recado backup      writes a backup, checks one, or proves that it can be restored
npx recado restore     reads a backup into an empty database
npx recado recovered   marks a database that came back from a snapshot, so that nothing is sent again
npx recado check       looks whether all parts work together, and says what to do first
npx recado secrets     re-encrypts secrets with another SECRET_KEY, or says which key is still needed
npx recado media       compares message files with their rows, or moves them to another store
npx recado people      keeps a person out of every workspace, or lets the person in again
npx recado workspaces  lists all workspaces, or removes one
npx recado sandbox     prints the app secret of the Sandbox
npx recado psql        opens psql on the database
npx recado simulator   runs the simulator of WhatsApp's Cloud API alone
npx recado demo        sends and receives through a running Recado, and checks each step

Add --help to a command for details; npx recado --version prints the version.`;

const name = process.argv[2];
if (Object.hasOwn(commands, name || '')) start();
else if (name === '--help' || name === '-h') console.log(usage);
else if (name === '--version') console.log(JSON.parse(readFileSync(join(root, 'server/package.json'), 'utf8')).version);
else {
  const mistake = name === undefined ? '' : `Unknown ${name.startsWith('-') ? 'option' : 'command'} ${name}. `;
  console.error(`${mistake}Name a command: npx recado ${Object.keys(commands).join(' | ')} (with --help for more).`);
  process.exitCode = 1;
}

async function start() {
  // An image contains the build, and no tools to build with.
  if (existsSync(join(root, 'scripts'))) (await import('../../scripts/build-if-needed.mjs')).buildWherePossible();
  const file = join(root, commands[name]);
  // Database commands read their own name from the first argument; the others do not.
  process.argv.splice(1, name === 'demo' || name === 'simulator' ? 2 : 1, file);
  await import(pathToFileURL(file).href);
}
