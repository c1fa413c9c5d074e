// A database cluster with our tables: made once in a process, and copied for each program that needs one of its own.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '../../server/app/database/embedded-postgres/index.ts';
import { migrate } from '../../server/kit/db/migrate.ts';
import { packageRoot } from '../../server/kit/os/package-root.ts';

/** What vitest keeps of a worker; `onCleanup` is called when the worker ends, by a signal. Other runs have none. */
declare const __vitest_worker__: { onCleanup(listener: () => Promise<void>): void } | undefined;

let made: Promise<string> | undefined;

/** Makes a data folder with a cluster, whose database has our tables and no row, and with a secret key of its own. */
export async function placeCluster(dataDir: string): Promise<void> {
  made ??= makeCluster();
  const source = await made;
  await mkdir(dataDir, { recursive: true });
  // As root, the database's user must be able to enter.
  await chmod(dataDir, 0o711);
  await promisify(execFile)('cp', ['-a', join(source, 'postgres'), dataDir]);
  await writeFile(join(dataDir, 'secret-key'), `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
}

async function makeCluster(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'recado-cluster-'));
  if (typeof __vitest_worker__ === 'undefined')
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  else __vitest_worker__.onCleanup(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: { info: () => {}, warn: () => {} } });
  await migrate(postgres.connection, join(packageRoot, 'migrations'));
  await postgres.stop();
  return folder;
}
