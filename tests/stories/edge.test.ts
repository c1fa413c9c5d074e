// The edge: what answers carry, who may read them, whose word about addresses counts, and what bad requests come to.
import { createHash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessTokens } from '../../server/features/auth/index.ts';
import { logIn } from '../../server/features/auth/log-in.ts';
import { type Database, openDatabase, type Queryable } from '../../server/kit/db.ts';
import { openLog } from '../../server/kit/log.ts';
import { sealer } from '../../server/kit/sealed.ts';
import { toQuery } from '../../server/kit/sql.ts';
import { realClock } from '../../server/kit/time.ts';
import { sendBytes } from '../setup/socket.ts';
import { owner, type Story, secretKey, startStory } from '../setup/story.ts';

let story: Story;
let url: string;
beforeAll(async () => {
  story = await startStory();
  url = story.recado.url ?? '';
});
afterAll(() => story.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers });
const bearer = async (of = story) => ({ authorization: `Bearer ${await of.token()}` });

describe('what every answer carries', () => {
  test.each(['/livez', '/api/v1/me', '/nowhere', '/openapi.json', '/webhooks/whatsapp/nobody', '/docs/', '/setup'])(
    '%s: a policy without inline, no guessing of types, no referrer, no frame, no word of what runs',
    async path => {
      const { headers, body } = await get(path);
      await body?.cancel();
      const policy = headers.get('content-security-policy');
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(policy).not.toContain('*');
      if (!path.startsWith('/docs') && path !== '/setup')
        expect(policy).toBe("default-src 'none';frame-ancestors 'none'");
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'DENY',
      });
      for (const name of ['x-powered-by', 'server', 'strict-transport-security', 'access-control-allow-origin'])
        expect(headers.has(name), name).toBe(false);
    },
  );

  test('the setup page runs what its policy has the hashes of, and nothing else', async () => {
    const answer = await get('/setup');
    const page = await answer.text();
    const policy = answer.headers.get('content-security-policy') ?? '';
    for (const [tag, place] of [
      ['style', 'style-src'],
      ['script', 'script-src'],
    ] as const) {
      const inside = new RegExp(`<${tag}>([^]*)</${tag}>`).exec(page)?.[1] ?? '';
      expect(policy).toContain(`${place} 'sha256-${createHash('sha256').update(inside).digest('base64')}'`);
    }
    expect(page).not.toMatch(/ on\w+=| style=/);
  });

  test('the page of the documents has no script and no style within itself', async () => {
    const page = await (await get('/docs/')).text();
    expect(page).not.toMatch(/<style|<script(?![^>]*\ssrc=)[^>]*>| on\w+=| style=/);
    expect(await (await get('/docs/static/swagger-initializer.js')).text()).toContain('BaseLayout');
  });

  test('what is answered to somebody is kept by nobody in between', async () => {
    for (const path of ['/api/v1/me', '/api/v1/messages', '/api/v1/messages/msg_nothing', '/api/v1/keys'])
      expect((await get(path, await bearer())).headers.get('cache-control'), path).toBe('no-store');
    expect((await get('/api/v1/me')).headers.get('cache-control')).toBe('no-store');
  });
});

describe('an address that is no address', () => {
  test.each(['/%zz', '/api/v1/messages/%', `/api/v1/messages/${'x'.repeat(500)}`])(
    '%s is refused with a problem',
    async path => {
      const answer = await get(path, await bearer());
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    },
  );
});

