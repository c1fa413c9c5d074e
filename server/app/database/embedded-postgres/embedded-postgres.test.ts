// The embedded database with the real server: what it creates, what it survives, and how it reports failures.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, type Mock, test, vi } from 'vitest';
import { StartError } from '../../../kit/start-error.ts';
import { DataDirLost, openDataDir } from '../../config/data-dir.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './index.ts';
import { type KeptPostgres, keepPostgresRunning } from './keep-running.ts';
import { findPrograms } from './programs.ts';
import { chooseUser } from './server-user.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const isRoot = process.getuid?.() === 0;
let base: string;
let log: Record<'info' | 'warn', Mock<(message: string) => void>>;
let servers: EmbeddedPostgres[];
let child: ChildProcess | undefined;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'recado-postgres-'));
  await chmod(base, 0o711);
  log = { info: vi.fn(), warn: vi.fn() };
  servers = [];
});

/** Where the cluster is that `placeCluster` copies. */
let source: string | undefined;

afterAll(async () => {
  if (source) await rm(source, { recursive: true, force: true });
});

/** Puts a cluster into `base` that an earlier start has made: a copy takes a hundredth of the time. */
async function placeCluster(): Promise<void> {
  if (source === undefined) {
    source = await mkdtemp(join(tmpdir(), 'recado-postgres-'));
    await chmod(source, 0o711);
    await (await startEmbeddedPostgres({ dataDir: source, log })).stop();
  }
  await promisify(execFile)('cp', ['-a', join(source, 'postgres'), base]);
}

afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await Promise.all(servers.map(server => server.stop()));
  await rm(base, { recursive: true, force: true });
});

async function start(dataDir = base): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log });
  servers.push(server);
  return server;
}

async function query(server: EmbeddedPostgres, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: server.url() });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function remember(server: EmbeddedPostgres): Promise<void> {
  await query(server, 'CREATE TABLE kept (word text)');
  await query(server, "INSERT INTO kept VALUES ('coração')");
}

const kept = (server: EmbeddedPostgres) => query(server, 'SELECT word FROM kept');
const mainProcess = async (dataDir = base) =>
  Number.parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);

/** Another program that lives until we kill it. */
async function startOther(): Promise<ChildProcess> {
  const other = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)']);
  child = other;
  await once(other.stdout, 'data');
  return other;
}

describe('the first start', () => {
  test('makes a database that is private, durable and speaks UTF-8', async () => {
    const server = await start();
    expect(server.version).toMatch(/^18\./);
    expect(server.connection).toMatchObject({
      host: join(base, 'postgres-socket'),
      user: 'recado',
      database: 'recado',
    });
    const [facts] = await query(
      server,
      `SELECT current_database() AS name, current_user AS role, upper('ção') AS letters,
        current_setting('listen_addresses') AS network, current_setting('fsync') AS fsync,
        current_setting('data_checksums') AS checksums, current_setting('TimeZone') AS zone`,
    );
    expect(facts).toEqual({
      name: 'recado',
      role: 'recado',
      letters: 'ÇÃO',
      network: '',
      fsync: 'on',
      checksums: 'on',
      zone: 'UTC',
    });
    expect((await stat(server.connection.host)).mode & 0o777).toBe(0o700);
    expect((await stat(join(base, 'postgres'))).mode & 0o777).toBe(0o700);
    const access = isRoot ? 'local all all peer map=recado\n' : 'local all all trust\n';
    await expect(readFile(join(base, 'postgres', 'pg_hba.conf'), 'utf8')).resolves.toBe(access);
  });

  test.runIf(isRoot)('as root lets nobody in as the user of the server, who may run other programs too', async () => {
    const server = await start();
    const { uid, gid } = await stat(join(base, 'postgres'));
    expect(uid).not.toBe(0);
    const asking = `const { Client } = (await import(${JSON.stringify(import.meta.resolve('pg'))})).default;
      const client = new Client(${JSON.stringify(server.connection)});
      await client.connect().then(() => console.log('in'), error => console.log(error.code));
      process.exit(0);`;
    const words = ['--input-type=module', '-e', asking];
    const asked = await promisify(execFile)(process.execPath, words, { uid, gid, cwd: '/' });
    expect(asked.stdout.trim()).toBe('28000');
    expect(await query(server, 'SELECT current_user AS name')).toEqual([{ name: 'recado' }]);
    // A folder whose server ran as its own user before.
    await server.stop();
    const access = join(base, 'postgres', 'pg_hba.conf');
    await writeFile(access, 'local all all trust\n');
    await start();
    await expect(readFile(access, 'utf8')).resolves.toBe('local all all peer map=recado\n');
  });

  test('does not write again who may connect: on a full disk that would leave an empty file', async () => {
    const files = ['pg_hba.conf', 'pg_ident.conf'].map(name => join(base, 'postgres', name));
    const written = () => Promise.all(files.map(async file => (await stat(file, { bigint: true })).mtimeNs));
    await (await start()).stop();
    const before = await written();
    await start();
    expect(await written()).toEqual(before);
  });

  test('leaves nothing of one that was killed while it made the database', async () => {
    const half = join(base, 'postgres-new-0123456789ab');
    await mkdir(half);
    await writeFile(join(half, 'PG_VERSION'), '18\n');
    await start();
    expect((await readdir(base)).filter(name => name.startsWith('postgres-new-'))).toEqual([]);
  });

  test('uses a socket elsewhere where the path of the data folder is too long for one', async () => {
    const long = join(base, 'x'.repeat(100));
    await mkdir(long);
    const server = await start(long);
    const { host } = server.connection;
    expect(host.startsWith(long)).toBe(false);
    expect((await stat(host)).mode & 0o777).toBe(0o700);
    expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    await expect(stat(host)).rejects.toThrow('ENOENT');
  });
});

