// SECRET_KEY: from the configuration, or generated at the first start and stored in the data folder.
import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../kit/os/fsync-folder.ts';
import { StartError } from '../../kit/start-error.ts';
import { isWeakSecret } from './weak-secret.ts';

/**
 * The key in the data folder. With `mayMake` it creates a missing key, readable only by its owner.
 * @throws StartError
 */
export async function keptSecretKey(dataDir: string, mayMake: boolean): Promise<string> {
  const path = join(dataDir, 'secret-key');
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StartError(
      `The secret key in ${path} cannot be read (${error.code}): give the file to the user that runs Recado.`,
    );
  });
  if (kept !== undefined) {
    if (kept.trim().length < 32)
      throw new StartError(`The secret key in ${path} is damaged: restore the file from a backup.`);
    if (isWeakSecret(kept))
      throw new StartError(
        `The secret key in ${path} is one that others know: put one there that you made with openssl rand -base64 32.`,
      );
    return kept.trim();
  }
  // A new key next to data encrypted with another one would fail only later.
  if (!mayMake)
    throw new StartError(
      `There is no secret key in ${path}, and the database there was made with one: give the SECRET_KEY that it has, or put the file back from your copy. Only if it is lost for good put a new one there, made with openssl rand -base64 32; what ends with the old one is in docs/guides/operations.md.`,
    );
  const made = randomBytes(32).toString('base64');
  const draft = `${path}.${process.pid}`;
  const file = await open(draft, 'w', 0o600);
  await file.writeFile(`${made}\n`);
  await file.sync();
  await file.close();
  await link(draft, path);
  await rm(draft);
  await syncFolder(dataDir);
  return made;
}
