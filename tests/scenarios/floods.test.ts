// What others wait while a stranger or one API key sends as much as it can, compared with an idle server.
import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenApi, readRoutes } from '../openapi/document.ts';
import { exampleOf } from '../openapi/example.ts';
import { png, upload } from '../setup/media-files.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { servedRoutes } from '../setup/served-routes.ts';
import { portOf } from '../setup/socket.ts';

/** How many times as long as on an idle server a request of others may take. Without limits it is 500 and more. */
const mostTimes = 100;

let scenario: Scenario;
let others: Scenario;
beforeAll(async () => {
  // The limits of strangers are on; those of callers are off, so that nothing but the work itself protects others.
  scenario = await startScenario({ clock: 'manual', env: { API_FAILURE_LIMIT: '20' } });
  others = await scenario.another();
});
afterAll(() => scenario.close());

/** The time that a request of somebody else takes, in milliseconds. */
async function wait(): Promise<number> {
  const from = performance.now();
  const { status } = await others.api('GET', '/api/v1/me');
  expect(status).toBe(200);
  return performance.now() - from;
}

/** A usual long wait on the idle server: the second longest of some, as a busy machine has pauses of its own. */
async function idleWait(): Promise<number> {
  const waits: number[] = [];
  for (let n = 0; n < 15; n++) waits.push(await wait());
  return waits.sort((a, b) => b - a)[1] ?? 0;
}

/** Sends a request many times from another thread. Returns the statuses, and how many times as long others waited. */
async function floodOnce(request: string, connections: number, times: number) {
  // Each flood finds the full limits.
  scenario.clock.advance(120_000);
  const idle = await idleWait();
  const workerData = { port: portOf(scenario), request, connections, times };
  const worker = new Worker(new URL('../setup/flooder.mjs', import.meta.url), { workerData });
  let statuses: string[] | undefined;
  const ended = once(worker, 'message').then(([answers]) => {
    statuses = answers as string[];
  });
  let longest = 0;
  while (statuses === undefined) longest = Math.max(longest, await wait());
  await ended;
  return { statuses, times: longest / idle };
}

/** Floods, and floods again if others waited too long: the machine may have been busy. */
async function flood(request: string, connections: number, times: number) {
  const first = await floodOnce(request, connections, times);
  if (first.times <= mostTimes) return first;
  const second = await floodOnce(request, connections, times);
  return { ...first, times: Math.min(first.times, second.times) };
}

