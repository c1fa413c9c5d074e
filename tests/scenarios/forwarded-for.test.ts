// Whose word about the address of a caller counts: that of the connection, or that of proxies that are trusted.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
});
afterAll(() => scenario.close());

describe('X-Forwarded-For', () => {
  const failLogin = (of: Scenario, address: string, email = `nobody-${Math.random()}@example.com`) =>
    of.as(undefined)('POST', '/api/v1/auth/login', { email, password: 'not this one' }, { 'x-forwarded-for': address });
  const keyFor = async (of: Scenario, addresses: string[]) =>
    (await of.api('POST', '/api/v1/keys', { name: 'from there', scopes: ['messages.read'], addresses })).body.key;

  test('is nobody’s word where no proxy is trusted: limits and lists of addresses go by the connection', async () => {
    const key = await keyFor(scenario, ['203.0.113.7']);
    expect((await scenario.as(key)('GET', '/api/v1/me', undefined, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(
      401,
    );
    const statuses = [];
    for (let i = 1; i <= 6; i++)
      statuses.push((await failLogin(scenario, `203.0.113.${i}`, 'nobody@example.com')).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const rows = await scenario.sql<{ subject: string }>(
      `select distinct subject from login_failure where subject like 'address%'`,
    );
    expect(rows).toEqual([{ subject: 'address 127.0.0.1' }]);
  });

  test.each([
    ['one proxy', '1'],
    ['proxies by their ranges', 'loopback, 10.0.0.0/8'],
  ])('counts where it comes from %s', async (_, trusted) => {
    const behind = await startScenario({ env: { TRUST_PROXY: trusted } });
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
      for (let i = 0; i < 6; i++)
        statuses.push((await failLogin(behind, `192.0.2.${i}, 198.51.100.9`, 'nobody@example.com')).status);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
      for (const nonsense of ['unknown', '203.0.113.7:443', "' or 1=1", '999.1.1.1'])
        expect(await from(nonsense)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    } finally {
      await behind.close();
    }
  });

  test('does not count when it comes from elsewhere than the proxies', async () => {
    const behind = await startScenario({ env: { TRUST_PROXY: '10.0.0.0/8' } });
    try {
      const key = await keyFor(behind, ['203.0.113.7']);
      const answer = await behind.as(key)('GET', '/api/v1/me', undefined, { 'x-forwarded-for': '203.0.113.7' });
      expect(answer.status).toBe(401);
    } finally {
      await behind.close();
    }
  });
});
