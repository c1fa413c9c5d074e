// Calls that WhatsApp refuses for an error of its own, or for now: the message is sent again, and the account spared.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

let scenario: Scenario;
let numbers = 0;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
const number = () => `+33615${String(100_000 + ++numbers)}`;
const path = () => `/api/v1/accounts/${account.id}`;
const hold = async () => (await scenario.api('GET', `${path()}/queue`)).body.hold;
const statusOf = async ({ id }: { id: string }) => (await scenario.message(id)).status;
const at = (ms: number) => new Date(scenario.clock.now() + ms).toISOString();
const callsTo = (to: string) => scenario.simulator.calls().filter(call => `+${call.to}` === to).length;

async function send(to = number(), more: object = {}) {
  const body = { account_id: account.id, to, type: 'text', text: { body: 'hello' }, ...more };
  const answer = await scenario.api('POST', '/api/v1/messages', body);
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
}

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', oneClock: true, autoRead: false });
});
afterAll(() => scenario.close());
beforeEach(async () => {
  scenario.simulator.setFault(null);
  const body = { name: 'Fresh', channel: 'sandbox', limits: { per_day: null } };
  account = (await scenario.api('POST', '/api/v1/accounts', body)).body;
});

test('while Meta answers each call with 131016, nothing is unknown, and the account waits', async () => {
  scenario.simulator.setFault(() => 'error-131016');
  const before = scenario.simulator.calls().length;
  const messages = [];
  for (let n = 0; n < 20; n++) messages.push(await send());
  await scenario.settle();
  expect(new Set(await Promise.all(messages.map(statusOf)))).toEqual(new Set(['queued']));
  expect(await hold()).toMatchObject({ reason: 'throttled' });
  // A quarter of an hour of it.
  for (let n = 0; n < 5; n++) await scenario.advance(3 * minute);
  expect(scenario.simulator.calls().length - before).toBeLessThan(40);
  scenario.simulator.setFault(null);
  for (let n = 0; n < 4; n++) await scenario.advance(5 * minute);
  expect(new Set(await Promise.all(messages.map(statusOf)))).toEqual(new Set(['delivered']));
  expect(await hold()).toBe(null);
});

test('a message that Meta refuses so again and again fails after the calls of delivery.retry', async () => {
  const to = number();
  scenario.simulator.setFault(call => (`+${call.to}` === to ? 'error-131000' : null));
  const message = await send(to);
  for (let n = 0; n < 8; n++) {
    await scenario.settle();
    await send();
    await scenario.advance(minute);
  }
  expect(await scenario.message(message.id)).toMatchObject({
    status: 'failed',
    error: { code: '131000' },
    attempts: Array.from({ length: 4 }, () => ({ class: 'unavailable', code: '131000', status: 'not_sent' })),
  });
  expect(await hold()).toBe(null);
});

test('a few numbers that Meta always refuses hold nobody else, however often they are tried', async () => {
  const bad = Array.from({ length: 4 }, () => number());
  scenario.simulator.setFault(call => (bad.includes(`+${call.to}`) ? 'error-131000' : null));
  const messages = [];
  for (const to of bad) messages.push(await send(to));
  for (let n = 0; n < 6; n++) {
    await scenario.settle();
    expect(await hold()).toBe(null);
    const other = await send();
    await scenario.settle();
    expect(await statusOf(other)).toBe('delivered');
    await scenario.advance(10 * second);
  }
  // Nobody else writes, and each of the four uses up its calls.
  const again = [];
  for (const to of bad) again.push(await send(to));
  for (let n = 0; n < 12; n++) {
    await scenario.advance(10 * second);
    await scenario.settle();
    expect(await hold()).toBe(null);
  }
  expect(new Set(await Promise.all([...messages, ...again].map(statusOf)))).toEqual(new Set(['failed']));
});

