// The database cluster: created as a whole at the first start, checked at every later one.
import { chown, lstat, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../../kit/os/fsync-folder.ts';
import { StartError } from '../../../kit/start-error.ts';
import { makeDraft } from './drafts.ts';
import { meaningfulLine } from './log-file.ts';
import { type EmbeddedPostgresLog, type Programs, role } from './plan.ts';
import { run, type ServerUser } from './run-as.ts';

/** Files that exist only where a server has already run. */
const traces = ['postgres.log', 'calls.journal'];

/**
 * Whether this data folder has a database, or something else in its place.
 * @throws StartError if its database is gone: the disk may not be mounted
 */
export async function hasCluster(dataDir: string): Promise<boolean> {
  const cluster = join(dataDir, 'postgres');
  const names = await readdir(cluster).catch((error: NodeJS.ErrnoException) =>
    // Something that we may not inspect does exist.
    error.code === 'ENOENT' ? [] : [error.code],
  );
  if (names.length > 0) return true;
  for (const name of traces)
    if ((await lstat(join(dataDir, name)).catch(() => undefined)) !== undefined)
      throw new StartError(
        `There is no database in ${cluster}, but ${join(dataDir, name)} shows that there was one: mount or restore it. To start with an empty database instead, remove ${traces.join(' and ')} there.`,
      );
  return false;
}

export async function prepareCluster(
  cluster: string,
  programs: Programs,
  user: ServerUser,
  log: EmbeddedPostgresLog,
): Promise<void> {
  // An empty folder that someone created is no obstacle.
  if (!(await hasCluster(dirname(cluster)))) await rmdir(cluster).catch(() => {});
  if ((await lstat(cluster).catch(() => undefined)) === undefined) {
    log.info(`Creating the database in ${cluster}`);
    await createCluster(cluster, programs, user);
    return;
  }
  const made = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  const major = programs.version.split('.')[0];
  if (made === '') {
    throw new StartError(`${cluster} is not a PostgreSQL database: move it away, or choose another DATA_DIR.`);
  }
  if (made !== major) {
    throw new StartError(
      `The database in ${cluster} was made by PostgreSQL ${made}, but this Recado includes PostgreSQL ${major}: start the Recado that made it, or run a PostgreSQL ${made} on that folder and set DATABASE_URL.`,
    );
  }
  await renewAccess(cluster, user);
}

const trust = 'local all all trust\n';
const peer = 'local all all peer map=recado\n';

/**
 * Writes who may connect. Only our user and root can enter the folder of the socket. As root, the server runs as
 * another user, and other programs may run as that one too: then only root may connect.
 */
async function writeAccess(cluster: string, user: ServerUser): Promise<void> {
  const isOther = process.geteuid?.() !== user.uid;
  const files = {
    'pg_ident.conf': isOther ? `recado ${userInfo().username} all\n` : '',
    'pg_hba.conf': isOther ? peer : trust,
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(cluster, name);
    if ((await readFile(path, 'utf8').catch(() => undefined)) === text) continue;
    // A full disk must not leave an empty file: with it, PostgreSQL would reject us for ever.
    const draft = `${path}.draft`;
    await writeFile(draft, text, { mode: 0o600 });
    await chown(draft, user.uid, user.gid);
    await rename(draft, path);
  }
}

/** Renews who may connect, for a folder that root started once. What the operator wrote there stays. */
async function renewAccess(cluster: string, user: ServerUser): Promise<void> {
  const found = await readFile(join(cluster, 'pg_hba.conf'), 'utf8').catch(() => undefined);
  if (found === trust || found === peer) await writeAccess(cluster, user);
}

async function createCluster(cluster: string, programs: Programs, user: ServerUser): Promise<void> {
  const dataDir = dirname(cluster);
  const draft = await makeDraft(dataDir);
  await chown(draft, user.uid, user.gid);
  const options = ['--username', role, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-instructions'];
  const provider = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  let output = '';
  // Text search and trigrams classify letters by LC_CTYPE with every provider. Systems name their UTF-8 locales
  // differently.
  for (const ctype of ['C.UTF-8', 'en_US.UTF-8', 'C']) {
    const args = ['-D', draft, ...options, ...provider, `--lc-ctype=${ctype}`];
    const made = await run(programs.initdb, args, user);
    if (made.code === 0) {
      await writeAccess(draft, user);
      await rename(draft, cluster);
      await syncFolder(dataDir);
      return;
    }
    output = made.output;
    if (!/invalid locale/.test(output)) break;
  }
  await rm(draft, { recursive: true, force: true });
  throw new StartError(
    `PostgreSQL could not create its database in ${cluster}: ${meaningfulLine(output) ?? 'it was stopped'}.`,
  );
}
