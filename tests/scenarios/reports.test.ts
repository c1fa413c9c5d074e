// Reports: figures of a range by any grouping, with their rates, beside the period before.
import { latencySchema, reportSchema, responsesSchema, type StatisticsReport } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callingCodeOf } from '../../server/kit/text/country.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
const day = 86_400_000;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
  await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, { time_zone: 'America/Sao_Paulo' });
  // A week before, at noon in UTC: one that is read. Then one read, one rejected, one answered.
  await scenario.advance(day + day / 2 - (scenario.clock.now() % day));
  await scenario.send('+5511987650001');
  await scenario.settle();
  await scenario.advance(7 * day);
  await scenario.send('+5511987650001');
  await scenario.send('+12025550112');
  await scenario.settle();
  await fetch(`${scenario.simulator.url}/phones/+5511987650001/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'text', text: { body: 'Thank you!' } }),
  });
  await scenario.settle();
  await scenario.advance(60_000);
});
afterAll(() => scenario?.close());

async function report(query: string): Promise<StatisticsReport> {
  const { status, body } = await scenario.api('GET', `/api/v1/statistics?${query}`);
  expect([status, body.errors]).toEqual([200, undefined]);
  return reportSchema.parse(body);
}

test('a day has its figures and rates, beside the same weekday before', async () => {
  const today = await report(`account_ids=${scenario.account.id}&compare=true&group_by=hour`);
  expect(today).toMatchObject({
    time_zone: 'America/Sao_Paulo',
    total: {
      ...{ outbound: 2, inbound: 1, sent: 2, delivered: 1, read: 1, failed: 1, waiting: 0 },
      delivery: { rate: 0.5, of: 2, open: 0 },
      reading: { rate: 1, of: 1, open: 0 },
      failure: { rate: 0.5, of: 2, open: 0 },
    },
    previous: { outbound: 1, inbound: 0, read: 1, delivery: { rate: 1, of: 1, open: 0 } },
  });
  expect(Date.parse(today.from) - Date.parse(today.previous_from ?? '')).toBe(7 * day);
  // Nine in the morning there; the day begins at midnight there.
  expect(today.from.slice(11)).toBe('03:00:00.000Z');
  expect(today.groups).toHaveLength(10);
  expect(today.groups[9]).toMatchObject({ key: expect.stringContaining('T12:00'), outbound: 2, previous: { read: 1 } });
});

test('groups have their names, and errors who must act', async () => {
  const byAccount = await report('group_by=account');
  expect(byAccount.groups).toMatchObject([{ key: scenario.account.id, name: scenario.account.name, outbound: 2 }]);
  expect(byAccount.previous).toBeNull();
  const from = new Date(scenario.clock.now() - 8 * day).toISOString();
  const byError = await report(`group_by=error&from=${from}&compare=true`);
  expect(byError.groups).toMatchObject([
    {
      name: expect.any(String),
      failed: 1,
      outbound: 1,
      error: { who: expect.any(String), advice: expect.any(String) },
    },
  ]);
  const { data } = (await scenario.api('GET', '/api/v1/messages?status=failed')).body;
  expect(byError.groups[0]).toMatchObject({ key: data[0].error.code, name: data[0].error.title });
});

test('a group by country has its calling code, for each code that there is', async () => {
  const byCountry = await report('group_by=country');
  expect(byCountry.groups).toMatchObject([
    { key: '1', countries: expect.arrayContaining(['US', 'CA']), outbound: 1, inbound: null },
    { key: '55', countries: ['BR'], outbound: 1, inbound: null },
  ]);
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const countries = letters.flatMap(first => letters.map(second => first + second));
  const codes = [...new Set(countries.flatMap(country => callingCodeOf(country) ?? []))];
  const counted = await scenario.sql<{ code: string }>(
    `select counted_calling_code('outbound', '+' || code || '12345678') as code from unnest($1::text[]) code`,
    [codes],
  );
  expect(counted.map(({ code }) => code)).toEqual(codes);
});

test('it is a CSV file, too', async () => {
  const { status, text } = await scenario.api('GET', '/api/v1/statistics/export?group_by=account');
  expect([status, text.split('\r\n')]).toEqual([
    200,
    [expect.stringMatching(/^"key","name","outbound"/), expect.stringContaining(`"${scenario.account.id}"`), ''],
  ]);
});

test.each([
  'group_by=week',
  'from=2020-01-01T00:00:00Z&until=2020-03-01T00:00:00Z&group_by=hour',
  'from=2020-01-01T00:00:00Z',
  'from=2020-01-02T00:00:00Z&until=2020-01-01T00:00:00Z',
  'time_zone=Mars/Base',
  'account_ids=x',
])('%s is rejected', async query => {
  expect((await scenario.api('GET', `/api/v1/statistics?${query}`)).body.code).toBe('invalid_request');
});

const responses = async (query = '') =>
  responsesSchema.parse((await scenario.api('GET', `/api/v1/statistics/responses?${query}`)).body);

test('a person waits until a person answers, and no program ends that', async () => {
  expect(await responses()).toMatchObject({
    answered: { n: 0, p50_seconds: null },
    waiting: {
      n: 1,
      oldest_account_id: scenario.account.id,
      spans: [{ n: 0 }, { below_seconds: 300, n: 1 }, {}, {}, {}, {}],
    },
  });
  const { body: key } = await scenario.api('POST', '/api/v1/keys', { name: 'shop', scopes: ['messages.create'] });
  const answer = (call: typeof scenario.api) =>
    call('POST', '/api/v1/messages', {
      ...{ account_id: scenario.account.id, to: '+5511987650001', type: 'text', text: { body: 'Here we are.' } },
    });
  await scenario.advance(10 * 60_000);
  expect((await answer(scenario.as(key.key))).status).toBe(202);
  expect((await responses()).waiting.n).toBe(1);
  expect((await answer(scenario.api)).status).toBe(202);
  await scenario.settle();
  for (const _ of ['not folded', 'folded']) {
    const { answered, waiting } = await responses();
    expect(waiting).toMatchObject({ n: 0, oldest_at: null });
    expect(answered).toMatchObject({ n: 1, spans: [{ n: 0 }, { n: 0 }, { below_seconds: 900, n: 1 }, {}, {}, {}] });
    expect(Math.abs((answered.p50_seconds ?? 0) - 660)).toBeLessThan(60);
    await scenario.advance(60_000);
  }
  expect(await scenario.sql('select 1 from latency_delta')).toEqual([]);
  expect((await scenario.api('GET', '/api/v1/statistics/responses/export')).text.split('\r\n')).toHaveLength(8);
});

test('where conversations become one, the person waits since the earlier moment', async () => {
  const write = (from: string) =>
    fetch(`${scenario.simulator.url}/phones/${from}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'text', text: { body: 'Hello?' } }),
    });
  await write('+5511987650002');
  await scenario.settle();
  const { oldest_at } = (await responses()).waiting;
  await scenario.advance(5_000);
  await write('+5511987650003');
  await scenario.settle();
  const ids = ['5511987650002', '5511987650003'].map(async phone => {
    const { data } = (await scenario.api('GET', `/api/v1/contacts?search=${phone}`)).body;
    return data[0].id as string;
  });
  const [lost, kept] = await Promise.all(ids);
  expect((await responses()).waiting.n).toBe(2);
  const merged = await scenario.api('POST', `/api/v1/contacts/${kept}/merge`, { other_id: lost });
  expect([merged.status, merged.body.code]).toEqual([200, undefined]);
  expect((await responses()).waiting).toMatchObject({ n: 1, oldest_at });
  expect((await scenario.api('POST', `/api/v1/contacts/${kept}/erase`)).status).toBe(200);
  await scenario.advance(1_000);
  expect((await responses()).waiting.n).toBe(0);
});