describe('other origins', () => {
  const ours = 'https://app.example';
  let open: Story;
  beforeAll(async () => {
    open = await startStory({
      env: { CORS_ORIGINS: `${ours}, http://localhost:5173` },
    });
  });
  afterAll(() => open.close());
  const ask = (of: Story, origin: string, method = 'OPTIONS') =>
    fetch(`http://127.0.0.1:${portOf(of)}/api/v1/messages`, {
      method,
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });

  test('are let in by nobody unless they are named', async () => {
    const { headers, status } = await ask(story, ours);
    expect(status).toBe(405);
    expect([...headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([]);
  });

  test('are let in where they are named, without cookies', async () => {
    for (const origin of [ours, 'http://localhost:5173']) {
      const { headers, status } = await ask(open, origin);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-headers')).toContain('authorization');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('vary')).toContain('Origin');
    }
    const asked = (await ask(open, ours)).headers.get('access-control-allow-headers')?.split(', ');
    expect(asked).toEqual(expect.arrayContaining(['range', 'if-range', 'if-none-match', 'idempotency-key']));
    const { headers, status } = await ask(open, ours, 'GET');
    const shown = ['etag', 'content-range', 'accept-ranges', 'content-disposition', 'retry-after', 'ratelimit'];
    expect(headers.get('access-control-expose-headers')?.split(', ')).toEqual(expect.arrayContaining(shown));
    expect(status).toBe(401);
    expect(headers.get('access-control-allow-origin')).toBe(ours);
  });

  test.each([
    'null',
    'https://evil-app.example',
    'https://app.example.evil.example',
    'https://app.example:8443',
    'http://app.example',
    'https://APP.example',
    'https://app.example/',
    'https://evil.example, https://app.example',
    '*',
  ])('%s is not one of them', async origin => {
    for (const method of ['OPTIONS', 'GET']) {
      const { headers } = await ask(open, origin, method);
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('under https, browsers are told to come by https only', async () => {
    const safe = await startStory({ owner: false, env: { PUBLIC_URL: 'https://recado.example' } });
    const { headers } = await fetch(`http://127.0.0.1:${portOf(safe)}/livez`);
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    await safe.close();
  });
});

function portOf(of: Story): number {
  const address = of.recado.server?.server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

describe('X-Forwarded-For', () => {
  const failLogin = (of: Story, address: string) =>
    of.as(undefined)(
      'POST',
      '/api/v1/auth/login',
      { email: `nobody-${Math.random()}@example.com`, password: 'not this one' },
      { 'x-forwarded-for': address },
    );
  const keyFor = async (of: Story, addresses: string[]) =>
    (await of.api('POST', '/api/v1/keys', { name: 'from there', scopes: ['messages.read'], addresses })).body.key;

  test('is nobody’s word where no proxy is trusted: limits and lists of addresses go by the connection', async () => {
    const key = await keyFor(story, ['203.0.113.7']);
    expect((await story.as(key)('GET', '/api/v1/me', undefined, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(
      401,
    );
    const statuses = [];
    for (let i = 1; i <= 6; i++) statuses.push((await failLogin(story, `203.0.113.${i}`)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const rows = await story.sql<{ subject: string }>(
      `select distinct subject from login_failure where subject like 'address%'`,
    );
    expect(rows).toEqual([{ subject: 'address 127.0.0.1' }]);
  });

  test.each([
    ['one proxy', '1'],
    ['proxies by their ranges', 'loopback, 10.0.0.0/8'],
  ])('counts where it comes from %s', async (_, trusted) => {
    const behind = await startStory({ env: { TRUST_PROXY: trusted } });
    try {
      const key = await keyFor(behind, ['203.0.113.0/24']);
      const from = (address: string) => behind.as(key)('GET', '/api/v1/me', undefined, { 'x-forwarded-for': address });
      expect((await from('203.0.113.7')).status).toBe(200);
      expect((await from('198.51.100.7')).status).toBe(401);
      // What the caller wrote itself stands before what the proxy added.
      expect((await from('203.0.113.7, 198.51.100.7')).status).toBe(401);
      expect((await from('198.51.100.7, 203.0.113.7')).status).toBe(200);
      for (let i = 1; i <= 6; i++) expect((await failLogin(behind, `203.0.113.${i}`)).status).toBe(401);
      const statuses = [];
      for (let i = 0; i < 6; i++) statuses.push((await failLogin(behind, `192.0.2.${i}, 198.51.100.9`)).status);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
      for (const nonsense of ['unknown', '203.0.113.7:443', "' or 1=1", '999.1.1.1'])
        expect(await from(nonsense)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    } finally {
      await behind.close();
    }
  });

  test('does not count when it comes from elsewhere than the proxies', async () => {
    const behind = await startStory({ env: { TRUST_PROXY: '10.0.0.0/8' } });
    try {
      const key = await keyFor(behind, ['203.0.113.7']);
      const answer = await behind.as(key)('GET', '/api/v1/me', undefined, { 'x-forwarded-for': '203.0.113.7' });
      expect(answer.status).toBe(401);
    } finally {
      await behind.close();
    }
  });
});

describe('what comes too slowly, or is too large to read', () => {
  let hasty: Story;
  beforeAll(async () => {
    hasty = await startStory({ timeouts: { headers: 100, request: 200, keepAlive: 100, look: 50 } });
  });
  afterAll(() => hasty.close());

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

  test('a connection without requests is closed', async () => {
    const { recado, close } = await startStory({ timeouts: { headers: 5_000, keepAlive: 100, look: 50 } });
    try {
      const answer = await sendBytes(recado.url ?? '', 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    } finally {
      await close();
    }
  });

  test('headers that are too large are refused', async () => {
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
    ['what is no HTTP', 'hello\r\n\r\n'],
    [
      'two lengths',
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
    ],
    [
      'a length beside chunks',
      'POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no host', 'GET /livez HTTP/1.1\r\n\r\n'],
  ])('%s is refused', async (_, bytes) => {
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
  ])('%s: refused with a problem of a decent size, and nothing breaks', async (_, body) => {
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
  // A body that is announced and never comes: whoever waits for it does not answer.
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
  const port = portOf(story);
  const authorization = (await bearer()).authorization;
  const before = await story.sql<{ n: number }>('select count(*)::int as n from account');
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
  expect(await story.sql('select count(*)::int as n from account')).toEqual(before);
});

describe('rate limits', () => {
  let strict: Story;
  beforeAll(async () => {
    strict = await startStory({
      clock: 'manual',
      env: { API_RATE_LIMIT: '20', API_RATE_LIMIT_WORKSPACE: '30', API_FAILURE_LIMIT: '5' },
    });
  });
  afterAll(() => strict.close());
  const rest = () => strict.clock.advance(120_000);

  test('each answer tells the caller what is left, of its own and of the workspace’s', async () => {
    rest();
    const { headers } = await strict.api('GET', '/api/v1/me');
    expect(headers.get('ratelimit-policy')).toBe('"caller";q=20;w=10, "workspace";q=30;w=10');
    expect(headers.get('ratelimit')).toBe('"caller";r=19;t=1, "workspace";r=29;t=1');
    expect((await fetch(`${strict.recado.url}/livez`)).headers.has('ratelimit')).toBe(false);
  });

  test('whoever asks too often is refused until the seconds of Retry-After are over, and others are not', async () => {
    rest();
    const key = (await strict.api('POST', '/api/v1/keys', { name: 'other', scopes: ['messages.read'] })).body.key;
    rest();
    for (let i = 0; i < 20; i++) expect((await strict.api('GET', '/api/v1/me')).status).toBe(200);
    const refused = await strict.api('GET', '/api/v1/me');
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('ratelimit')).toMatch(/^"caller";r=0;t=10, /);
    for (let i = 0; i < 10; i++) expect((await strict.as(key)('GET', '/api/v1/me')).status).toBe(200);
    const both = await strict.as(key)('GET', '/api/v1/me');
    expect(both.body.detail).toContain('workspace');
    strict.clock.advance(1_000);
    expect((await strict.api('GET', '/api/v1/me')).status).toBe(200);
  });

  test('an address without good credentials is refused after some, and who was let in lately still is', async () => {
    rest();
    const token = await strict.token();
    expect((await strict.as(token)('GET', '/api/v1/me')).status).toBe(200);
    const login = await strict.as(undefined)('POST', '/api/v1/auth/login', { ...owner, cookies: true });
    const [access = ''] = login.headers.getSetCookie().map(each => each.split(';')[0]);
    const byCookie = (theme: string) =>
      strict.as(undefined)('GET', '/api/v1/me', undefined, { cookie: `theme=${theme}; ${access}` });
    expect((await byCookie('dark')).status).toBe(200);
    const guess = (i: number) => strict.as(`guess-${i}`)('GET', '/api/v1/me');
    for (let i = 0; i < 5; i++) expect((await guess(i)).status).toBe(401);
    const refused = await guess(6);
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await strict.as(token)('GET', '/api/v1/me')).status).toBe(200);
    // However the header is written, and whatever other cookies come with it.
    expect((await byCookie('light')).status).toBe(200);
    const lower = { authorization: `bearer ${token}` };
    expect((await strict.as(undefined)('GET', '/api/v1/me', undefined, lower)).status).toBe(200);
    rest();
    expect((await guess(7)).status).toBe(401);
  });

  test('an address knocks so often at once, whatever it brings', async () => {
    rest();
    const refresh = () =>
      strict.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token: `rcr_${'x'.repeat(43)}` });
    for (let i = 0; i < 100; i++) expect((await refresh()).status).toBe(401);
    const refused = await strict.as(undefined)('POST', '/api/v1/auth/login', owner);
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await strict.api('GET', '/api/v1/me')).status).toBe(200);
    strict.clock.advance(1_000);
    expect((await strict.as(undefined)('POST', '/api/v1/auth/login', owner)).status).toBe(200);
  });
});

test('a login does the same work whether the address is known or not', async () => {
  const engine = openDatabase(
    { connection: { connectionString: story.databaseUrl }, role: 'recado_engine', name: 'work', max: 2 },
    openLog('silent'),
  );
  const work: unknown[] = [];
  const counted = (db: Queryable): Queryable => ({
    query: fragment => {
      work.push(toQuery(fragment).text);
      return db.query(fragment);
    },
  });
  const db: Database = {
    ...engine,
    ...counted(engine),
    atomic: counted(engine.atomic),
    transaction: run => {
      work.push('begin');
      return engine.transaction(tx => run(counted(tx)));
    },
  };
  const note = (message: unknown) => work.push(message);
  subscribe('recado.password.tried', note);
  try {
    const tokens = accessTokens(secretKey, realClock);
    const attempt = async (email: string, address: string) => {
      work.length = 0;
      await expect(
        logIn(
          { db, clock: realClock, tokens, sealer: sealer(secretKey) },
          { email, password: 'not the password' },
          {
            address,
            network: address,
            userAgent: undefined,
            requestId: 'x',
          },
        ),
      ).rejects.toMatchObject({ code: 'credentials_invalid' });
      return [...work];
    };
    const known = await attempt(owner.email, '198.51.100.20');
    const unknown = await attempt('nobody@example.com', '198.51.100.21');
    expect(unknown).toEqual(known);
    expect(known).toContainEqual({ parameters: '$argon2id$v=19$m=19456,t=2,p=1' });
    expect(known.length).toBeGreaterThan(8);
  } finally {
    unsubscribe('recado.password.tried', note);
    await engine.close();
  }
});

describe('problems', () => {
  test('tell nothing of the inside', async () => {
    const broken = await startStory();
    const call = broken.api;
    const answers = [
      await call('GET', '/api/v1/nowhere'),
      await call('PUT', '/api/v1/messages'),
      await call('POST', '/api/v1/messages', '{"a":'),
      await call('POST', '/api/v1/messages', 'x', { 'content-type': 'text/plain' }),
      await call('POST', '/api/v1/messages', { nonsense: true }),
      await call('POST', '/api/v1/messages', 'x'.repeat(100_000)),
      await call('GET', '/api/v1/messages?cursor=bm90aGluZw'),
      await call('GET', '/api/v1/messages/msg_00000000000000000000000000'),
      await call('GET', '/api/v1/messages/%zz'),
      await broken.as(undefined)('GET', '/api/v1/me'),
    ];
    // A failure of our own, and a database that is gone.
    await broken.sql('alter table contact rename to contact_away');
    answers.push(await call('GET', '/api/v1/contacts'));
    await broken.sql('alter table contact_away rename to contact');
    expect(answers.at(-1)?.status).toBe(500);
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(
        Object.keys(answer.body).filter(
          name => !['type', 'title', 'status', 'code', 'detail', 'errors', 'request_id'].includes(name),
        ),
      ).toEqual([]);
      expect(answer.text).not.toMatch(
        /node_modules|\.ts\b|\.js\b|\bat \w+.*:\d+|select |relation|contact_away|postgres|recado_api|\/tmp\/|\/work\/|Error:/i,
      );
    }
    await broken.close();
  });
});