describe('programs that the user of the server may not reach', () => {
  test.runIf(isRoot)('are copied for this machine, and once more where the copy is broken', async () => {
    const user = await chooseUser(join(base, 'postgres'));
    const found = await findPrograms(base, user);
    const closed = join(base, 'closed');
    await cp(join(dirname(found.postgres), '../..'), closed, { recursive: true, verbatimSymlinks: true });
    await chmod(closed, 0o700);
    const copied = await findPrograms(base, user, join(closed, 'native'));
    expect(dirname(dirname(copied.postgres))).toMatch(new RegExp(`postgres-bin-.*-${process.arch}$`));
    expect(await findPrograms(base, user, join(closed, 'native'))).toEqual(copied);
    await truncate(copied.postgres, 1_000);
    expect(await findPrograms(base, user, join(closed, 'native'))).toEqual({ ...copied, version: found.version });
    expect((await stat(copied.postgres)).size).toBe((await stat(found.postgres)).size);
    expect((await readdir(base)).filter(name => name.startsWith('postgres-'))).toHaveLength(1);
  });
});

describe('a later start', () => {
  beforeEach(placeCluster);

  test('finds what was written before a stop, and stopping twice is no mistake', async () => {
    const first = await start();
    await remember(first);
    await Promise.all([first.stop(), first.stop()]);
    expect(await kept(await start())).toEqual([{ word: 'coração' }]);
  });

  test('stops the server of a killed Recado, whose lock is dead, and keeps the data', async () => {
    const other = await startOther();
    const lock = await openDataDir(base);
    const killed = await start();
    await remember(killed);
    // Rewrite the lock as that of a Recado that is killed next; its server stays behind.
    const own = JSON.parse(await readFile(join(base, 'recado.lock'), 'utf8'));
    await lock.close();
    await writeFile(join(base, 'recado.lock'), JSON.stringify({ ...own, pid: other.pid }));
    other.kill('SIGKILL');
    await once(other, 'exit');
    const again = await openDataDir(base);
    const server = await start();
    expect(await kept(server)).toEqual([{ word: 'coração' }]);
    expect(log.warn).toHaveBeenCalledWith(expect.stringContaining('leftover'));
    expect(log.info).toHaveBeenCalledWith(expect.stringMatching(/^The leftover PostgreSQL has stopped \([\d.]+ s\)$/));
    expect(log.info).toHaveBeenCalledWith(expect.stringMatching(/^PostgreSQL is ready \([\d.]+ s\)$/));
    await expect(killed.exited).resolves.toContain('ended unexpectedly');
    await again.close();
  });

  test.runIf(isRoot && process.platform === 'linux')(
    'stops the server of a killed Recado where the folders of processes are hidden, as in a container',
    async () => {
      const killed = await start();
      await remember(killed);
      const again = `
        import { register } from 'node:module';
        register(${JSON.stringify(new URL('../../../../tests/faults/load-typescript.mjs', import.meta.url).href)});
        const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
        const log = { info() {}, warn: console.log };
        await (await startEmbeddedPostgres({ dataDir: ${JSON.stringify(base)}, log })).stop();`;
      const node = [process.execPath, '--conditions=recado-source', '--input-type=module', '-e', again];
      const { stdout } = await promisify(execFile)('setpriv', ['--bounding-set=-sys_ptrace', ...node]);
      expect(stdout).toContain('leftover');
      await expect(killed.exited).resolves.toContain('exit code 0');
      expect(await kept(await start())).toEqual([{ word: 'coração' }]);
    },
  );

  test('recovers what was committed when the server itself was killed', async () => {
    const killed = await start();
    await remember(killed);
    process.kill(await mainProcess(), 'SIGKILL');
    await expect(killed.exited).resolves.toContain('SIGKILL');
    expect(await kept(await start())).toEqual([{ word: 'coração' }]);
  });

  test('ends the orphans of a killed server that are busy', async () => {
    const killed = await start();
    await remember(killed);
    const busy = new Client(killed.connection);
    busy.on('error', () => {});
    await busy.connect();
    // While it sorts without a pause, this process does not check whether its parent lives.
    const sorting = busy.query('SELECT count(*) FROM generate_series(1, 2000000000) AS a').catch(() => {});
    await vi.waitUntil(
      async () => (await query(killed, "SELECT FROM pg_stat_activity WHERE query LIKE '%2000000000%'")).length > 1,
      30_000,
    );
    process.kill(await mainProcess(), 'SIGKILL');
    await killed.exited;
    expect(await kept(await start())).toEqual([{ word: 'coração' }]);
    await sorting;
  });

  test("is not misled by a dead server's file that names another program", async () => {
    const first = await start();
    await remember(first);
    await first.stop();
    const other = await startOther();
    await writeFile(join(base, 'postgres', 'postmaster.pid'), `${other.pid}\n${join(base, 'postgres')}\n1\n5432\n`);
    expect(await kept(await start())).toEqual([{ word: 'coração' }]);
    expect(other.exitCode ?? other.signalCode).toBeNull();
  });
});

