// How often a caller, a workspace and an address may ask, and when those that asked too often may again.
import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metaPosts } from '../setup/meta-posts.ts';
import { owner, type Scenario, startScenario } from '../setup/scenario.ts';

describe('rate limits', () => {
  let strict: Scenario;
  beforeAll(async () => {
    strict = await startScenario({
      clock: 'manual',
      env: { API_RATE_LIMIT: '20', API_RATE_LIMIT_WORKSPACE: '30', API_FAILURE_LIMIT: '5' },
    });
  });
  afterAll(() => strict.close());
  const rest = () => strict.clock.advance(120_000);

  test('each response has the remaining limits of the caller and the workspace', async () => {
    rest();
    const { headers } = await strict.api('GET', '/api/v1/me');
    expect(headers.get('ratelimit-policy')).toBe('"caller";q=20;w=10, "workspace";q=30;w=10');
    expect(headers.get('ratelimit')).toBe('"caller";r=19;t=1, "workspace";r=29;t=1');
    expect((await fetch(`${strict.recado.url}/livez`)).headers.has('ratelimit')).toBe(false);
  });

  test('a caller over the limit is rejected until Retry-After has passed, and others are not', async () => {
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

  test('an address without good credentials is rejected after some, and who was let in lately still is', async () => {
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

  test('an address sends 100 requests at once to public routes, with any credentials', async () => {
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

  test('an address with many wrong signatures is told so; right ones come through, and large bodies in turns', async () => {
    rest();
    const { path, sign } = metaPosts(() => strict);
    const post = (raw: string, signature = sign(raw)) =>
      strict.as(undefined)('POST', path, raw, { 'x-hub-signature-256': signature });
    const large = JSON.stringify({ object: 'whatsapp_business_account', entry: [], padding: 'x'.repeat(200_000) });
    const wrong = sign('something else');
    for (let i = 0; i < 4; i++) expect((await post('{}', wrong)).status).toBe(401);
    expect((await post('{}', 'none')).status).toBe(401);
    const refused = await post('{}', wrong);
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post('{}', 'none')).status).toBe(429);
    expect((await post('{}')).status).toBe(200);
    // Meta may sign with a secret that somebody mistyped, behind the proxy of everybody.
    expect((await strict.as('guess')('GET', '/api/v1/me')).status).toBe(401);

    const headers = { 'x-hub-signature-256': wrong, 'content-length': large.length };
    const slow = request(`${strict.recado.url}${path}`, { method: 'POST', headers });
    slow.on('error', () => {});
    await new Promise<void>(resolve => slow.write(large.slice(0, 100_000), () => resolve()));
    const [right, ...others] = [post(large), post(large, wrong), post(large, wrong)];
    expect((await post('{}')).status).toBe(200);
    slow.end(large.slice(100_000));
    const [answer] = await once(slow, 'response');
    expect(answer.statusCode).toBe(429);
    answer.resume();
    expect((await right)?.status).toBe(200);
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([429, 429]);
    rest();
    expect((await post('{}', wrong)).status).toBe(401);
  });
});
