// Builds changed files, then plays faults against the real program: tests/faults/main.ts has the options.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { buildIfNeeded, root } from './build-if-needed.mjs';

buildIfNeeded();
const folder = pathToFileURL(`${root}/tests/faults/`);
register(new URL('load-typescript.mjs', folder));
await import(new URL('main.ts', folder).href);