describe('a server that is kept running', () => {
  let kept: KeptPostgres | undefined;
  /** A lock that nobody takes. */
  const free = { isOurs: () => true, lost: new Promise<never>(() => {}) };
  beforeEach(placeCluster);
  afterEach(async () => {
    await kept?.stop();
    kept = undefined;
  });

  async function answers({ connection }: KeptPostgres): Promise<boolean> {
    const client = new Client(connection);
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('SELECT');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  }

  test('is started again at the same place when it is killed', async () => {
    const running = await keepPostgresRunning({ dataDir: base, log, isFull: () => false, lock: free });
    kept = running;
    for (let times = 0; times < 2; times++) {
      const killed = await mainProcess();
      process.kill(killed, 'SIGKILL');
      await vi.waitUntil(async () => (await mainProcess().catch(() => killed)) !== killed && answers(running), 30_000);
    }
    expect(log.warn).toHaveBeenCalledWith(expect.stringMatching(/ended unexpectedly.*Recado restarts it\.$/));
  });

  test('waits on a full disk until there is room, and stops while it waits', async () => {
    let full = false;
    const running = await keepPostgresRunning({ dataDir: base, log, isFull: () => full, lock: free });
    kept = running;
    const settings = join(base, 'postgres', 'pg_hba.conf');
    const good = await readFile(settings, 'utf8');
    const waits = () =>
      vi.waitUntil(() => log.warn.mock.calls.some(([line]) => /when its disk has space/.test(line)), 30_000);
    const breakIt = async () => {
      log.warn.mockClear();
      full = true;
      await writeFile(settings, 'nonsense\n');
      process.kill(await mainProcess(), 'SIGKILL');
      await waits();
    };
    await breakIt();
    await writeFile(settings, good);
    full = false;
    await vi.waitUntil(() => answers(running), 30_000);
    await breakIt();
    await running.stop();
    expect(await answers(running)).toBe(false);
  });

  test('is waited for while it repairs its data, until the start is told to stop', async () => {
    const first = await start();
    const { connection } = first;
    await first.stop();
    // A standby that waits for more WAL reports the same, and never ends.
    await writeFile(join(base, 'postgres', 'standby.signal'), '');
    await appendFile(join(base, 'postgres', 'postgresql.auto.conf'), 'hot_standby = off\n');
    const stopping = new AbortController();
    const began = keepPostgresRunning({ dataDir: base, log, isFull: () => false, lock: free, stop: stopping.signal });
    const stopped = expect(began).rejects.toThrow('told to stop');
    await vi.waitUntil(async () => {
      const client = new Client(connection);
      const error = await client.connect().catch(reason => reason);
      return error?.code === '57P03';
    }, 30_000);
    stopping.abort(new Error('told to stop'));
    await stopped;
    expect(await readdir(join(base, 'postgres'))).not.toContain('postmaster.pid');
  });

  test('is given up with a sentence where it cannot be started and the disk is not full', async () => {
    const running = await keepPostgresRunning({
      ...{ dataDir: base, log, isFull: () => false, lock: free },
      firstPauseMs: 50,
    });
    kept = running;
    await writeFile(join(base, 'postgres', 'pg_hba.conf'), 'nonsense\n');
    process.kill(await mainProcess(), 'SIGKILL');
    expect(await running.broken).toMatch(/^PostgreSQL did not start: could not load .*pg_hba.conf \(see .*log\)\.$/);
  });
});

