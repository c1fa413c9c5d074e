// Paths of backups: file names, and system errors as sentences.
import { access, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileNameAt, timeOfName } from '../features/backups/index.ts';
import { CommandError } from './command-error.ts';

/** @throws CommandError if the file already exists */
export async function rejectExisting(path: string): Promise<void> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there) throw new CommandError(`${path} already exists: choose another name, or delete it.`);
}

/**
 * The path to write: the given file, or a file named by the time in the given folder.
 * @throws CommandError if the path looks like a folder but is not one, if the file exists, or if the folder does not
 */
export async function targetOf(given: string, now: Date): Promise<string> {
  const found = await stat(given).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw asCommandError(error, given);
  });
  if (found?.isDirectory()) return join(given, fileNameAt(now));
  if (!found && !given.endsWith('.gz'))
    throw new CommandError(`The folder ${given} does not exist: create it, or name a file ending in .gz.`);
  // Check first: counting may take minutes.
  await rejectExisting(given);
  await stat(dirname(given)).catch(error => {
    throw asCommandError(error, given);
  });
  return given;
}

/** The backup to read: the given file, or the newest in the given folder. */
export async function sourceOf(given: string): Promise<string> {
  const found = await stat(given).catch(() => undefined);
  if (!found?.isDirectory()) return given;
  const names = await readdir(given).catch(error => {
    throw asCommandError(error, given);
  });
  const newest = names
    .filter(name => timeOfName(name) !== undefined)
    .sort()
    .at(-1);
  if (newest === undefined) throw new CommandError(`There is no backup in ${given}: name a file, or another folder.`);
  return join(given, newest);
}

/** Translates a system error for the operator who named this path; other errors pass through. */
export function asCommandError(error: unknown, path: string): unknown {
  switch (error instanceof Error && 'code' in error && 'syscall' in error ? error.code : undefined) {
    case 'ENOENT':
      return new CommandError(`${path} does not exist: check the name and its folder.`);
    case 'ENOTDIR':
      return new CommandError(`${dirname(path)} is not a folder: choose another place for the backup.`);
    case 'EISDIR':
      return new CommandError(`${path} is a folder: name a file.`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new CommandError(`${path} cannot be opened: permission denied for it or its folder.`);
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new CommandError(
        `There is no space for ${path}: free some space or choose another place. This backup was deleted.`,
      );
    default:
      return error;
  }
}
