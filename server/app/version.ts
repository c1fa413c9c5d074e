// The program's version, from its package.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../kit/os/package-root.ts';

export const version: string = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;
