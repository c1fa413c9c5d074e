// A scenario's environment: the real program on its own database, with the simulator as the outside world.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Delays, type Simulator, startSimulator } from '@recado/simulator';
import pg from 'pg';
import { compose, type Recado } from '../../server/app/compose.ts';
import { readConfig } from '../../server/app/config/config.ts';
import type { Timeouts } from '../../server/app/http/security.ts';
import { sandboxSecrets } from '../../server/app/sandbox/simulator-process.ts';
import { accessTokens, type TokenSubject } from '../../server/features/auth/index.ts';
import type { Queryable } from '../../server/kit/db/database.ts';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { toQuery } from '../../server/kit/db/sql.ts';
import { newUuid } from '../../server/kit/ids.ts';
import { type Logger, openLog } from '../../server/kit/log.ts';
import { type ManualClock, manualClock, realClock } from '../../server/kit/time.ts';
import { noRateLimits, noWhatsApp, noWindow } from '../faults/processes.ts';
import { keepWarning } from './last-warnings.ts';
import { workerPostgres } from './worker-postgres.ts';

// biome-ignore lint/suspicious/noExplicitAny: the body of an answer is whatever the scenario says it is
type Json = any;

export interface Answer {
  status: number;
  body: Json;
  headers: Headers;
  text: string;
}

export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

