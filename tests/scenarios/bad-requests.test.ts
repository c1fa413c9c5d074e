// What bad requests come to: too slow, too large, no HTTP, no JSON, or of a type that nobody reads.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { messageTypes } from '@recado/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLog } from '../../server/kit/log.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';
import { portOf, sendBytes } from '../setup/socket.ts';

let scenario: Scenario;
let url: string;
beforeAll(async () => {
  scenario = await openWorkspace();
  url = scenario.recado.url ?? '';
});
afterAll(() => scenario.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers });
const bearer = async (of = scenario) => ({ authorization: `Bearer ${await of.token()}` });

describe('a request that is too slow or too large', () => {
  let hasty: Scenario;
  const lines: { level: number; msg: string; route?: string }[] = [];
  beforeAll(async () => {
    const log = openLog('debug', undefined, { write: line => void lines.push(JSON.parse(line)) });
    hasty = await startScenario({ log, timeouts: { headers: 1_000, request: 1_000, keepAlive: 100, look: 50 } });
  });
  afterAll(() => hasty.close());

  test('a body that its client breaks off is no failure of the database: it is logged at debug', async () => {
    const token = await hasty.token();
    const bodies = {
      '/api/v1/auth/login': 'Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"emai',
      '/api/v1/messages/batch': `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n{"mess`,
      '/api/v1/media': `Authorization: Bearer ${token}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000\r\n\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nhello`,
      '/webhooks/whatsapp/:app': `X-Hub-Signature-256: sha256=${'0'.repeat(64)}\r\nContent-Length: 5000\r\n\r\n{`,
    };
    for (const [path, rest] of Object.entries(bodies)) {
      const socket = connect(portOf(hasty), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(`POST ${path.replace(':app', 'sandbox')} HTTP/1.1\r\nHost: x\r\n${rest}`);
      // The server has read it once it answers a later request.
      await fetch(`http://127.0.0.1:${portOf(hasty)}/livez`);
      socket.destroy();
    }
    const told = () => lines.filter(({ msg }) => msg === 'a connection ended within a body').map(({ route }) => route);
    await expect.poll(() => told().sort()).toEqual(Object.keys(bodies).sort());
    expect(lines.filter(({ level }) => level >= 40)).toEqual([]);
  });

  test('headers that do not end are cut off', async () => {
    const answer = await sendBytes(hasty.recado.url ?? '', 'GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow:');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 408, code: 'request_timeout' });
  });

  test('a body that does not end is cut off', async () => {
    const answer = await sendBytes(
      hasty.recado.url ?? '',
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n',
      '{"email":',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('a body that does not end is cut off behind others on its connection', async () => {
    const post = (body: string, length = body.length) =>
      `POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`;
    const answers = await sendBytes(hasty.recado.url ?? '', post('{}'), post('{}'), post('{"email":', 500));
    expect([...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['400', '400', '408']);
  });

  test('a connection without requests is closed', async () => {
    const { recado, close } = await startScenario({ timeouts: { headers: 5_000, keepAlive: 100, look: 50 } });
    try {
      const answer = await sendBytes(recado.url ?? '', 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    } finally {
      await close();
    }
  });

  test('headers that are too large are rejected', async () => {
    const answer = await sendBytes(url, `GET /livez HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('application/problem+json');
    const problem = JSON.parse(answer.split('\r\n\r\n')[1] ?? '');
    expect(problem).toMatchObject({ status: 431, code: 'headers_too_large' });
    expect(answer).toContain(`x-request-id: ${problem.request_id}\r\n`);
    expect(answer).toContain('x-content-type-options: nosniff\r\n');
    expect(answer).toContain("content-security-policy: default-src 'none'");
  });

  test.each([
    ['bytes that are not HTTP', 'hello\r\n\r\n'],
    [
      'two lengths',
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
    ],
    [
      'a length beside chunks',
      'POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no host', 'GET /livez HTTP/1.1\r\n\r\n'],
  ])('%s is rejected', async (_, bytes) => {
    expect(await sendBytes(url, bytes)).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('bodies', () => {
  const routes = [
    '/api/v1/messages',
    '/api/v1/auth/login',
    '/api/v1/accounts',
    '/api/v1/keys',
    '/api/v1/messages/batch',
  ];
  const post = async (path: string, body: string | Buffer, type = 'application/json') => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      body,
      headers: {
        ...(await bearer()),
        'content-type': type,
        'idempotency-key': createHash('md5').update(body).digest('hex'),
      },
    });
    return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') };
  };
  const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;

  test('of more than 64 KB are not read by ordinary routes', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(65_536) });
    for (const path of ['/api/v1/messages', '/api/v1/accounts', '/api/v1/keys'])
      expect(await post(path, body)).toMatchObject({ status: 413, type: expect.stringContaining('problem') });
    expect((await post('/api/v1/messages/batch', body)).status).toBe(400);
  });

  test.each([
    ['a depth of 10,000', nested(10_000)],
    ['a million keys', `{${Array.from({ length: 1_000_000 }, (_, i) => `"${i.toString(36)}":1`).join(',')}}`],
    ['__proto__', '{"__proto__":{"admin":true},"name":"x"}'],
    ['constructor.prototype', '{"constructor":{"prototype":{"admin":true}},"name":"x"}'],
    ['a number beyond all numbers', '{"name":1e400}'],
    ['a lonely surrogate', '{"name":"\\ud800"}'],
    ['NUL', '{"name":"a\\u0000b"}'],
    ['no JSON', '{"name":'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['an array', '[]'],
    ['nothing', ''],
    ['items of a depth of 5,000', `{"messages":[${nested(5_000)}]}`],
    ['more levels than 50 behind a string full of quotes', `{"messages":["\\\\","\\"}]",${nested(60)}]}`],
  ])('%s: rejected with a problem of a decent size, and nothing breaks', async (_, body) => {
    for (const path of routes) {
      const answer = await post(path, body);
      const told = `${path} ${answer.status} ${answer.text.slice(0, 300)}`;
      expect(answer.status < 500, told).toBe(true);
      expect(answer.status === 202 ? path : '/api/v1/messages/batch', told).toBe('/api/v1/messages/batch');
      expect(answer.text.length, told).toBeLessThan(64 * 1024);
    }
    expect((await get('/livez')).status).toBe(200);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test.each([
    ['{"name":', 'Is not valid JSON.'],
    ['{"name":1,,}', 'Is not valid JSON: see character 10.'],
    ['{"__proto__":{}}', 'Must not have a field with the name __proto__ or constructor.prototype.'],
    ['{"a":{"__pr\\u006fto__":1}}', 'Must not have a field with the name __proto__ or constructor.prototype.'],
    ['{"constructor":{"prototype":1}}', 'Must not have a field with the name __proto__ or constructor.prototype.'],
  ])('%s is rejected in our words', async (body, message) => {
    expect(JSON.parse((await post('/api/v1/accounts', body)).text).errors).toEqual([{ field: 'body', message }]);
  });

  test('have one error for each field, and the first answer names all that is missing', async () => {
    const errors = async (body: object) =>
      JSON.parse((await post('/api/v1/messages', JSON.stringify(body))).text).errors;
    const noType = `Must be one of ${messageTypes.join(', ')}.`;
    expect(await errors({})).toEqual([
      { field: 'type', message: `Is missing. ${noType}` },
      { field: 'account_id', message: 'Is missing.' },
      { field: 'to', message: 'Is missing. Give one of to, contact_id, conversation_id, user_id.' },
    ]);
    expect(await errors({ type: 'smoke', account_id: scenario.account.id, to: [], smoke: {} })).toEqual([
      { field: 'type', message: noType },
      { field: 'to', message: 'Must be one value, not several.' },
    ]);
    expect(await errors({ type: 'text', to: [] })).toEqual([
      { field: 'account_id', message: 'Is missing.' },
      { field: 'to', message: 'Must be one value, not several.' },
      { field: 'text', message: 'Is missing.' },
    ]);
    const batch = await post('/api/v1/messages/batch', JSON.stringify({ messages: [{ to: [] }] }));
    expect(JSON.parse(batch.text).results[0].error.errors.map(({ field }: { field: string }) => field)).toEqual([
      'type',
      'account_id',
      'to',
    ]);
  });

  test('are UTF-8, as they are sent on', async () => {
    const latin = Buffer.from('{"name":"Zo\u00eb","channel":"sandbox"}', 'latin1');
    const refused = await post('/api/v1/accounts', latin);
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text).errors).toEqual([{ field: 'body', message: 'Must be UTF-8.' }]);
    for (const charset of ['iso-8859-1', 'utf-16le', '"windows-1252"'])
      expect((await post('/api/v1/accounts', latin, `application/json; charset=${charset}`)).status).toBe(415);
    for (const charset of ['utf-8', '"UTF-8"', 'utf8'])
      expect(
        (await post('/api/v1/accounts', '{"name":"Zoë","channel":"sandbox"}', `application/json;charset=${charset}`))
          .status,
      ).toBe(201);
  });

  test('of two fields of one name the last counts, and a BOM does no harm', async () => {
    const made = await post('/api/v1/accounts', '\ufeff{"name":"First","name":"Second","channel":"sandbox"}');
    expect(made.status).toBe(201);
    expect(JSON.parse(made.text).name).toBe('Second');
  });

  test('the webhook takes what it is made for, and reads no more of it than it must', async () => {
    const hook = (body: string) =>
      fetch(`${url}/webhooks/whatsapp/sandbox`, {
        method: 'POST',
        body,
        headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
      });
    expect((await hook('x'.repeat(3 * 1024 * 1024))).status).toBe(401);
    expect((await hook('x'.repeat(3 * 1024 * 1024 + 1))).status).toBe(413);
    expect((await hook(nested(10_000))).status).toBe(401);
  });
});

test('of a webhook that is for nobody, or not signed, nothing is read', async () => {
  // A body that is announced and never sent: a server that waits for it would not respond.
  const hook = (app: string, header: string) =>
    sendBytes(
      url,
      `POST /webhooks/whatsapp/${app} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3000000\r\n${header}\r\n{`,
    );
  const signature = (text: string) => `X-Hub-Signature-256: ${text}\r\n`;
  expect(await hook('nobody', signature(`sha256=${'0'.repeat(64)}`))).toMatch(/^HTTP\/1\.1 404 /);
  expect(await hook('sandbox', '')).toMatch(/^HTTP\/1\.1 401 /);
  expect(await hook('sandbox', signature('sha256=00'))).toMatch(/^HTTP\/1\.1 401 /);
});

test('no Content-Type gets a body past its schema', async () => {
  const types = [
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/problem+json',
    'text/json',
    '*/*',
  ];
  const strange = [
    '\t',
    ' ',
    ';',
    ',',
    '\ta',
    ' ;',
    '; charset=utf-8',
    ';charset=utf-16',
    '\u00a0',
    '/',
    '"',
    '+json',
    ', application/json',
    'A',
    '\u000b',
    '%00',
    '; a="b',
    '=',
    '\\',
  ];
  const mutated = fc
    .tuple(
      fc.constantFrom(...types),
      fc.array(fc.tuple(fc.nat(40), fc.constantFrom(...strange)), { maxLength: 4 }),
      fc.boolean(),
    )
    .map(([type, changes, upper]) => {
      const text = changes.reduce((given, [at, what]) => given.slice(0, at) + what + given.slice(at), type);
      return upper ? text.toUpperCase() : text;
    });
  const port = portOf(scenario);
  const authorization = (await bearer()).authorization;
  const before = await scenario.sql<{ n: number }>('select count(*)::int as n from account');
  const seen = new Map<number, number>();
  // What no schema here takes: whatever the type, the answer is a refusal, or nothing was read of it.
  const bodies = [
    '{"name":"x","channel":"sandbox","admin":true}',
    '{"name":7}',
    '"text"',
    '[{"name":"x"}]',
    'name=x&channel=sandbox',
  ];
  await fc.assert(
    fc.asyncProperty(
      mutated,
      fc.constantFrom('/api/v1/accounts', '/api/v1/keys', '/api/v1/messages', '/api/v1/auth/login', '/api/v1/setup'),
      fc.constantFrom(...bodies),
      async (type, path, body) => {
        const answer = await sendBytes(
          `http://127.0.0.1:${port}`,
          Buffer.from(
            `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${authorization}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
            'latin1',
          ),
        );
        const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
        seen.set(status, (seen.get(status) ?? 0) + 1);
        expect([400, 415], `${JSON.stringify(type)} ${answer}`).toContain(status);
      },
    ),
    { numRuns: 300 },
  );
  expect(seen.get(400)).toBeGreaterThan(10);
  expect(seen.get(415)).toBeGreaterThan(10);
  expect(await scenario.sql('select count(*)::int as n from account')).toEqual(before);
});
