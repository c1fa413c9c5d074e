// What answers carry, which other origins may read them, and what problems tell.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../server/kit/os/package-root.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';
import { portOf } from '../setup/socket.ts';

let scenario: Scenario;
let url: string;
beforeAll(async () => {
  scenario = await openWorkspace();
  url = scenario.recado.url ?? '';
});
afterAll(() => scenario.close());

/** The addresses in the web app's own list of its pages, with `x` for each parameter. */
function pagesOfTheApp(): string[] {
  const web = join(packageRoot, '../web');
  const files = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter(
    file =>
      /\.tsx?$/.test(file) &&
      !file.includes('node_modules') &&
      /\b(?:createRoute|page)\(/.test(readFileSync(join(web, file), 'utf8')),
  );
  const paths = files.flatMap(file =>
    [...readFileSync(join(web, file), 'utf8').matchAll(/\bpath: '(\/[^']*)'/g)].map(([, path = '']) => path),
  );
  return [...new Set(paths)].map(path => path.replaceAll(/\$\w+/g, 'x'));
}

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers });
const bearer = async (of = scenario) => ({ authorization: `Bearer ${await of.token()}` });

describe('what every answer carries', () => {
  test.each([
    '/livez',
    '/api/v1/me',
    '/api/nowhere',
    '/openapi.json',
    '/webhooks/whatsapp/nobody',
    '/docs',
    '/',
    '/setup',
  ])('%s: a policy without inline, no guessing of types, no referrer, no frame, no server version', async path => {
    const { headers, body } = await get(path);
    await body?.cancel();
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('*');
    if (!['/docs', '/', '/setup'].includes(path)) expect(policy).toBe("default-src 'none';frame-ancestors 'none'");
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'origin-agent-cluster': '?1',
      'x-dns-prefetch-control': 'off',
    });
    for (const name of ['x-powered-by', 'server', 'strict-transport-security', 'access-control-allow-origin'])
      expect(headers.has(name), name).toBe(false);
  });

  test('/docs runs what its policy has the hashes of, and nothing else', async () => {
    const answer = await get('/docs');
    const page = await answer.text();
    const policy = answer.headers.get('content-security-policy') ?? '';
    for (const [tag, place] of [
      ['style', 'style-src'],
      ['script', 'script-src'],
    ] as const) {
      const inside = new RegExp(`<${tag}>([^]*)</${tag}>`).exec(page)?.[1] ?? '';
      expect(policy).toContain(`${place} 'sha256-${createHash('sha256').update(inside).digest('base64')}'`);
    }
    expect(page).not.toMatch(/<[^>]* (?:on\w+|style|src)=/);
    // Nothing is loaded from another host.
    expect(page).not.toMatch(/(?:href|src|action)="(?:https?:)?\/\/(?!127\.0\.0\.1)|url\(|@import/);
  });

  test('pages of the app run files of this server only, which are kept for long under their hashes', async () => {
    for (const path of ['/', '/setup', '/invitation', '/accounts/acc_x']) {
      const answer = await get(path);
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const policy = answer.headers.get('content-security-policy') ?? '';
      for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"])
        expect(policy.split('; ')).toContain(part);
      expect(policy).not.toContain('http');
      const page = await answer.text();
      // Nothing is inline, and nothing is loaded from elsewhere.
      expect(page).not.toMatch(/<style|<script(?![^>]* src=)|<[^>]* (?:on\w+|style)=/);
      const files = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, file]) => file ?? '');
      expect(files.length).toBeGreaterThanOrEqual(3);
      // An app on a phone asks for these by their names, so they are not kept.
      const named = ['/manifest.webmanifest', '/apple-touch-icon.png'];
      for (const file of files) {
        if (!named.includes(file)) expect(file).toMatch(/^\/assets\/[\w-]+\.\w+$/);
        const loaded = await get(file);
        expect([file, loaded.status]).toEqual([file, 200]);
        const kept = loaded.headers.get('cache-control');
        if (named.includes(file)) expect(kept).not.toContain('immutable');
        else expect(kept).toBe('public, max-age=31536000, immutable');
        await loaded.body?.cancel();
      }
    }
  });

  test('a browser gets the app at each address of a page, and a program gets a problem', async () => {
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
    const pages = pagesOfTheApp();
    expect(pages).toEqual(expect.arrayContaining(['/', '/inbox', '/queue', '/messages/x', '/welcome', '/settings']));
    for (const path of [...pages, '/inbox/x', '/settings/people', '/nowhere', '/inbox/?at=1.5'])
      for (const headers of [{ accept }, { accept: '*/*' }]) {
        const page = await get(path, headers);
        expect([path, page.status, page.headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8']);
        expect(await page.text()).toContain('id="root"');
      }
    for (const [path, headers] of [
      ['/nowhere', { accept: 'application/json, text/plain, */*' }],
      ['/api/v1/nowhere', { accept }],
      ['/api', { accept }],
      ['/docs/nowhere', { accept }],
      ['/media/nowhere', { accept }],
      ['/webhooks/nowhere', { accept }],
      ['/assets/nothing.js', { accept }],
      ['/assets/nothing', { accept }],
      ['/favicon.ico', { accept }],
      ['/.well-known/nothing', { accept }],
    ] as const) {
      const answer = await get(path, headers);
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        404,
        'application/problem+json',
      ]);
    }
  });

  test('while there is no owner, the first page leads to the setup', async () => {
    const open = await startScenario({ owner: false });
    try {
      const answer = await fetch(`http://127.0.0.1:${portOf(open)}/`, { redirect: 'manual' });
      expect([answer.status, answer.headers.get('location')]).toEqual([302, '/setup']);
    } finally {
      await open.close();
    }
  });

  test('what is answered to somebody is kept by nobody in between', async () => {
    for (const path of ['/api/v1/me', '/api/v1/messages', '/api/v1/messages/msg_nothing', '/api/v1/keys'])
      expect((await get(path, await bearer())).headers.get('cache-control'), path).toBe('no-store');
    expect((await get('/api/v1/me')).headers.get('cache-control')).toBe('no-store');
  });
});

describe('an address that is no address', () => {
  test.each(['/%zz', '/api/v1/messages/%', `/api/v1/messages/${'x'.repeat(500)}`])(
    '%s is rejected with a problem',
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
  let open: Scenario;
  beforeAll(async () => {
    open = await startScenario({
      env: { CORS_ORIGINS: `${ours}, http://localhost:5173` },
    });
  });
  afterAll(() => open.close());
  const ask = (of: Scenario, origin: string, method = 'OPTIONS') =>
    fetch(`http://127.0.0.1:${portOf(of)}/api/v1/messages`, {
      method,
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });

  test('are let in by nobody unless they are named', async () => {
    const { headers, status } = await ask(scenario, ours);
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
    const safe = await startScenario({ owner: false, env: { PUBLIC_URL: 'https://recado.example' } });
    const { headers } = await fetch(`http://127.0.0.1:${portOf(safe)}/livez`);
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    await safe.close();
  });
});

describe('problems', () => {
  test('tell nothing of the inside', async () => {
    const broken = await startScenario();
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
