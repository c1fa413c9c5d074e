// `npm run limits`: builds changed files, then plays the load on the built program (main.ts).
import { register } from 'node:module';
import { buildIfNeeded } from '../../scripts/build-if-needed.mjs';

buildIfNeeded();
register('../faults/load-typescript.mjs', import.meta.url);
import('./main.ts');