test('an account waits once Meta refused five different people in a row, in whichever order', async () => {
  const people = Array.from({ length: 7 }, () => number());
  const step = fc.record({ who: fc.integer({ min: 0, max: 6 }), isRefused: fc.boolean() });
  const steps = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ who: fc.integer({ min: 0, max: 6 }), isRefused: fc.constant(true) }) },
      step,
    ),
    {
      ...{ minLength: 5, maxLength: 14 },
    },
  );
  await fc.assert(
    fc.asyncProperty(steps, async calls => {
      const body = {
        name: 'Fresh',
        channel: 'sandbox',
        limits: { per_day: null },
        delivery: { retry: { attempts: 1, delay_ms: 5_000 } },
      };
      account = (await scenario.api('POST', '/api/v1/accounts', body)).body;
      let refused = new Set<number>();
      for (const { who, isRefused } of calls) {
        scenario.simulator.setFault(() => (isRefused ? 'error-131000' : null));
        await send(people[who]);
        await scenario.settle();
        refused = isRefused ? refused.add(who) : new Set();
        expect((await hold())?.reason).toBe(refused.size >= 5 ? 'throttled' : undefined);
        if (refused.size >= 5) return;
      }
    }),
    { numRuns: 15 },
  );
});

test('a receipt of a call that Meta refused all the same ends the message: it is not sent again', async () => {
  const message = await send('+12025550129');
  await scenario.settle();
  await scenario.advance(minute);
  expect(await scenario.message(message.id)).toMatchObject({
    status: 'delivered',
    attempts: [{ class: 'unavailable', code: '131000', status: 'delivered' }],
  });
  expect(callsTo(message.to)).toBe(1);
});

test('where both calls of a message arrived, its timeline says so', async () => {
  const to = number();
  scenario.simulator.setFault(call => (`+${call.to}` === to ? 'error-131000' : null));
  const message = await send(to);
  await scenario.settle();
  scenario.simulator.setFault(null);
  await scenario.advance(6 * second);
  expect(await statusOf(message)).toBe('delivered');
  // WhatsApp had taken the first call, too.
  const [row] = await scenario.sql<{ token: string }>(
    'select token from attempt where message_id = $1 and number = 1',
    [toUuid(message.id)],
  );
  const timestamp = String(Math.floor(scenario.clock.now() / 1_000));
  const statuses = [{ id: 'wamid.first', status: 'delivered', timestamp, biz_opaque_callback_data: row?.token }];
  const value = { metadata: { phone_number_id: account.phone_number_id }, statuses };
  const entry = [{ id: account.business_account_id, changes: [{ field: 'messages', value }] }];
  const raw = JSON.stringify({ object: 'whatsapp_business_account', entry });
  const signature = `sha256=${createHmac('sha256', scenario.secrets.appSecret).update(raw).digest('hex')}`;
  const headers = { 'x-hub-signature-256': signature };
  expect((await scenario.as(undefined)('POST', '/webhooks/whatsapp/sandbox', raw, headers)).status).toBe(200);
  await scenario.settle();
  expect((await scenario.message(message.id)).events).toContainEqual(
    expect.objectContaining({ type: 'message.duplicated' }),
  );
});

test.each([
  [132069, hour],
  [134101, 10 * minute],
])('after %i only this message waits, and the next one of its conversation leaves', async (code, waitMs) => {
  const to = number();
  scenario.simulator.setFault(call => (`+${call.to}` === to ? `error-${code}` : null));
  const message = await send(to);
  await scenario.settle();
  scenario.simulator.setFault(null);
  expect((await scenario.message(message.id)).waiting).toMatchObject({ reason: 'deferred', until: at(waitMs) });
  const [behind, other] = [await send(to), await send()];
  await scenario.settle();
  expect(await Promise.all([behind, other].map(statusOf))).toEqual(['delivered', 'delivered']);
  const { reasons } = (await scenario.api('GET', `/api/v1/queue/reasons?account_id=${account.id}`)).body;
  expect(reasons).toMatchObject([{ reason: 'deferred', messages: 1, until: at(waitMs) }]);
  await scenario.advance(waitMs);
  expect(await statusOf(message)).toBe('delivered');
  expect(await scenario.sql('select * from check_queue()')).toEqual([]);
});