export interface Scenario {
  recado: Recado;
  simulator: Simulator;
  databaseUrl: string;
  /** The settings of its programs, to start another one as a process. */
  env: Record<string, string>;
  /** The program's data folder. */
  dataDir: string;
  clock: ManualClock;
  secrets: { accessToken: string; appSecret: string; verifyToken: string };
  /** Calls the API as the owner. */
  api: Call;
  /** Calls the API with these credentials, or none. */
  as(token: string | undefined): Call;
  /** The Sandbox account created by setup. */
  account: Json;
  /** Sends a text and returns the message; the number is derived from `to`, or is any unreserved one. */
  send(to?: string, body?: string, headers?: Record<string, string>): Promise<Json>;
  /** The message as the API shows it now. */
  message(id: string): Promise<Json>;
  /** Resolves when the engine is idle and every webhook of the simulator is acknowledged. */
  settle(): Promise<void>;
  /** Moves the clock, sweeps, and settles. Only with `clock: 'manual'`. */
  advance(ms: number): Promise<void>;
  /** The same program, for the owner of a new workspace with a Sandbox account. */
  another(): Promise<Scenario>;
  /** The owner of another workspace, with its own account, contact, conversation and message. */
  stranger(): Promise<{ api: Call; account: Json; message: Json }>;
  /** An access token of the owner. */
  token(): Promise<string>;
  /** Another process of the same installation, with these roles and settings. The scenario closes it. */
  node(roles: string, env?: Record<string, string>): Promise<Recado>;
  /** The scenario's database for engine statements. */
  engineDb: Queryable;
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export interface ScenarioOptions {
  clock?: 'manual' | 'real';
  redisUrl?: string;
  /** The simulator uses the scenario's clock too. */
  oneClock?: boolean;
  delays?: Partial<Delays>;
  autoRead?: boolean;
  /** Whether the Sandbox has the 24-hour window; most scenarios send free text to people who never wrote. */
  window?: boolean;
  /** Whether the Sandbox has WhatsApp's limits of pace, pairs and people. */
  limits?: boolean;
  channelDeadlineMs?: number;
  voiceDeadlineMs?: number;
  eraseMs?: number;
  /** The statement timeout of lists, in milliseconds. */
  listMs?: number;
  roles?: string;
  /** How long the start waits for its database, in milliseconds; not at all by default. */
  databaseWaitMs?: number;
  /** An existing database instead of a new one. */
  databaseUrl?: string;
  /** More settings, or others; scenarios have no rate limits unless set here. */
  env?: Record<string, string>;
  /** Where the log goes; nowhere by default. */
  log?: Logger;
  timeouts?: Partial<Timeouts>;
  /** Ends the start. */
  stop?: AbortSignal;
  /** Whether the configuration creates the owner; false leaves the setup link open. */
  owner?: boolean;
  /** The public URL. The scenario's own calls go to its port all the same. */
  publicUrl?: string;
}

export const owner = { email: 'owner@example.com', password: 'a long enough password' };
export const secretKey = randomBytes(32).toString('base64');

/** Set SCENARIO_LOG to a level to read the log; warnings are kept for the report of a failure. */
const scenarioLog = (): Logger =>
  process.env.SCENARIO_LOG === undefined
    ? openLog('warn', undefined, { write: keepWarning })
    : openLog(process.env.SCENARIO_LOG);

/** A new database: a clone of the migrated template, or an empty one. */
export async function makeDatabase(kind: 'migrated' | 'empty'): Promise<string> {
  const { host, port, user, template, strategy } = workerPostgres();
  const name = `scenario_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ host, port, user, database: 'postgres' });
  await client.connect();
  const source = kind === 'migrated' ? template : 'template0';
  await client.query(`create database ${name} template ${source} strategy ${strategy}`);
  await client.end();
  return `postgresql://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`;
}

export async function startScenario(options: ScenarioOptions = {}): Promise<Scenario> {
  const folder = await mkdtemp(join(tmpdir(), 'recado-scenario-'));
  const secrets = sandboxSecrets(options.env?.SECRET_KEY ?? secretKey);
  const clock = options.clock === 'manual' ? manualClock(Date.now()) : { ...realClock, advance: () => {} };
  const simulator = await startSimulator({
    ...secrets,
    port: 0,
    dataDir: folder,
    delays: { sent: 0, delivered: 0, read: 0, late: 50, slow: 50, ...options.delays },
    autoRead: options.autoRead ?? true,
    window: options.window ?? false,
    limits: options.limits ?? false,
    // The program is on this machine, and its Sandbox's numbers are those of a Sandbox.
    callbacks: 'any',
    numbers: 'any',
    webhookRetry: { first: 20, longest: 200 },
    ...(options.oneClock && { clock: { now: () => clock.now(), after: realClock.after } }),
  });
  const databaseUrl = options.databaseUrl ?? (await makeDatabase('migrated'));
  const env = {
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secretKey,
    DATA_DIR: join(folder, 'data'),
    PORT: '0',
    SIMULATOR_URL: simulator.url,
    GRAPH_URL: simulator.url,
    REDIS_URL: options.redisUrl,
    ...noRateLimits,
    ...noWhatsApp,
    ...(!options.window && noWindow),
    PUBLIC_URL: options.publicUrl,
    ...(options.owner !== false && { RECADO_OWNER_EMAIL: owner.email, RECADO_OWNER_PASSWORD: owner.password }),
    ...options.env,
  };
  const overrides = {
    clock,
    log: options.log ?? scenarioLog(),
    ...(options.timeouts && { timeouts: options.timeouts }),
    ...(options.stop && { stop: options.stop }),
    databaseWaitMs: options.databaseWaitMs ?? 0,
    random: () => 0.5,
    // No scenario reaches a host outside of this machine.
    lookUp: async () => [],
    ...(options.clock === 'manual' && { receivePaceMs: 0 }),
    ...(options.voiceDeadlineMs !== undefined && { voiceDeadlineMs: options.voiceDeadlineMs }),
    ...(options.eraseMs !== undefined && { eraseMs: options.eraseMs }),
    ...(options.listMs !== undefined && { listMs: options.listMs }),
    ...(options.channelDeadlineMs !== undefined && { channelDeadlineMs: options.channelDeadlineMs }),
  };
  const recado = await compose(readConfig({ ...env, ROLES: options.roles }), overrides).catch(async error => {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const nodes: Recado[] = [];
  const address = recado.server?.server.address();
  // PUBLIC_URL is the address for others.
  const local = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : undefined;
  simulator.setCallbackUrl(`${local}/webhooks/whatsapp/sandbox`);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, options: `-c search_path=${searchPath}` });
  // A scenario may end the database's connections, also the idle ones of this pool.
  pool.on('error', () => {});
  const sql = async <Row extends object>(text: string, values: unknown[] = []) =>
    (await pool.query<Row>(text, values)).rows;

  const engineDb: Queryable = { query: fragment => sql(toQuery(fragment).text, toQuery(fragment).values) };

  const as =
    (given: string | undefined | (() => Promise<string>)): Call =>
    async (method, path, body, headers = {}) => {
      const token = typeof given === 'function' ? await given() : given;
      const answer = await fetch(`${local}${path}`, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        body:
          text.startsWith('{') && !answer.headers.get('content-type')?.includes('ndjson')
            ? JSON.parse(text)
            : undefined,
      };
    };

  const tokens = accessTokens(env.SECRET_KEY, clock);
  // Signed for each call, because a scenario's clock may advance by days.
  const tokenOf = (email: string) => async () => {
    const session = sessions.get(email) ?? (await openSession(email));
    sessions.set(email, session);
    return tokens.sign(session);
  };
  const sessions = new Map<string, TokenSubject>();
  async function openSession(email: string): Promise<TokenSubject> {
    const [row] = await sql<{ person_id: string; workspace_id: string }>(
      'select person_id, workspace_id from membership join person on person.id = person_id where email = $1',
      [email],
    );
    const session = { sessionId: newUuid(), personId: row?.person_id ?? '', workspaceId: row?.workspace_id ?? '' };
    await sql(
      `insert into session (id, workspace_id, person_id, created_at, renewed_at, expires_at)
       values ($1, $2, $3, now(), now(), now() + interval '10 years')`,
      [session.sessionId, session.workspaceId, session.personId],
    );
    return session;
  }
  const api = as(tokenOf(owner.email));
  const account = options.owner === false ? undefined : (await api('GET', '/api/v1/accounts')).body?.data?.[0];
  let numbers = 0;

  /** What an owner does with this account. */
  const actionsOf = (api: Call, account: Json): Pick<Scenario, 'api' | 'account' | 'send' | 'message'> => ({
    api,
    account,
    async send(to, body = 'hello', headers = {}) {
      numbers++;
      const number = to ?? `+3361200${String(1000 + numbers)}`;
      const answer = await api(
        'POST',
        '/api/v1/messages',
        { account_id: account.id, to: number, type: 'text', text: { body } },
        headers,
      );
      if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${answer.text}`);
      return answer.body;
    },
    message: async id => (await api('GET', `/api/v1/messages/${id}`)).body,
  });

  /** A workspace with nothing in it, and the email address of its owner. */
  async function makeWorkspace(name: string): Promise<string> {
    const email = `stranger-${randomBytes(4).toString('hex')}@example.com`;
    const [workspaceId, personId] = [newUuid(), newUuid()];
    await sql('insert into workspace (id, name) values ($1, $2)', [workspaceId, name]);
    await sql('insert into person (id, email, name, password_hash) values ($1, $2, $3, $4)', [
      personId,
      email,
      'Stranger',
      'none',
    ]);
    await sql('insert into membership (workspace_id, person_id, role) values ($1, $2, $3)', [
      workspaceId,
      personId,
      'owner',
    ]);
    return email;
  }

  async function makeAccount(call: Call, name: string): Promise<Json> {
    const { status, text, body } = await call('POST', '/api/v1/accounts', { name, channel: 'sandbox' });
    if (status !== 201) throw new Error(`no account: ${status} ${text}`);
    return body;
  }

  async function settle(): Promise<void> {
    do {
      await simulator.webhooksIdle();
      await recado.engine.idle();
    } while (simulator.pendingWebhooks() > 0);
  }

  const scenario: Scenario = {
    recado,
    simulator,
    databaseUrl,
    env: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    dataDir: join(folder, 'data'),
    clock,
    secrets,
    as,
    ...actionsOf(api, account),
    sql,
    engineDb,
    settle,
    async advance(ms) {
      clock.advance(ms);
      await recado.sweeper?.sweep();
      await settle();
      // A sweep skips rows that a lane, woken at the same moment, has locked.
      await recado.sweeper?.sweep();
      // A step that was not due while the clock moved is due now.
      clock.advance(0);
      await settle();
    },
    async another() {
      const token = tokenOf(await makeWorkspace('Workspace of Owner'));
      const call = as(token);
      return { ...scenario, ...actionsOf(call, await makeAccount(call, 'Sandbox')), token };
    },
    async stranger() {
      const call = as(tokenOf(await makeWorkspace('Elsewhere')));
      const account = await makeAccount(call, 'Theirs');
      const sent = await call('POST', '/api/v1/messages', {
        account_id: account.id,
        to: '+33612009999',
        type: 'text',
        text: { body: 'not yours' },
      });
      await settle();
      return { api: call, account, message: sent.body };
    },
    token: tokenOf(owner.email),
    async node(roles, more) {
      const node = await compose(readConfig({ ...env, ...more, ROLES: roles }), overrides);
      nodes.push(node);
      return node;
    },
    async close() {
      for (const node of nodes) await node.close();
      await recado.close();
      await simulator.close();
      await pool.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return scenario;
}
