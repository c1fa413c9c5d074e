// Finds the server package's folder, built or not.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function find(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'migrations'))) {
    if (folder === dirname(folder)) throw new Error('the folder migrations was not found');
    folder = dirname(folder);
  }
  return folder;
}

/** The server package's folder, which contains `migrations`. */
export const packageRoot = find();
