// Finds programs on this machine.
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** The default search path of a machine without PATH. */
const usualFolders = '/usr/local/bin:/usr/bin:/bin';

/** Whether this is an absolute path to an executable file. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isAbsolute(path) && statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The first program of this name in the folders of PATH; relative folders are skipped. */
export const findProgram = (name: string, folders: string | undefined): string | undefined =>
  (folders ?? usualFolders)
    .split(':')
    .filter(isAbsolute)
    .map(folder => join(folder, name))
    .find(isProgram);
