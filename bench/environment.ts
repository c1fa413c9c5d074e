// The environment of every part: one PostgreSQL for all, and the processes of the contestants.
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../server/app/database/embedded-postgres/index.ts';
import { accessTokens } from '../server/features/auth/index.ts';
import { searchPath } from '../server/kit/db/function-set.ts';
import { newUuid, toId, toUuid } from '../server/kit/ids.ts';
import { realClock } from '../server/kit/time.ts';
import { type Client, clientOf, owner } from '../tests/faults/client.ts';
import {
  type Actor,
  end,
  endPostgres,
  freePort,
  launch,
  noRateLimits,
  noWindow,
  postmasterOf,
  until,
} from '../tests/faults/processes.ts';
import { makeFolder } from '../tests/faults/program.ts';
import { redisProgram } from '../tests/setup/redis.ts';
import { startReplica } from '../tests/setup/replica.ts';
import { schema } from './baseline/schema.ts';
import type { BaselineSettings } from './baseline/settings.ts';
import { cpuOf } from './cpu.ts';
import { openConnection } from './load.ts';

const root = join(import.meta.dirname, '..');
const secretKey = randomBytes(32).toString('base64');
/** Shared secrets of Recado and the stub, which the stub does not check. */
export const channelSecrets = {
  accessToken: randomBytes(16).toString('hex'),
  appSecret: randomBytes(16).toString('hex'),
  verifyToken: randomBytes(16).toString('hex'),
};

/** A system under load: its URL, its accounts, and a token with the right to send. */
export interface Contestant {
  url: string;
  /** Typed ids. */
  accounts: string[];
  token(): Promise<string>;
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  actor: Actor;
  /** CPU time so far of its process, its Redis and its database connections. */
  cpu(): Promise<Map<number, number>>;
}

export interface RecadoContestant extends Contestant {
  databaseUrl: string;
  client: Client;
  /** Kills the process, and starts it again. */
  killAndRestart(): Promise<void>;
}

export interface Stub {
  url: string;
  reset(): Promise<void>;
  /**
   * How many distinct texts arrived, how many were duplicates, when the last call came, and how many receipts were
   * rejected.
   */
  count(): Promise<{ count: number; duplicated: number; last: number; refused: number }>;
  /** From now on, posts signed receipts of each message to this URL; null for none. */
  postReceipts(url: string | null): Promise<void>;
  /** When each text arrived, by `monotonic()`. */
  calls(): Promise<Record<string, number>>;
}

export interface Environment {
  folder: string;
  version: string;
  settings: Record<string, string>;
  stub: Stub;
  startRecado(options: RecadoOptions): Promise<RecadoContestant>;
  /** Starts a replica of the PostgreSQL. Gives the URL of a database there, and the CPU time of those who read it. */
  startReplica(): Promise<{ url(database: string): string; cpu(database: string): Promise<Map<number, number>> }>;
  startBaseline(options: {
    name: string;
    accounts: number;
    roles: BaselineSettings['roles'];
    /** How many jobs its worker runs at once; 10 by default. */
    concurrency?: number;
  }): Promise<Contestant>;
  /** Starts a file of this folder as a process; it must say that it is ready. */
  script(what: string, file: string, settings: object): Promise<Actor>;
  close(): Promise<void>;
}

export interface RecadoOptions {
  name: string;
  accounts: number;
  roles?: string;
  redis?: boolean;
  /** How many calls of an account may be in flight; 200 by default. */
  concurrency?: number;
  /** More settings. */
  env?: Record<string, string>;
  /** More Node arguments, such as those of its profiler. */
  node?: string[];
}

export const hasRedis = redisProgram !== undefined;
export const noRedis = 'redis-server is not installed, so this was not measured.';

/** The machine's monotonic clock in milliseconds, which all processes share. */
export const monotonic = () => Number(process.hrtime.bigint()) / 1e6;

/** How many accounts are created at once. */
const createdAtOnce = 8;

const unlimited = {
  rate: { messages: 100_000, seconds: 1 },
  per_day: null,
  recipient: null,
  max_queued: 10_000_000,
};