describe('a server whose data folder another Recado took over', () => {
  beforeEach(placeCluster);

  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  test('is killed with all its processes, and the files of the other are let alone', async () => {
    const lock = await openDataDir(base);
    const running = await keepPostgresRunning({ dataDir: base, log, isFull: () => false, lock });
    const pidFile = await readFile(join(base, 'postgres', 'postmaster.pid'), 'utf8');
    const main = await mainProcess();
    const client = new Client(running.connection);
    client.on('error', () => {});
    await client.connect();
    const [session] = (await client.query('SELECT pg_backend_pid() AS pid')).rows;
    await writeFile(join(base, 'recado.lock'), JSON.stringify({ pid: 1, started: 'x', host: 'elsewhere' }));
    expect(await running.broken).toContain('This Recado lost the data folder');
    await vi.waitUntil(() => !isAlive(main) && !isAlive(session.pid), 30_000);
    await running.stop();
    expect(await readFile(join(base, 'postgres', 'postmaster.pid'), 'utf8')).toBe(pidFile);
    expect(log.warn).not.toHaveBeenCalledWith(expect.stringContaining('restarts it'));
  });

  test('is not started again where the other ended it', async () => {
    let tell: (error: DataDirLost) => void = () => {};
    const lost = new Promise<DataDirLost>(resolve => {
      tell = resolve;
    });
    const isOurs = () => {
      tell(new DataDirLost('another has it'));
      return false;
    };
    const running = await keepPostgresRunning({ dataDir: base, log, isFull: () => false, lock: { isOurs, lost } });
    process.kill(await mainProcess(), 'SIGKILL');
    expect(await running.broken).toBe('another has it');
    await running.stop();
    expect(log.info).not.toHaveBeenCalledWith('PostgreSQL runs again');
  });
});

describe('a sentence is what the operator gets', () => {
  const refusal = async (dataDir = base): Promise<StartError> => {
    const error = await start(dataDir).catch(reason => reason);
    expect(error).toBeInstanceOf(StartError);
    return error;
  };

  test('for a database of another version', async () => {
    await placeCluster();
    await writeFile(join(base, 'postgres', 'PG_VERSION'), '17\n');
    expect((await refusal()).message).toMatch(/was made by PostgreSQL 17, but this Recado includes PostgreSQL 18: /);
  });

  test('for a folder that is no database', async () => {
    await mkdir(join(base, 'postgres'));
    await writeFile(join(base, 'postgres', 'notes.txt'), '');
    expect((await refusal()).message).toMatch(/is not a PostgreSQL database/);
  });

  test('for settings that the server refuses, with its own words', async () => {
    await placeCluster();
    await writeFile(join(base, 'postgres', 'pg_hba.conf'), 'nonsense\n');
    expect((await refusal()).message).toMatch(
      /^PostgreSQL did not start: could not load .*pg_hba.conf \(see .*log\)\.$/,
    );
  });

  test.runIf(isRoot)('for a folder that the user of the server may not enter', async () => {
    const closed = join(base, 'closed');
    await mkdir(join(closed, 'data'), { recursive: true });
    await chmod(closed, 0o700);
    expect((await refusal(join(closed, 'data'))).message).toContain(`cannot enter ${closed}: choose a data folder`);
  });
});
