// `npm run dev`: runs the server, and builds and restarts it whenever a source or an SQL function changes.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { root } from './build-if-needed.mjs';

const folders = ['contract', 'channels', 'server', 'simulator'];
/** An editor saves several files at once: they cause one restart. */
const quietMs = 200;

let child;
let timer;
let stopping = false;

function start() {
  child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs')], { stdio: 'inherit' });
  child.on('exit', code => {
    child = undefined;
    if (stopping) process.exit(0);
    if (code !== 0) console.error('The server ended. The next change starts it again.');
  });
}

function restart() {
  if (!child) return start();
  console.error('A source has changed: restarting…');
  child.once('exit', start);
  child.kill('SIGTERM');
}

const isSource = name => /\.(ts|sql)$/.test(name) && !/(^|[/\\])(dist|node_modules)[/\\]|\.test\.ts$/.test(name);

for (const folder of folders)
  watch(join(root, folder), { recursive: true }, (_, name) => {
    if (name === null || !isSource(name)) return;
    clearTimeout(timer);
    timer = setTimeout(restart, quietMs);
  });

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    stopping = true;
    if (child) child.kill(signal);
    else process.exit(0);
  });

start();
