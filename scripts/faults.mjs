// `npm run faults`: builds what changed, then plays a schedule of faults on the built program (tests/faults/main.ts).
import { register } from 'node:module';
import { buildIfNeeded } from './build-if-needed.mjs';

buildIfNeeded();
register('../tests/faults/load-typescript.mjs', import.meta.url);
import('../tests/faults/main.ts');
