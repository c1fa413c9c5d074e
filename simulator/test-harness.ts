// Shared by the tests: a clock that never waits, a recording callback, a simulator in its own folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, type SimulatorOptions, startSimulator } from './index.ts';
import type { Clock } from './kit/clock.ts';

export const secrets = { accessToken: 'test-access', appSecret: 'test-app-secret', verifyToken: 'test-verify' };

/** A clock that jumps to its next timer when the event loop is idle. */
export const hurriedClock = (start = Date.UTC(2026, 0, 1)): Clock => {
  let now = start;
  let order = 0;
  const timers = new Map<number, { due: number; run: () => void }>();
  const jump = () => {
    const next = [...timers].sort(([a, x], [b, y]) => x.due - y.due || a - b)[0];
    if (next === undefined) return;
    const [id, timer] = next;
    timers.delete(id);
    now = Math.max(now, timer.due);
    timer.run();
  };
  return {
    now: () => now,
    after: (ms, run) => {
      const id = order++;
      timers.set(id, { due: now + ms, run });
      setImmediate(jump);
      return () => timers.delete(id);
    },
  };
};

type Value = {
  metadata: { phone_number_id: string; display_phone_number: string };
  contacts?: { profile: { name: string }; wa_id: string }[];
  messages?: Record<string, unknown>[];
  statuses?: Record<string, unknown>[];
};

type Received = { raw: Buffer; headers: IncomingHttpHeaders; values: Value[] };

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** A callback; `respond` returns the HTTP status of the nth request, from 1, or null for no response. */
const startReceiver = async (respond: (nth: number) => number | null = () => 200) => {
  const received: Received[] = [];
  let watchers: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const body = JSON.parse(raw.toString()) as { entry: { changes: { value: Value }[] }[] };
      const values = body.entry.flatMap(entry => entry.changes.map(change => change.value));
      received.push({ raw, headers: request.headers, values });
      const status = respond(received.length);
      if (status !== null) response.writeHead(status).end();
      for (const watch of watchers) watch();
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    statuses: () => received.flatMap(each => each.values.flatMap(value => value.statuses ?? [])),
    messages: () => received.flatMap(each => each.values.flatMap(value => value.messages ?? [])),
    /** Resolves once the condition holds; checked after every request. */
    until: (condition: () => boolean) =>
      new Promise<void>(done => {
        const watch = () => {
          if (!condition()) return;
          watchers = watchers.filter(each => each !== watch);
          done();
        };
        watchers.push(watch);
        watch();
      }),
    close: () =>
      new Promise<void>(done => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};

/** Cleanup after a test, last one first. */
export const createCleanup = () => {
  const tasks: (() => Promise<unknown>)[] = [];
  return {
    add: (task: () => Promise<unknown>) => tasks.push(task),
    run: async () => {
      for (const task of tasks.splice(0).reverse()) await task();
    },
  };
};

type Cleanup = ReturnType<typeof createCleanup>;

export const makeFolder = async (cleanup: Cleanup): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-test-'));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

export const makeReceiver = async (cleanup: Cleanup, respond?: (nth: number) => number | null): Promise<Receiver> => {
  const receiver = await startReceiver(respond);
  cleanup.add(receiver.close);
  return receiver;
};

/** A simulator on a free port, with the hurried clock by default. */
export const makeSimulator = async (cleanup: Cleanup, options: Partial<SimulatorOptions> = {}): Promise<Simulator> => {
  const simulator = await startSimulator({
    ...secrets,
    port: 0,
    dataDir: options.dataDir ?? (await makeFolder(cleanup)),
    clock: hurriedClock(),
    limits: false,
    window: false,
    callbacks: 'any',
    numbers: 'any',
    ...options,
  });
  cleanup.add(simulator.close);
  return simulator;
};

/** Calls the simulator; the body becomes JSON unless it is a string. */
export const call = async (
  simulator: Simulator,
  method: string,
  path: string,
  body?: unknown,
  token = secrets.accessToken,
) => {
  const response = await fetch(`${simulator.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: parse(text) };
};

export const business = '106540352242922';

/** A valid text message to this recipient. */
export const text = (to: string, body = 'hello', extra: Record<string, unknown> = {}) => ({
  messaging_product: 'whatsapp',
  to,
  type: 'text',
  text: { body },
  ...extra,
});

/** Sends a text and returns the response. */
export const sendText = (simulator: Simulator, to: string, body?: string, extra?: Record<string, unknown>) =>
  call(simulator, 'POST', `/v24.0/${business}/messages`, text(to, body, extra));

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
const parse = (text: string): any => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
