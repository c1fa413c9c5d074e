// `npm start`: builds changed files, then runs the server in this process, so that it receives signals itself.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfNeeded, root } from './build-if-needed.mjs';

buildIfNeeded();
const main = join(root, 'server', 'dist', 'app', 'main.js');
process.argv[1] = main;
// Not awaited: a module that waits at its top level must not block this one, and its errors end the process anyway.
import(pathToFileURL(main).href);
