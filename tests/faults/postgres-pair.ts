// A primary and a standby, synchronous or not, from Debian's package, behind a proxy that follows the primary. The run does what
// Patroni does: it notices, promotes the standby, and makes the other server its standby.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, chown, mkdir, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { run, type ServerUser } from '../../server/app/database/embedded-postgres/run-as.ts';
import { chooseUser } from '../../server/app/database/embedded-postgres/server-user.ts';
import { freePort, pause, postmasterOf, sendSignal, until } from './processes.ts';

export interface PostgresPair {
  /** Where programs connect. */
  url: string;
  /** Connects to the present primary, past the proxy. */
  connection(): pg.ClientConfig;
  /** `kill -9` of all processes of the primary; its standby becomes the primary. */
  killPrimary(): Promise<void>;
  /** The primary hangs; its standby becomes the primary, and the former one wakes up beside it. */
  hangPrimary(): Promise<void>;
  /** The primary stops and starts, as for a new setting. */
  restartPrimary(): Promise<void>;
  /** The primary stops in order, and the standby takes its place, as for an upgrade of its machine. */
  promote(): Promise<void>;
  /** The standby gets nothing more; after `ms` the primary is killed, and the standby becomes the primary. */
  loseCommits(ms: number): Promise<void>;
  /** Makes the server that is not the primary its standby. */
  rejoin(): Promise<void>;
  close(): Promise<void>;
}

/** How long the one who promotes takes to believe that the primary is gone, in milliseconds. */
const noticeMs = 1_000;
const hangMs = 3_000;

const settings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
wal_keep_size = '256MB'
tcp_user_timeout = 10000
wal_sender_timeout = '5s'
include_if_exists = 'synchronous.conf'
`;

/** The folder of PostgreSQL's programs, the newest of Debian's. @throws Error if there is none */
function findPrograms(): string {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
  const found = versions
    .sort((a, b) => Number(b) - Number(a))
    .map(version => `/usr/lib/postgresql/${version}/bin`)
    .find(folder => existsSync(join(folder, 'pg_basebackup')) && existsSync(join(folder, 'postgres')));
  if (!found) throw new Error('there is no PostgreSQL in /usr/lib/postgresql: apt-get install postgresql');
  return found;
}

export async function startPostgresPair(folder: string, kind: 'sync' | 'async' = 'sync'): Promise<PostgresPair> {
  const bin = findPrograms();
  const user = await chooseUser(join(folder, 'one'));
  const nodes = await Promise.all(['one', 'two'].map(name => openNode(join(folder, name), bin, user)));
  let [primary, standby] = nodes as [Node, Node];
  await primary.create();
  await primary.start();
  const proxy = await startFollower();

  const connection = () => ({ host: '127.0.0.1', port: primary.port, user: 'recado', database: 'recado' });

  /** Without a standby it does not wait for one. */
  async function setSynchronous(node: Node, names: '' | '*'): Promise<void> {
    await rm(join(node.dir, 'synchronous.conf'), { force: true });
    await appendFile(join(node.dir, 'synchronous.conf'), `synchronous_standby_names = '${names}'\n`);
    await node.control('reload');
  }

  async function rejoin(): Promise<void> {
    await standby.end();
    await standby.copyOf(primary);
    await standby.start();
    if (kind === 'sync') await setSynchronous(primary, '*');
    const client = new pg.Client({ ...connection(), database: 'postgres' });
    await client.connect();
    try {
      await until('the standby follows', 60, async () => {
        const { rows } = await client.query(
          `select 1 from pg_stat_replication where state = 'streaming' and sync_state = $1`,
          [kind],
        );
        return rows.length > 0;
      });
    } finally {
      await client.end();
    }
  }

  async function takeOver(): Promise<void> {
    await setSynchronous(standby, '');
    await standby.control('promote');
    [primary, standby] = [standby, primary];
    proxy.follow(primary.port);
  }

  await rejoin();
  proxy.follow(primary.port);
  return {
    url: `postgresql://recado@127.0.0.1:${proxy.port}/recado`,
    connection,
    async killPrimary() {
      primary.signal('SIGKILL');
      await pause(noticeMs);
      proxy.follow(undefined);
      await takeOver();
    },
    async loseCommits(ms) {
      const client = new pg.Client({ ...connection(), port: standby.port });
      await client.connect();
      await client.query(`alter system set primary_conninfo = ''`);
      await client.query('select pg_reload_conf()');
      await until('the standby gets nothing', 20, async () => {
        const { rows } = await client.query('select pid from pg_stat_wal_receiver');
        return rows.length === 0;
      });
      await client.end();
      await pause(ms);
      primary.signal('SIGKILL');
      proxy.follow(undefined);
      await takeOver();
    },
    async hangPrimary() {
      primary.signal('SIGSTOP');
      await pause(hangMs);
      proxy.follow(undefined);
      await takeOver();
      standby.signal('SIGCONT');
    },
    async restartPrimary() {
      await primary.control('restart');
    },
    async promote() {
      proxy.follow(undefined);
      await primary.control('stop');
      await takeOver();
    },
    rejoin,
    async close() {
      await proxy.close();
      for (const node of nodes) await node.end();
    },
  };
}