test('no flood of a public route makes others wait', { timeout: 240_000 }, async () => {
  const document = (await scenario.as(undefined)('GET', '/openapi.json')).body as OpenApi;
  const documented = readRoutes(document);
  const of = ({ method, path }: { method: string; path: string }) =>
    documented.find(route => route.method === method && route.path === path.replaceAll(/:(\w+)/g, '{$1}'));
  const open = servedRoutes(scenario.recado.server).filter(route => of(route)?.permission === undefined);
  expect(open.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/', '/docs', '/openapi.json', '/livez', '/metrics', '/api/v1/auth/login']),
  );
  let numbers = 0;
  const given = { id: () => 'x', next: () => ++numbers };
  const slow: string[] = [];
  for (const route of [...open, { method: 'GET', path: '/nowhere' }]) {
    const schema = of(route)?.body?.schema;
    const body = schema === undefined ? '' : JSON.stringify(exampleOf(schema, given));
    const path = route.path.replace(':app', 'sandbox').replaceAll(/:\w+/g, 'x');
    const request = `${route.method} ${path} HTTP/1.1\r\nHost: x\r\n${
      schema === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`
    }\r\n${body}`;
    const { statuses, times } = await flood(request, 5, 60);
    const told = `${route.method} ${route.path}: ${[...new Set(statuses)].join(' ')}, ${times.toFixed(1)} times`;
    expect(statuses.length, told).toBeGreaterThanOrEqual(100);
    if (times > mostTimes) slow.push(told);
  }
  expect(slow).toEqual([]);
});

test('public documents are counted, and probes and webhooks are not', async () => {
  const { statuses: counted } = await flood('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n', 1, 101);
  expect(counted.at(0)).toBe('200');
  expect(counted.at(-1)).toBe('429');
  for (const path of ['/', '/docs', '/metrics'])
    expect((await scenario.as(undefined)('GET', path)).status, path).toBe(429);
  for (const path of ['/livez', '/readyz']) expect((await scenario.as(undefined)('GET', path)).status, path).toBe(200);
  expect((await scenario.as(undefined)('POST', '/webhooks/whatsapp/sandbox', {})).status).toBe(401);
});

describe('one API key with large batches', () => {
  const megabytes = 1024 * 1024;
  const many = (part: (n: number) => string, size: number) => {
    const parts: string[] = [];
    for (let length = 0, n = 0; length < size; n++) {
      const next = part(n);
      parts.push(next);
      length += next.length + 1;
    }
    return parts.join(',');
  };
  let key: string;
  const post = (body: string) => scenario.as(key)('POST', '/api/v1/messages/batch', body);
  beforeAll(async () => {
    key = (await scenario.api('POST', '/api/v1/keys', { name: 'hostile', scopes: ['messages.create'] })).body.key;
  });

  test.each([
    ['fields', '400', () => `{${many(n => `"k${n}":1`, 7 * megabytes)}}`],
    ['empty messages', '400', () => `{"messages":[${many(() => '{}', 7 * megabytes)}]}`],
    ['lists below the limit', '400', () => `{"messages":[${Array.from({ length: 199_000 }, () => '[]').join(',')}]}`],
    ['blanks', '400', () => `{${' '.repeat(7 * megabytes)}}`],
    [
      'messages with too many fields',
      '202',
      () => `{"messages":[${Array.from({ length: 1_000 }, () => `{${many(n => `"k${n}":1`, 700)}}`).join(',')}]}`,
    ],
  ])('does not make other workspaces wait: %s', async (_name, status, make) => {
    const body = make();
    const head = `POST /api/v1/messages/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n`;
    const length = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const { statuses, times } = await flood(head + length + body, 6, 1);
    // Six of the largest bodies at once are more than one workspace may have.
    expect(new Set(statuses.filter(each => each !== '503'))).toEqual(new Set([status]));
    expect(times).toBeLessThan(mostTimes);
  });

  test('a body with too many values is rejected by name', async () => {
    const errors = async (body: string) => (await post(body)).body.errors;
    expect(await errors(`{"messages":[${many(() => '{}', megabytes)}]}`)).toEqual([
      { field: 'body', message: 'Must not have more than 100000 values.' },
    ]);
    expect(await errors(`{${many(n => `"k${n}":1`, megabytes)}}`)).toEqual([
      { field: 'body', message: 'Must not have more than 1000 fields in an object.' },
    ]);
    // Commas and colons within texts are no values.
    const text = `,:`.repeat(150_000);
    expect((await post(JSON.stringify({ messages: [text] }))).status).toBe(202);
  });

  test('its bodies that do not end have a ceiling, and batches of others are read', async () => {
    const size = 8 * megabytes;
    const open = async () => {
      const socket = connect(portOf(scenario), '127.0.0.1');
      socket.on('error', () => {});
      const answered = once(socket.setEncoding('latin1'), 'data').then(([text]) => String(text).slice(9, 12));
      socket.write(
        `POST /api/v1/messages/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n`,
      );
      socket.write(Buffer.alloc(size - 1, ' '));
      return { socket, answered };
    };
    const opened = await Promise.all(Array.from({ length: 5 }, open));
    expect(await Promise.race(opened.map(({ answered }) => answered))).toBe('503');
    const batch = { messages: [{}], padding: ' '.repeat(100_000) };
    expect((await others.api('POST', '/api/v1/messages/batch', batch)).status).toBe(400);
    for (const { socket } of opened) socket.destroy();
    await expect.poll(async () => (await post(' '.repeat(size - 1).concat('7'))).status).toBe(400);
  });
});

describe('one workspace with large pictures', () => {
  test('does not hold up the pictures of others', async () => {
    const large = await png(4_000, 4_000);
    const small = await png(50, 50);
    // Their login and the start of the process that makes pictures are not what they wait for here.
    await upload(others, { bytes: small });
    let ended = 0;
    const uploads = Array.from({ length: 8 }, () =>
      upload(scenario, { bytes: large }).finally(() => {
        ended++;
      }),
    );
    // Until the first one is done, the others stand in line.
    await Promise.race(uploads);
    expect((await upload(others, { bytes: small })).body.has_thumbnail).toBe(true);
    expect(ended).toBeLessThan(uploads.length);
    for (const { body } of await Promise.all(uploads)) expect(body.has_thumbnail).toBe(true);
  });

  test('has no small pictures of the largest ones, nor of more than a few at once', async () => {
    const huge = (await upload(scenario, { bytes: await png(5_000, 4_000) })).body;
    expect(huge).toMatchObject({ width: 5_000, height: 4_000, has_thumbnail: false });
    // As a phone makes it.
    const photo = await sharp(await png(6_000, 4_000))
      .jpeg()
      .toBuffer();
    expect((await upload(scenario, { bytes: photo })).body).toMatchObject({ width: 6_000, has_thumbnail: true });
    const bytes = await png(3_000, 3_000);
    const answers = await Promise.all(Array.from({ length: 20 }, () => upload(scenario, { bytes })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
    const made = answers.filter(({ body }) => body.has_thumbnail).length;
    expect(made).toBeGreaterThanOrEqual(8);
    expect(made).toBeLessThan(20);
  });
});
