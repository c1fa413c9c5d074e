// The request log: what was asked of the API, by whom, and what it answered.
import { apiRequestPage } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Call, type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
afterAll(() => scenario.close());

const day = 24 * 3_600_000;
const list = async (query = '', call: Call = scenario.api) =>
  apiRequestPage.parse((await call('GET', `/api/v1/requests?limit=100${query}`)).body);

async function keyFor(scopes: string[], more: object = {}): Promise<{ id: string; name: string; call: Call }> {
  const { body } = await scenario.api('POST', '/api/v1/keys', { name: `for ${scopes.join()}`, scopes, ...more });
  return { id: body.id, name: body.name, call: scenario.as(body.key) };
}

test('tells who asked what and what was answered, without queries, and filters', async () => {
  const { id, name, call } = await keyFor(['contacts.read', 'contacts.manage']);
  await call('POST', '/api/v1/contacts', { name: 'Ana' }, { 'x-request-id': 'shop-1' });
  await call('GET', '/api/v1/contacts?search=%2B5511912345678');
  await call('POST', '/api/v1/contacts', { phone: 'none' });
  await call('GET', '/api/v1/keys');
  await scenario.as('rcd_live_wrong')('GET', '/api/v1/contacts');
  const { data, page } = await list(`&caller_id=${id}`);
  expect(data.map(({ method, path, status, code }) => [method, path, status, code])).toEqual([
    ['GET', '/api/v1/keys', 403, 'forbidden'],
    ['POST', '/api/v1/contacts', 400, 'invalid_request'],
    ['GET', '/api/v1/contacts', 200, null],
    ['POST', '/api/v1/contacts', 201, null],
  ]);
  expect(data[3]).toMatchObject({
    caller: { kind: 'api_key', id, name },
    address: '127.0.0.1',
    request_id: 'shop-1',
  });
  expect(page.total).toBe(4);
  expect(JSON.stringify(data)).not.toContain('5511912345678');
  expect((await list('&outcome=refused')).data).toHaveLength(2);
  expect((await list('&outcome=failed')).data).toEqual([]);
  expect((await list(`&caller_id=${id}&method=POST`)).data).toHaveLength(2);
  expect((await list('&request_id=shop-1')).data.map(({ path }) => path)).toEqual(['/api/v1/contacts']);
  expect((await list('&slower_than_ms=3600000')).data).toEqual([]);
  expect((await list(`&caller_id=${id}&path=/key`)).data.map(({ path }) => path)).toEqual(['/api/v1/keys']);
  const kinds = async (kind: string) =>
    new Set((await list(`&caller_kind=${kind}`)).data.map(({ caller }) => caller.kind));
  expect([await kinds('api_key'), await kinds('person')]).toEqual([new Set(['api_key']), new Set(['person'])]);
  // A page goes on where the one before ended.
  const first = (await scenario.api('GET', `/api/v1/requests?limit=3&caller_id=${id}`)).body;
  const next = await scenario.api(
    'GET',
    `/api/v1/requests?limit=3&caller_id=${id}&cursor=${encodeURIComponent(first.page.next_cursor)}`,
  );
  expect(next.body.data.map((each: { id: string }) => each.id)).toEqual([data[3]?.id]);
});

test('is written beside the requests: a second later it is in the database', async () => {
  const { call } = await keyFor(['contacts.read']);
  await call('GET', '/api/v1/contacts', undefined, { 'x-request-id': 'beside-1' });
  const stored = () => scenario.sql("select 1 from request where request_id = 'beside-1'");
  expect(await stored()).toEqual([]);
  await expect
    .poll(async () => {
      scenario.advance(1_000);
      return stored();
    })
    .toHaveLength(1);
});

test('is for callers with the right, and for all accounts', async () => {
  const { body: account } = await scenario.api('GET', '/api/v1/accounts');
  const limited = await keyFor(['requests.read'], { account_ids: [account.data[0].id] });
  expect((await limited.call('GET', '/api/v1/requests')).status).toBe(403);
  const { call } = await keyFor(['audit.read']);
  expect((await call('GET', '/api/v1/requests')).body).toMatchObject({ code: 'forbidden' });
  expect((await list('', (await keyFor(['requests.read'])).call)).data.length).toBeGreaterThan(0);
});

test('keeps requests for 7 days', async () => {
  await scenario.api('GET', '/api/v1/accounts', undefined, { 'x-request-id': 'old-1' });
  expect((await list('&request_id=old-1')).data).toHaveLength(1);
  scenario.advance(6 * day);
  await scenario.settle();
  expect((await list('&request_id=old-1')).data).toHaveLength(1);
  await expect
    .poll(async () => {
      scenario.advance(day);
      await scenario.settle();
      return scenario.sql("select 1 from request where request_id = 'old-1'");
    })
    .toEqual([]);
});

test('can be off', async () => {
  const own = await startScenario({ env: { REQUEST_LOG: 'off' } });
  try {
    await own.api('GET', '/api/v1/accounts');
    expect((await own.api('GET', '/api/v1/requests')).body.data).toEqual([]);
  } finally {
    await own.close();
  }
});
