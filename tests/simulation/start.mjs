// `npm run simulate`: plays the sources as they are; nothing needs to be built.
import { register } from 'node:module';

register('../faults/load-typescript.mjs', import.meta.url);
await import('./main.ts');
