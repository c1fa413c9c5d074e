// The data folder. Only one Recado uses it at a time, guarded by a lock that is valid only while its process lives.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, utimesSync } from 'node:fs';
import { chmod, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { processPlace, processStat } from '../../kit/os/process-mark.ts';
import { StartError } from '../../kit/start-error.ts';

/** The locked data folder. */
export interface DataDir {
  /** The folder's absolute path. */
  readonly path: string;
  /** Whether we still hold the lock. Another Recado takes it over after a long silence. */
  isOurs(): boolean;
  /** Resolves with a sentence when we find that we lost the lock; otherwise never. Write nothing after that. */
  readonly lost: Promise<DataDirLost>;
  /** Releases the lock if we still hold it. */
  close(): Promise<void>;
}

/** The content of a lock file, as JSON; `nonce` makes every lock unique. */
interface Lock {
  pid: number;
  started: string;
  host: string;
  nonce: string;
}

/** Another Recado holds the folder. */
export class DataDirInUse extends StartError {
  override name = 'DataDirInUse';
}

/** Another Recado has taken over the folder. */
export class DataDirLost extends StartError {
  override name = 'DataDirLost';
}

const lockName = 'recado.lock';
const heartbeat = 1_000;
/** Replaces the start time of a live process that we may not inspect. */
const hidden = 'hidden';

/**
 * Creates the folder if it is missing, and locks it for this process. Takes over the lock of a dead process.
 * `patience` applies to locks of another machine or container, whose processes we cannot see: such a lock counts as
 * dead after that many milliseconds of silence.
 * @throws StartError if another Recado holds the folder, or it cannot be used
 */
export async function openDataDir(path: string, { patience = 15_000 } = {}): Promise<DataDir> {
  const folder = resolve(path);
  const file = join(folder, lockName);
  let text: string;
  try {
    await createFolder(folder);
    text = await takeLock(folder, lockName, patience);
    await sweep(folder);
  } catch (error) {
    throw asStartError(error, folder);
  }
  let tellLost: (error: DataDirLost) => void = () => {};
  const lost = new Promise<DataDirLost>(resolve => {
    tellLost = resolve;
  });
  // Synchronous: in the thread pool, other work could delay a heartbeat for too long.
  const beat = setInterval(() => {
    if (isOurs()) touch(file);
  }, heartbeat).unref();
  function isOurs(): boolean {
    if (isIn(file, text)) return true;
    clearInterval(beat);
    tellLost(
      new DataDirLost(
        `This Recado lost the data folder ${folder}: another one took it over after a missed heartbeat, or ${lockName} was removed. It stops at once, with its PostgreSQL. Restart it when no other Recado uses the folder.`,
      ),
    );
    return false;
  }
  return {
    path: folder,
    isOurs,
    lost,
    async close() {
      clearInterval(beat);
      if ((await readIfThere(file)) === text) await rm(file, { force: true });
    },
  };
}

/** Whether the lock file has this text. */
function isIn(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch (error) {
    // A disk that does not respond proves nothing about the owner.
    return errorCode(error) !== 'ENOENT';
  }
}

function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // The next heartbeat follows in a second.
  }
}

async function createFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  // As root, the database server runs as another user, who must be able to enter; the umask must not prevent it.
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  let step = dirname(first);
  for (const name of relative(step, folder).split(sep)) {
    step = join(step, name);
    await chmod(step, mode);
  }
}

/**
 * Takes the lock `name` and returns the text that marks it as ours. Two processes may find the same dead lock. Only
 * the one that holds the claim on exactly that lock may replace it. The claim is a file named by the lock's text, and
 * itself such a lock. So nobody replaces a lock that became alive meanwhile.
 */
async function takeLock(folder: string, name: string, patience: number): Promise<string> {
  const file = join(folder, name);
  const nonce = randomBytes(8).toString('hex');
  const lock: Lock = { pid: process.pid, started: (await processStart(process.pid)) ?? '', host: hostname(), nonce };
  const text = `${JSON.stringify(lock)}\n`;
  const draft = join(folder, `${lockName}.${nonce}.draft`);
  await writeSynced(draft, text);
  try {
    for (;;) {
      if (await linkIfFree(draft, file)) return text;
      const found = await readIfThere(file);
      if (found === undefined) continue;
      const holder = parseLock(found);
      if (holder !== undefined && (await isHeld(holder, file, patience))) throw inUse(folder, holder);
      const claim = `${lockName}.${createHash('sha256').update(found).digest('hex').slice(0, 16)}`;
      await takeLock(folder, claim, patience);
      try {
        if ((await readIfThere(file)) === found) {
          await rename(draft, file);
          return text;
        }
      } finally {
        await rm(join(folder, claim), { force: true });
      }
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whether the process that wrote this lock is alive. */
async function isHeld(lock: Lock, file: string, patience: number): Promise<boolean> {
  if (lock.host === hostname() && lock.started.startsWith(processPlace())) {
    const started = await processStart(lock.pid);
    return started === lock.started || started === hidden;
  }
  // A process of another machine, boot or container is invisible from here: wait for its heartbeat instead.
  const before = await modified(file);
  for (let waited = 0; waited < patience; waited += 100) {
    await delay(100);
    const now = await modified(file);
    if (now !== before) return now !== 0;
  }
  return false;
}

/**
 * The start time of a process, in a form that differs for each process that ever has this id; undefined if it is
 * dead.
 */
async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    const ps = await promisify(execFile)('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    }).catch(() => undefined);
    const [, state, started] = /^\s*(\S+)\s+(.+?)\s*$/.exec(ps?.stdout ?? '') ?? [];
    return state?.startsWith('Z') ? undefined : started;
  }
  const stat = processStat(pid);
  if (!stat) return isAlive(pid) ? hidden : undefined;
  return stat.state === 'Z' || stat.state === 'X' ? undefined : `${processPlace()}${stat.start}`;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/** Parses a lock; undefined for an incomplete or foreign text, which locks nothing. */
function parseLock(text: string): Lock | undefined {
  try {
    const { pid, started, host, nonce = '' } = JSON.parse(text) as Partial<Lock>;
    const complete = typeof started === 'string' && typeof host === 'string';
    return complete && Number.isInteger(pid) && Number(pid) > 0
      ? { pid: Number(pid), started, host, nonce }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Removes files of processes that died while taking the lock. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (name.startsWith(`${lockName}.`) && (await modified(file)) < Date.now() - 60_000)
      await rm(file, { force: true });
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o644);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function modified(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
}

function inUse(folder: string, { pid, host }: Lock): DataDirInUse {
  const where = host === hostname() ? '' : ` on ${host}`;
  return new DataDirInUse(
    `The data folder ${folder} is in use by another Recado (process ${pid}${where}): stop that one first, or choose another folder with DATA_DIR.`,
  );
}

function asStartError(error: unknown, folder: string): unknown {
  switch (errorCode(error)) {
    case 'EEXIST':
    case 'ENOTDIR':
      return new StartError(`The data folder ${folder} is not a folder: move that file away, or set DATA_DIR.`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StartError(
        `Recado cannot write to the data folder ${folder}: make it writable for the user who starts Recado, or choose another with DATA_DIR.`,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new StartError(
        `The disk of the data folder ${folder} is full: free some space, or choose another with DATA_DIR.`,
      );
    default:
      return error;
  }
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
