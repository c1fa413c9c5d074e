// The program as its operator runs it: processes of its own, on a data folder of its own, killed and started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const owner = { email: 'owner@example.com', password: 'a long enough password' };

// biome-ignore lint/suspicious/noExplicitAny: the body of an answer is whatever the test says it is
type Json = any;

export interface Program {
  url: string;
  dataDir: string;
  /** The process id of the server, which leads its group. */
  pid(): number;
  start(): Promise<void>;
  /** Kills the server alone, its group, or its group and the database; settles when the server is gone. */
  kill(what: 'server' | 'group' | 'everything'): Promise<void>;
  /** Asks it to stop; its exit code. */
  stop(): Promise<number | null>;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Json }>;
  /** What the simulator synced to disk before it answered: the ground truth. */
  ledger(): Promise<{ to: string; token: string | null; wamid: string }[]>;
  /** Removes the folder, and what is left running. */
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Polls until something holds; another process can be watched only from outside. */
export async function until<Value>(
  what: string,
  seconds: number,
  look: () => Promise<Value | undefined | false>,
): Promise<Value> {
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    const seen = await look().catch(() => undefined);
    if (seen) return seen;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`after ${seconds} s still not: ${what}`);
}

export async function prepareProgram(env: Record<string, string> = {}): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'recado-faults-'));
  // The database may run as another user than root.
  await chmod(folder, 0o711);
  const dataDir = join(folder, 'data');
  const port = await freePort();
  const simulatorPort = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let words = '';
  let token: string | undefined;

  const postmaster = async () =>
    Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
  const send = (pid: number, signal: NodeJS.Signals) => {
    try {
      process.kill(pid, signal);
    } catch {
      // It is gone already.
    }
  };

  const call: Program['call'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : undefined };
  };

  return {
    url,
    dataDir,
    pid: () => child?.pid ?? 0,
    call,
    async start() {
      words = '';
      child = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
        cwd: folder,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env.PATH,
          PORT: String(port),
          SIMULATOR_PORT: String(simulatorPort),
          DATA_DIR: dataDir,
          RECADO_OWNER_EMAIL: owner.email,
          RECADO_OWNER_PASSWORD: owner.password,
          ...env,
        },
      });
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', data => {
          words = `${words}${data}`.slice(-5_000);
        });
      const died = once(child, 'exit').then(() => {
        throw new Error(`it did not start: ${words}`);
      });
      await Promise.race([died, until('ready', 60, async () => (await fetch(`${url}/readyz`)).ok)]);
      died.catch(() => {});
      token = undefined;
      token = (await call('POST', '/api/v1/auth/login', owner)).body.access_token;
    },
    async kill(what) {
      if (!child?.pid) return;
      const gone = once(child, 'exit');
      const database = what === 'everything' ? await postmaster() : undefined;
      send(what === 'server' ? child.pid : -child.pid, 'SIGKILL');
      if (database) send(database, 'SIGKILL');
      await gone;
    },
    async stop() {
      if (!child?.pid) return null;
      const gone = once(child, 'exit');
      send(child.pid, 'SIGTERM');
      await gone;
      return child.exitCode;
    },
    async ledger() {
      const text = await readFile(join(dataDir, 'simulator/ledger.jsonl'), 'utf8');
      return text
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line));
    },
    async close() {
      if (child?.pid && child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        send(-child.pid, 'SIGKILL');
        await gone;
      }
      const database = await postmaster().catch(() => undefined);
      if (database) send(database, 'SIGKILL');
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
