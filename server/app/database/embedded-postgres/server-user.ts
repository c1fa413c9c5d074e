// The user of the server: the data folder's owner, or `postgres` if Recado runs as root.
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../../../kit/start-error.ts';
import { mayEnter, type ServerUser } from './run-as.ts';

export async function chooseUser(cluster: string): Promise<ServerUser> {
  const own = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  const owner = await stat(cluster).catch(() => undefined);
  if (own.uid !== 0) {
    if (owner === undefined || owner.uid === own.uid) return own;
    throw new StartError(
      `The database in ${cluster} belongs to the user with the id ${owner.uid}: start Recado as that user or as root, or change its owner with "chown -R ${own.uid} ${cluster}".`,
    );
  }
  // A folder of an ordinary user keeps its owner when root starts it once.
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const user = (await findUser('postgres')) ?? (await createUser('postgres'));
  if (owner !== undefined) await chownAll(cluster, user);
  return user;
}

async function findUser(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async flag => Number((await promisify(execFile)('id', [flag, name])).stdout)),
    );
    return uid && gid ? { uid, gid } : undefined;
  } catch {
    return undefined;
  }
}

async function createUser(name: string): Promise<ServerUser> {
  const ways = [
    ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/bin/false', name],
    ['adduser', '-S', '-D', '-H', name],
  ];
  for (const [program = '', ...args] of ways) {
    await promisify(execFile)(program, args).catch(() => {});
    const user = await findUser(name);
    if (user !== undefined) return user;
  }
  throw new StartError(
    `PostgreSQL refuses to run as root, and no user named ${name} could be created: create one ("useradd --system ${name}"), start Recado as another user, or set DATABASE_URL.`,
  );
}

async function chownAll(folder: string, user: ServerUser): Promise<void> {
  await promisify(execFile)('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
}

/**
 * Finds the first folder on the path to `dataDir` that the server's user may not enter.
 * @throws StartError that names it
 */
export async function requireEntry(dataDir: string, user: ServerUser): Promise<void> {
  if (await mayEnter(dataDir, user)) return;
  const way = [dataDir];
  for (let step = dataDir; step !== dirname(step); step = dirname(step)) way.unshift(dirname(step));
  for (const step of way) {
    if (await mayEnter(step, user)) continue;
    throw new StartError(
      `PostgreSQL runs as the user with the id ${user.uid}, who cannot enter ${step}: choose a data folder elsewhere with DATA_DIR, or allow it with "chmod o+x ${step}".`,
    );
  }
}
