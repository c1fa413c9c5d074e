// The places of backups: what a file is called, and what the system says of it in a sentence.
import { access, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError } from './command-error.ts';

/** @throws CommandError where there is such a file already */
export async function refuseExisting(path: string): Promise<void> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there) throw new CommandError(`${path} exists already: choose another name, or remove it.`);
}

/** Where a backup goes: the file that was named, or one named after the moment in the folder that was named. */
export async function targetOf(given: string, now: Date): Promise<string> {
  const isFolder = await stat(given).then(
    found => found.isDirectory(),
    () => false,
  );
  const moment = now.toISOString().replace(/\.\d+|[-:]/g, '');
  return isFolder ? join(given, `recado-${moment}.backup.gz`) : given;
}

/** What an error of the system means for who named this path; other errors as they are. */
export function asCommandError(error: unknown, path: string): unknown {
  switch (error instanceof Error && 'code' in error && 'syscall' in error ? error.code : undefined) {
    case 'ENOENT':
      return new CommandError(`There is no ${path}: check the name, and that its folder exists.`);
    case 'ENOTDIR':
      return new CommandError(`${dirname(path)} is not a folder: choose another place for the backup.`);
    case 'EISDIR':
      return new CommandError(`${path} is a folder: name a file.`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new CommandError(`${path} cannot be opened: permission is missing for it or for its folder.`);
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new CommandError(
        `There is no room for ${path}: make room or choose another place. Nothing is left of this backup.`,
      );
    default:
      return error;
  }
}
