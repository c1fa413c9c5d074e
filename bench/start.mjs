// `npm run bench`: builds changed files, then measures the built program (main.ts).
import { register } from 'node:module';
import { buildIfNeeded } from '../scripts/build-if-needed.mjs';

buildIfNeeded();
register('../tests/faults/load-typescript.mjs', import.meta.url);
import('./main.ts');
