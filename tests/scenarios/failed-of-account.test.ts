// Failures that WhatsApp tells of later and that are the account's: the message fails, and the account is held as by an answer.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const second = 1_000;
const minute = 60 * second;
/** The rate counts the end of a call up to a fiftieth of its minute late. */
const nextSlot = minute + 2 * second;
const limits = { rate: { messages: 1, seconds: 60 }, per_day: null };

let scenario: Scenario;
let numbers = 0;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
const path = () => `/api/v1/accounts/${account.id}`;
const show = async () => (await scenario.api('GET', path())).body;
const hold = async () => (await scenario.api('GET', `${path()}/queue`)).body.hold;
async function resume(): Promise<void> {
  await scenario.api('POST', `${path()}/resume`);
  // A message that leaves at once leaves before the clock moves.
  await scenario.settle();
}
const statusOf = async ({ id }: { id: string }) => (await scenario.message(id)).status;
const post = (to = `+33617${String(100_000 + ++numbers)}`) =>
  scenario.api('POST', '/api/v1/messages', { account_id: account.id, to, type: 'text', text: { body: 'hello' } });
const send = async (to?: string) => {
  const answer = await post(to);
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
};

/** Takes the place of this minute: what is sent now is queued, and none of it fails before the next is accepted. */
async function takeMinute(): Promise<void> {
  await send();
  await scenario.settle();
}

/** Posts that a message has failed, at a moment of the scenario's clock, as Meta does. */
async function tellFailed(message: { id: string }, code: number, at: number): Promise<void> {
  const [row] = await scenario.sql<{ channel_message_id: string }>(
    'select channel_message_id from attempt where message_id = $1',
    [toUuid(message.id)],
  );
  const statuses = [
    {
      id: row?.channel_message_id,
      status: 'failed',
      timestamp: String(Math.floor(at / 1_000)),
      errors: [{ code, title: 'Failed', error_data: { details: `Trouble ${code}.` } }],
    },
  ];
  const value = { metadata: { phone_number_id: account.phone_number_id }, statuses };
  const entry = [{ id: '555000000000001', changes: [{ field: 'messages', value }] }];
  const raw = JSON.stringify({ object: 'whatsapp_business_account', entry });
  const signature = `sha256=${createHmac('sha256', scenario.secrets.appSecret).update(raw).digest('hex')}`;
  const headers = { 'x-hub-signature-256': signature };
  expect((await scenario.as(undefined)('POST', '/webhooks/whatsapp/sandbox', raw, headers)).status).toBe(200);
  await scenario.settle();
}

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', oneClock: true, autoRead: false });
});
afterAll(() => scenario.close());
beforeEach(async () => {
  scenario.simulator.setFault(null);
  account = (await scenario.api('POST', '/api/v1/accounts', { name: 'Fresh', channel: 'sandbox', limits })).body;
  // Statuses have seconds only.
  await scenario.advance(2 * second);
});

test('a flag: the message fails, and queued messages wait until an operator resumes the account', async () => {
  await takeMinute();
  scenario.simulator.setFault(({ to }) => (to === '33617999999' ? 'failed-131031' : null));
  const failed = await send('+33617999999');
  const queued = [await send(), await send()];
  await scenario.advance(nextSlot);
  expect(await scenario.message(failed.id)).toMatchObject({ status: 'failed', error: { code: '131031' } });
  expect(await show()).toMatchObject({ status: 'needs_attention', status_reason: expect.stringContaining('locked') });
  expect(await hold()).toEqual({ reason: 'flagged', until: null });
  queued.push(await send());
  expect(await scenario.message(queued[2].id)).toMatchObject({ waiting: { reason: 'flagged', until: null } });
  await scenario.advance(60 * minute);
  expect(await Promise.all(queued.map(statusOf))).toEqual(['queued', 'queued', 'queued']);
  await resume();
  for (const _ of queued) await scenario.advance(nextSlot);
  expect(await Promise.all(queued.map(statusOf))).toEqual(['delivered', 'delivered', 'delivered']);
  expect(await statusOf(failed)).toBe('failed');
  expect(await show()).toMatchObject({ status: 'connected' });
});

test('trouble of the account: the message fails, and the others wait a minute and are tried', async () => {
  await takeMinute();
  const failed = await send('+12025550134');
  const queued = await send();
  await scenario.advance(nextSlot);
  expect(await scenario.message(failed.id)).toMatchObject({ status: 'failed', error: { code: '131042' } });
  expect(await show()).toMatchObject({ status: 'needs_attention', status_reason: expect.stringContaining('payment') });
  expect(await hold()).toMatchObject({ reason: 'account_error', until: expect.any(String) });
  await scenario.advance(nextSlot);
  expect(await statusOf(queued)).toBe('delivered');
  expect(await show()).toMatchObject({ status: 'connected', status_reason: null });
});

test('a failure that is of the message alone holds nothing', async () => {
  for (const to of ['+12025550112', '+12025550123', '+12025550131']) {
    const failed = await send(to);
    await scenario.settle();
    await scenario.advance(nextSlot);
    expect(await statusOf(failed)).toBe('failed');
  }
  expect(await show()).toMatchObject({ status: 'connected' });
  expect(await hold()).toBe(null);
});

test('neither a repeat nor what failed before the account was resumed holds it again; what failed later does', async () => {
  const messages = [];
  for (let n = 0; n < 3; n++) {
    messages.push(await send());
    await scenario.settle();
    await scenario.advance(nextSlot);
  }
  const [first, other, third] = messages;
  const before = scenario.clock.now();
  await tellFailed(first, 131031, before);
  expect(await show()).toMatchObject({ status: 'needs_attention', status_reason: 'Trouble 131031.' });
  await scenario.advance(10 * second);
  await resume();
  await scenario.advance(10 * second);
  await tellFailed(first, 131031, before);
  // Told late, and of another message.
  await tellFailed(other, 131031, before + second);
  expect(await show()).toMatchObject({ status: 'connected', status_reason: null });
  expect(await hold()).toBe(null);
  await tellFailed(third, 131031, scenario.clock.now());
  expect(await show()).toMatchObject({ status: 'needs_attention' });
  expect(await hold()).toEqual({ reason: 'flagged', until: null });
});

test('a repeat holds no second time where the hold has ended by itself', async () => {
  const first = await send();
  await scenario.settle();
  await scenario.advance(nextSlot);
  const failedAt = scenario.clock.now();
  await tellFailed(first, 131042, failedAt);
  expect(await hold()).toMatchObject({ reason: 'account_error' });
  await scenario.advance(nextSlot);
  await tellFailed(first, 131042, failedAt);
  expect(await hold()).toBe(null);
});