// A server --------------------------------------------------------------------

interface Node {
  dir: string;
  port: number;
  create(): Promise<void>;
  copyOf(other: Node): Promise<void>;
  start(): Promise<void>;
  control(what: 'reload' | 'promote' | 'restart' | 'stop'): Promise<void>;
  /** Signals all its processes. */
  signal(signal: NodeJS.Signals): void;
  /** Kills what runs of it. */
  end(): Promise<void>;
}

async function openNode(dir: string, bin: string, user: ServerUser): Promise<Node> {
  const port = await freePort();

  async function call(program: string, ...args: string[]): Promise<void> {
    const { code, output } = await run(join(bin, program), args, user);
    if (code !== 0) throw new Error(`${program} ${args[0]} of ${dir} failed: ${output}`);
  }

  async function makeFolder(): Promise<void> {
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { mode: 0o700 });
    if (process.geteuid?.() === 0) await chown(dir, user.uid, user.gid);
  }

  const options = ['-D', dir, '-w', '-t', '60', '-m', 'fast'];
  const start = ['-o', `-p ${port}`, '-l', join(dir, 'server.log')];
  const postmaster = () => {
    try {
      return Number(readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    } catch {
      return undefined;
    }
  };
  /** The postmaster first: it would replace the others. */
  const processes = () => {
    const parent = postmaster();
    if (parent === undefined) return [];
    const children = readdirSync('/proc').filter(name => /^\d+$/.test(name) && parentOf(name) === parent);
    return [parent, ...children.map(Number)];
  };
  return {
    dir,
    port,
    async create() {
      await makeFolder();
      await call('initdb', '-D', dir, '-U', 'recado', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8');
      await appendFile(join(dir, 'postgresql.conf'), settings);
      await call('pg_ctl', 'start', ...options, ...start);
      await postmasterOf(dir);
      const client = new pg.Client({ host: '127.0.0.1', port, user: 'recado', database: 'postgres' });
      await client.connect();
      await client.query('create database recado');
      await client.end();
      await call('pg_ctl', 'stop', ...options);
    },
    async copyOf(other) {
      await makeFolder();
      const from = ['-h', '127.0.0.1', '-p', String(other.port), '-U', 'recado'];
      await call('pg_basebackup', '-D', dir, ...from, '-X', 'stream', '-c', 'fast', '-R');
      await rm(join(dir, 'synchronous.conf'), { force: true });
    },
    async start() {
      await call('pg_ctl', 'start', ...options, ...start);
      await postmasterOf(dir);
    },
    control: what => call('pg_ctl', what, ...options.slice(0, what === 'reload' ? 2 : undefined), ...argsOf(what)),
    signal(signal) {
      for (const pid of processes()) sendSignal(pid, signal);
    },
    async end() {
      const all = processes();
      for (const pid of all) sendSignal(pid, 'SIGKILL');
      await until('the server is gone', 30, async () => all.every(pid => !existsSync(`/proc/${pid}`)));
    },
  };

  function argsOf(what: string): string[] {
    return what === 'restart' ? start : [];
  }
}

/** The parent of a process, by its line in /proc. */
function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It has ended.
    return undefined;
  }
}

// The proxy -------------------------------------------------------------------

/** Leads connections to a port, and ends them when it leads elsewhere, as HAProxy with `on-marked-down` does. */
async function startFollower() {
  let target: number | undefined;
  const open = new Set<Socket>();
  const server = createServer(client => {
    if (target === undefined) return void client.destroy();
    const database = connect(target, '127.0.0.1');
    for (const socket of [client, database]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.pipe(database);
    database.pipe(client);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const follow = (port: number | undefined) => {
    if (port === target) return;
    target = port;
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    follow,
    async close() {
      follow(undefined);
      await new Promise(resolve => server.close(resolve));
    },
  };
}
