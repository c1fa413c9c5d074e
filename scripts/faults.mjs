// Builds what is not built, and plays faults on the real program: tests/faults/main.ts says what can be asked for.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { buildIfNeeded, root } from './build-if-needed.mjs';

buildIfNeeded();
const folder = pathToFileURL(`${root}/tests/faults/`);
register(new URL('load-typescript.mjs', folder));
await import(new URL('main.ts', folder).href);
