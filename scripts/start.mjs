// `npm start`: builds what changed, then becomes the server, so that signals reach the server itself.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfNeeded, root } from './build-if-needed.mjs';

buildIfNeeded();
const main = join(root, 'server', 'dist', 'app', 'main.js');
process.argv[1] = main;
// Not awaited: a module that waits at its top level must not hold this one, and its errors end the process by themselves.
import(pathToFileURL(main).href);
