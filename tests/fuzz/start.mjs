// `npm run fuzz`: runs the sources of the fuzzer as they are; the program itself is built if needed.
import { register } from 'node:module';

register('../faults/load-typescript.mjs', import.meta.url);
await import('./main.ts');
