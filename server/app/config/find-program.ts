// Where a program of this machine lies.
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** Where programs are looked for on a machine that does not say. */
const usualFolders = '/usr/local/bin:/usr/bin:/bin';

/** Whether this is a whole path to a file that may be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isAbsolute(path) && statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The first program of this name in the folders of PATH; relative ones are passed over. */
export const findProgram = (name: string, folders: string | undefined): string | undefined =>
  (folders ?? usualFolders)
    .split(':')
    .filter(isAbsolute)
    .map(folder => join(folder, name))
    .find(isProgram);