/** Opens an environment in its own folder; closing it ends every process and removes the folder. */
export async function openEnvironment(delayMs = 5): Promise<Environment> {
  const folder = await makeFolder();
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 10 })];
  const close = async () => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  try {
    await mkdir(join(folder, 'database'), { mode: 0o711 });
    const cluster = join(folder, 'database', 'postgres');
    closers.push(() => endPostgres(cluster));
    const log = { info: () => {}, warn: (words: string) => console.error(words) };
    const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'database'), log });
    closers.push(postgres.stop);
    await postmasterOf(cluster);
    const settings = await settingsOf(postgres.connection);
    const script = (what: string, file: string, told: object) => {
      const args = [join(root, 'bench/run.mjs'), file, JSON.stringify(told)];
      const actor = launch(process.execPath, args, folder, {});
      closers.push(() => end(actor));
      return ready(what, actor, `${what} is ready`);
    };

    const stubPort = await freePort();
    const stub = stubAt(`http://127.0.0.1:${stubPort}`);
    await script('the stub', './stub.ts', { port: stubPort, delayMs });

    async function database(name: string): Promise<string> {
      await queryOnce(postgres.connection, `create database ${name}`);
      return postgres.url(name);
    }
    function querier(connectionString: string, options: string): Contestant['sql'] {
      const pool = new pg.Pool({ connectionString, max: 1, options });
      pool.on('error', () => {});
      closers.push(() => pool.end());
      return async <Row extends object>(text: string, values: unknown[] = []) =>
        (await pool.query<Row>(text, values)).rows;
    }

    return {
      folder,
      version: postgres.version,
      settings,
      stub,
      script,
      async startReplica() {
        const to = join(folder, 'replica');
        await mkdir(to, { mode: 0o711 });
        closers.push(() => endPostgres(join(to, 'postgres')));
        const replica = await startReplica(postgres, join(folder, 'database'), to);
        closers.push(replica.stop);
        await postmasterOf(join(to, 'postgres'));
        const asked = new Map<string, Contestant['sql']>();
        return {
          url: replica.url,
          cpu(database) {
            const sql = asked.get(database) ?? querier(replica.url(database), '');
            asked.set(database, sql);
            return cpuUsed(sql, []);
          },
        };
      },
      async startRecado({
        name,
        accounts,
        roles = 'api,worker',
        redis = false,
        concurrency = 200,
        node = [],
        env = {},
      }) {
        const databaseUrl = await database(name);
        const port = await freePort();
        const store = redis ? await startRedis(folder, closers) : undefined;
        const settings = {
          DATABASE_URL: databaseUrl,
          SECRET_KEY: secretKey,
          PORT: String(port),
          DATA_DIR: join(folder, name),
          ROLES: roles,
          LOG_LEVEL: 'warn',
          ...noRateLimits,
          ...noWindow,
          SIMULATOR_URL: stub.url,
          SIMULATOR_ACCESS_TOKEN: channelSecrets.accessToken,
          SIMULATOR_APP_SECRET: channelSecrets.appSecret,
          SIMULATOR_VERIFY_TOKEN: channelSecrets.verifyToken,
          RECADO_OWNER_EMAIL: owner.email,
          RECADO_OWNER_PASSWORD: owner.password,
          ...(store && { REDIS_URL: store.url }),
          ...env,
        };
        const start = async () => {
          const actor = launch(process.execPath, [...node, join(root, 'scripts/start.mjs')], folder, settings);
          closers.push(() => end(actor));
          return ready('Recado', actor, '/phones');
        };
        const actor = await start();
        const url = `http://127.0.0.1:${port}`;
        const client = clientOf(url);
        await client.logIn();
        const ids: string[] = [];
        const create = async (number: number) => {
          const body = { name: `Account ${number}`, channel: 'sandbox', limits: { ...unlimited, concurrency } };
          const answer = await client.call('POST', '/api/v1/accounts', body);
          if (answer.status !== 201) throw new Error(`an account was answered with ${JSON.stringify(answer)}`);
          ids.push(answer.body.id);
        };
        for (let number = 1; number <= accounts; number += createdAtOnce)
          await Promise.all(
            Array.from({ length: Math.min(createdAtOnce, accounts - number + 1) }, (_, n) => create(number + n)),
          );
        const token = async () => {
          const { status, body } = await client.call('POST', '/api/v1/auth/login', owner);
          if (status !== 200) throw new Error(`The login was answered with ${status}: ${JSON.stringify(body)}`);
          return body.access_token as string;
        };
        const sql = querier(databaseUrl, `-c search_path=${searchPath} -c plan_cache_mode=force_custom_plan`);
        const contestant: RecadoContestant = {
          databaseUrl,
          url,
          accounts: ids,
          client,
          token,
          sql,
          actor,
          cpu: () => cpuUsed(sql, [contestant.actor, store?.actor]),
          async killAndRestart() {
            await end(contestant.actor);
            contestant.actor = await start();
          },
        };
        return contestant;
      },
      async startBaseline({ name, accounts, roles, concurrency = 10 }) {
        const databaseUrl = await database(name);
        const port = await freePort();
        const sql = querier(databaseUrl, '');
        await sql(schema);
        const session = { sessionId: newUuid(), workspaceId: newUuid(), personId: newUuid() };
        const { sessionId, workspaceId, personId } = session;
        await sql(`insert into session values ($1, $2, $3, 'owner')`, [sessionId, workspaceId, personId]);
        const ids = Array.from({ length: accounts }, () => toId('account', newUuid()));
        for (const [index, id] of ids.entries())
          await sql(`insert into account values ($1, $2, $3, 'connected')`, [toUuid(id), workspaceId, String(index)]);
        const store = await startRedis(folder, closers);
        const actor = await script('the baseline', './baseline/main.ts', {
          databaseUrl,
          redisUrl: store.url,
          secretKey,
          appSecret: channelSecrets.appSecret,
          channelUrl: `${stub.url}/v25.0`,
          port,
          roles,
          concurrency,
        } satisfies BaselineSettings);
        const tokens = accessTokens(secretKey, realClock);
        const token = () => tokens.sign(session);
        const cpu = () => cpuUsed(sql, [actor, store.actor]);
        return { url: `http://127.0.0.1:${port}`, accounts: ids, token, sql, actor, cpu };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** After the warm-up: without statistics the planner guesses, and a fresh database has none. */
export async function analyze(contestants: Contestant[]): Promise<void> {
  for (const { sql } of contestants) await sql('analyze');
}

async function cpuUsed(sql: Contestant['sql'], actors: (Actor | undefined)[]): Promise<Map<number, number>> {
  const backends = await sql<{ pid: number }>(
    // Processes without a database write the WAL and pages for the active contestant: there is only one at a time.
    'select pid from pg_stat_activity where (datname = current_database() or datname is null) and pid <> pg_backend_pid()',
  );
  return cpuOf([...actors.flatMap(actor => actor?.pid ?? []), ...backends.map(({ pid }) => pid)]);
}

async function ready(what: string, actor: Actor, words: string): Promise<Actor> {
  await until(`${what} is ready`, 60, async () => actor.isGone() || actor.words().includes(words));
  if (actor.isGone()) throw new Error(`${what} did not start: ${actor.words()}`);
  return actor;
}

async function queryOnce<Row extends object>(connection: pg.ClientConfig, text: string): Promise<Row[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

async function settingsOf(connection: pg.ClientConfig): Promise<Record<string, string>> {
  const rows = await queryOnce<{ name: string; setting: string }>(
    connection,
    `select name, current_setting(name) as setting from pg_settings
     where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size')`,
  );
  const settings = Object.fromEntries(rows.map(row => [row.name, row.setting]));
  if (settings.fsync !== 'on' || settings.synchronous_commit !== 'on')
    throw new Error('the database is not durable, so nothing measured on it would count');
  return settings;
}

/** A durable Redis with the usual settings: an append-only file, synced every second. */
async function startRedis(folder: string, closers: (() => Promise<unknown>)[]): Promise<{ url: string; actor: Actor }> {
  if (!redisProgram) throw new Error(noRedis);
  const port = await freePort();
  const dir = join(folder, `redis-${port}`);
  await mkdir(dir);
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const actor = launch(redisProgram, [...args, '--appendonly', 'yes', '--appendfsync', 'everysec'], folder, {});
  closers.push(() => end(actor));
  await until('Redis answers', 20, async () => {
    const socket = connect(port, '127.0.0.1');
    try {
      return await new Promise<boolean>((resolve, reject) => {
        socket.once('error', reject);
        socket.once('data', data => resolve(String(data).includes('PONG')));
        socket.write('PING\r\n');
      });
    } finally {
      socket.destroy();
    }
  });
  return { url: `redis://127.0.0.1:${port}`, actor };
}

function stubAt(url: string): Stub {
  const ask = async <Body>(path: string, sent?: object): Promise<Body> => {
    const connection = await openConnection(url);
    try {
      const given = sent && { body: JSON.stringify(sent) };
      const { body } = await connection.ask({ method: 'POST', path, headers: {}, ...given });
      return JSON.parse(body);
    } finally {
      connection.close();
    }
  };
  return {
    url,
    reset: async () => void (await ask('/reset')),
    count: () => ask('/count'),
    calls: () => ask('/calls'),
    postReceipts: async to => void (await ask('/receipts', { url: to, appSecret: channelSecrets.appSecret })),
  };
}

// The requests ----------------------------------------------------------------

/** The people; each account writes to its own share of them. */
const people = 5_000;

const numberOf = (person: number) => `+336${String(12_000_000 + person)}`;

/** Returns the maker of send requests: it rotates over people and accounts. */
export function sending(contestant: Contestant, path: string, token: string, round: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return (number: number) => ({
    method: 'POST',
    path,
    headers,
    body: JSON.stringify({
      account_id: contestant.accounts[number % contestant.accounts.length],
      to: numberOf(number % people),
      type: 'text',
      text: { body: `${round} ${number}: your table is ready, we are looking forward to seeing you.` },
    }),
  });
}
