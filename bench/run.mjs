// `node bench/run.mjs <file.ts> <settings as JSON>`: runs a TypeScript file of this folder as its own process.
import { register } from 'node:module';

register('../tests/faults/load-typescript.mjs', import.meta.url);
import(new URL(process.argv[2], import.meta.url).href);
