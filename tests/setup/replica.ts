// A primary and a replica that streams from it, behind a proxy that stalls, refuses a statement, or is away.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/app/database/embedded-postgres/index.ts';
import { placeCluster } from './cluster.ts';

export interface ReplicaPair {
  /** The primary. */
  url: string;
  /** The replica, through the proxy. */
  replicaUrl: string;
  /** Runs a statement at the replica, past the proxy. */
  atReplica(statement: string): Promise<void>;
  /** Nothing passes, in both directions, until it flows again. */
  stall(): void;
  flow(): void;
  /** The next statement with this text fails as one that stands in the way of what the replica applies. */
  conflict(text: string): void;
  /** How many statements failed so. */
  conflicts(): number;
  /** Ends all connections, and those to come until `back`. */
  away(): void;
  back(): void;
  close(): Promise<void>;
}

const log = { info: () => {}, warn: () => {} };

/**
 * Starts a replica of an embedded PostgreSQL whose data folder is `from`. Its own data folder is `to`, which the user of
 * the database may enter. The cluster is copied while it runs, and then streams.
 */
export async function startReplica(primary: EmbeddedPostgres, from: string, to: string): Promise<EmbeddedPostgres> {
  const [source, copy] = [join(from, 'postgres'), join(to, 'postgres')];
  await writeFile(join(source, 'pg_hba.conf'), 'local all all trust\nlocal replication all trust\n');
  const client = new pg.Client(primary.connection);
  await client.connect();
  await client.query('select pg_reload_conf()');
  await client.query(`select pg_backup_start('replica', true)`);
  await promisify(execFile)('cp', ['-a', source, copy]);
  const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop()');
  await client.end();
  await rm(join(copy, 'postmaster.pid'), { force: true });
  const { host, port, user } = primary.connection;
  const files = {
    backup_label: rows[0]?.labelfile ?? '',
    'standby.signal': '',
    'postgresql.auto.conf': `primary_conninfo = 'host=''${host}'' port=${port} user=${user}'\n`,
  };
  const { uid, gid } = await stat(source);
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(copy, name), text);
    await chown(join(copy, name), uid, gid);
  }
  return startEmbeddedPostgres({ dataDir: to, log });
}

/** Starts both on a cluster that has our tables. */
export async function startReplicaPair(): Promise<ReplicaPair> {
  const folder = await mkdtemp(join(tmpdir(), 'recado-replica-'));
  await chmod(folder, 0o711);
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  await placeCluster(one);
  await mkdir(two, { mode: 0o711 });
  const primary = await startEmbeddedPostgres({ dataDir: one, log });
  const replica = await startReplica(primary, one, two);
  const { host, port, user, database } = replica.connection;
  const proxy = await startProxy(join(host, `.s.PGSQL.${port}`));
  return {
    ...proxy,
    url: primary.url(),
    replicaUrl: `postgresql://${user}@127.0.0.1:${proxy.port}/${database}?sslmode=disable`,
    async atReplica(statement) {
      const client = new pg.Client(replica.connection);
      await client.connect();
      await client.query(statement);
      await client.end();
    },
    async close() {
      await proxy.close();
      await replica.stop();
      await primary.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const field = (name: string, value: string) => Buffer.from(`${name}${value}\0`);

function message(letter: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** As the protocol writes it, and that the connection is ready for the next statement. */
const conflictAnswer = Buffer.concat([
  message(
    'E',
    field('S', 'ERROR'),
    field('V', 'ERROR'),
    field('C', '40001'),
    field('M', 'canceling statement due to conflict with recovery'),
    Buffer.from([0]),
  ),
  message('Z', Buffer.from('I')),
]);

async function startProxy(path: string) {
  const pairs = new Set<[Socket, Socket]>();
  let isStalled = false;
  let isAway = false;
  let wanted: string | undefined;
  let conflicts = 0;
  const server = createServer(client => {
    if (isAway) return void client.destroy();
    const database = connect(path);
    const pair: [Socket, Socket] = [client, database];
    pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        pairs.delete(pair);
        client.destroy();
        database.destroy();
      });
      if (isStalled) socket.pause();
    }
    client.on('data', request => {
      if (wanted === undefined || !request.includes(wanted)) return void database.write(request);
      wanted = undefined;
      conflicts++;
      client.write(conflictAnswer);
    });
    database.on('data', answer => void client.write(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    stall() {
      isStalled = true;
      for (const pair of pairs) for (const socket of pair) socket.pause();
    },
    flow() {
      isStalled = false;
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    conflict(text: string) {
      wanted = text;
    },
    conflicts: () => conflicts,
    away() {
      isAway = true;
      cut();
    },
    back() {
      isAway = false;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