test('how long messages took has percentiles of each stage', async () => {
  const from = new Date(scenario.clock.now() - 10 * day).toISOString();
  const { body } = await scenario.api('GET', `/api/v1/statistics/latency?compare=true&from=${from}`);
  const { stages, previous } = latencySchema.parse(body);
  const [{ delivered } = { delivered: 0 }] = await scenario.sql<{ delivered: number }>(
    `select count(*)::int as delivered from message where direction = 'outbound' and delivered_at is not null`,
  );
  expect(stages.map(({ stage, n }) => [stage, n > 0])).toEqual([
    ['queue', true],
    ['call', true],
    ['network', true],
  ]);
  // What went with an erased person stays counted.
  expect(stages[2]?.n).toBeGreaterThanOrEqual(delivered);
  expect(previous).toMatchObject([{ n: 0, p50_ms: null }, { n: 0 }, { n: 0 }]);
  const { text } = await scenario.api('GET', `/api/v1/statistics/latency/export?from=${from}`);
  expect(text.split('\r\n').map(line => line.split(',')[0])).toEqual(['"stage"', '"queue"', '"call"', '"network"', '']);
});

test('a caller who is limited to accounts gets the figures of these', async () => {
  const { body: other } = await scenario.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' });
  const { body: key } = await scenario.api('POST', '/api/v1/keys', {
    ...{ name: 'x', scopes: ['messages.read'], account_ids: [other.id] },
  });
  const { body } = await scenario.as(key.key)('GET', '/api/v1/statistics?group_by=account');
  expect(body).toMatchObject({ total: { outbound: 0, inbound: 0 }, groups: [] });
});
