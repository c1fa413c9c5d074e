// The folder of the socket. Every user who can enter it has access to the database.
import { createHash } from 'node:crypto';
import { chown, lstat, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '../../../kit/start-error.ts';
import { port } from './plan.ts';
import { mayEnter, type ServerUser } from './run-as.ts';

/**
 * Prepares the folder of the socket. Only the server's user and root may enter, because the server trusts all
 * connections.
 */
export async function prepareSocketDir(dataDir: string, user: ServerUser): Promise<string> {
  const socket = `.s.PGSQL.${port}`;
  // A socket path may have 103 bytes on some systems, 107 on others.
  const fits = (folder: string) => Buffer.byteLength(join(folder, socket)) <= 100;
  const beside = join(dataDir, 'postgres-socket');
  // Every server of this data folder is gone: stale files would only delay the next one.
  await rm(beside, { recursive: true, force: true });
  if (fits(beside)) {
    await makePrivate(beside, user);
    return beside;
  }
  const name = `recado-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  for (const place of [join(tmpdir(), name), join('/tmp', name)].filter(fits)) {
    await makePrivate(place, user).catch(() => {});
    // Anyone could have created this folder: require a real folder, owned by the user and closed to others.
    const found = await lstat(place).catch(() => undefined);
    if (!found?.isDirectory() || found.uid !== user.uid || (found.mode & 0o777) !== 0o700) continue;
    if (!(await mayEnter(place, user))) continue;
    for (const file of [socket, `${socket}.lock`]) await rm(join(place, file), { force: true });
    return place;
  }
  throw new StartError(
    `The name of the data folder ${dataDir} is too long for PostgreSQL's socket, and ${join(tmpdir(), name)} cannot be used instead: choose a shorter DATA_DIR.`,
  );
}

async function makePrivate(folder: string, user: ServerUser): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  await chown(folder, user.uid, user.gid);
}
