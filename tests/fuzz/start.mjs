// `npm run fuzz`: runs the fuzzer's sources directly; builds the program itself if needed.
import { register } from 'node:module';

register('../faults/load-typescript.mjs', import.meta.url);
await import('./main.ts');
