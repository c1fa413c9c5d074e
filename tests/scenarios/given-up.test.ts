// What comes to be known of messages that were given up: expired, cancelled, decided by hand, or of a deleted account.
import { createHmac } from 'node:crypto';
import { messageDetailsSchema } from '@recado/contract';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { markRestored } from '../../server/features/outcomes/index.ts';
import { queryable } from '../../server/kit/db/database.ts';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { attemptToken, toUuid } from '../../server/kit/ids.ts';
import { claimAsAnother } from '../setup/another-worker.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const minute = 60_000;

let scenario: Scenario;
let numbers = 0;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
const path = () => `/api/v1/accounts/${account.id}`;
const number = () => `+33617${String(100_000 + ++numbers)}`;
const callsTo = (to: string) => scenario.simulator.calls().filter(call => `+${call.to}` === to).length;
const resolve = (id: string, resolution: string) =>
  scenario.api('POST', `/api/v1/messages/${id}/resolve`, { resolution });
const details = async (id: string) => messageDetailsSchema.parse(await scenario.message(id));
const typesOf = async (id: string) => (await details(id)).events.map(event => event.type);

async function send(more: object = {}): Promise<{ id: string; to: string }> {
  const to = number();
  const body = { account_id: account.id, to, type: 'text', text: { body: 'hello' }, ...more };
  const answer = await scenario.api('POST', '/api/v1/messages', body);
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return { id: answer.body.id, to };
}

/** Sends a message that the channel takes without a word about it. */
async function sendIntoTheDark(more: object = {}) {
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  const message = await send(more);
  await scenario.settle();
  scenario.simulator.setFault(null);
  expect((await details(message.id)).status).toBe('unknown');
  return message;
}

/** Late receipts of the first call of a message, posted to our webhook at once as the channel does. */
async function receive(message: { id: string }, ...words: string[]): Promise<void> {
  const row = { token: attemptToken(toUuid(message.id), 1) };
  const statuses = words.map(status => ({
    id: `wamid.of-${row.token}`,
    status,
    timestamp: String(Math.ceil(scenario.clock.now() / 1_000)),
    recipient_id: '33617000000',
    biz_opaque_callback_data: row.token,
    ...(status === 'failed' && { errors: [{ code: 131026, title: 'Message undeliverable' }] }),
  }));
  const metadata = { display_phone_number: '1', phone_number_id: account.phone_number_id };
  const value = { messaging_product: 'whatsapp', metadata, statuses };
  const entry = [{ id: '1', changes: [{ field: 'messages', value }] }];
  const raw = JSON.stringify({ object: 'whatsapp_business_account', entry });
  const signature = `sha256=${createHmac('sha256', scenario.secrets.appSecret).update(raw).digest('hex')}`;
  const webhook = '/webhooks/whatsapp/sandbox';
  expect((await scenario.as(undefined)('POST', webhook, raw, { 'x-hub-signature-256': signature })).status).toBe(200);
  await scenario.settle();
}

/** Moves the clock past the window of what is unknown, with receipts coming in. */
async function passWindow(): Promise<void> {
  await scenario.advance(minute);
  await send();
  await scenario.settle();
  await scenario.advance(11 * minute);
}

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
afterAll(() => scenario.close());
// One that fails on the way leaves no fault to the next.
afterEach(() => scenario.simulator.setFault(null));
beforeEach(async () => {
  account = (
    await scenario.api('POST', '/api/v1/accounts', { name: 'Fresh', channel: 'sandbox', limits: { per_day: null } })
  ).body;
});

describe('a receipt that comes after', () => {
  test.each([[['sent', 'failed']], [['failed'], ['sent']]])(
    'a retry, and says that the first call failed after all: %j',
    async (...posts) => {
      const message = await sendIntoTheDark();
      await scenario.api('POST', `${path()}/pause`);
      await resolve(message.id, 'retry');
      for (const words of posts) await receive(message, ...words);
      expect(await details(message.id)).toMatchObject({ status: 'queued', waiting: { reason: 'paused' } });
      await scenario.api('POST', `${path()}/resume`);
      await scenario.settle();
      expect((await details(message.id)).status).toBe('read');
      expect(callsTo(message.to)).toBe(2);
    },
  );

  test('the expiry of a retried message', async () => {
    const message = await sendIntoTheDark({ valid_for_seconds: 3_600 });
    await scenario.api('POST', `${path()}/pause`);
    await resolve(message.id, 'retry');
    await scenario.advance(61 * minute);
    expect((await details(message.id)).status).toBe('expired');
    await receive(message, 'delivered');
    expect(await details(message.id)).toMatchObject({ status: 'delivered', delivered_at: expect.any(String) });
    expect(await typesOf(message.id)).toContain('message.reconciled');
    expect(callsTo(message.to)).toBe(1);
  });

  test('the cancellation of a retried message', async () => {
    const message = await sendIntoTheDark();
    await scenario.api('POST', `${path()}/pause`);
    await resolve(message.id, 'retry');
    expect((await scenario.api('POST', `/api/v1/messages/${message.id}/cancel`)).body.status).toBe('cancelled');
    await receive(message, 'read');
    expect((await details(message.id)).status).toBe('read');
    expect((await details(message.id)).events.at(-1)).toMatchObject({
      type: 'message.reconciled',
      data: { from: 'cancelled', to: 'read' },
    });
  });

  test('a failure, which leaves it cancelled', async () => {
    const message = await sendIntoTheDark();
    await scenario.api('POST', `${path()}/pause`);
    await resolve(message.id, 'retry');
    await scenario.api('POST', `/api/v1/messages/${message.id}/cancel`);
    await receive(message, 'failed');
    expect((await details(message.id)).status).toBe('cancelled');
  });

  test.each(['sent', 'delivered'])('an operator has decided that it failed, and says %s', async status => {
    const message = await sendIntoTheDark();
    expect((await resolve(message.id, 'failed')).body).toMatchObject({
      status: 'failed',
      sent_at: null,
      error: { code: 'unknown_outcome', title: 'Decided by an operator.' },
    });
    await receive(message, status);
    expect(await details(message.id)).toMatchObject({ status, error: null });
    expect(await typesOf(message.id)).toContain('message.reconciled');
  });

  test('its account was deleted', async () => {
    const message = await sendIntoTheDark();
    expect((await scenario.api('DELETE', path())).status).toBe(204);
    await receive(message, 'delivered');
    expect((await details(message.id)).status).toBe('delivered');
  });
});

test('while a message is called again that was delivered after all, nothing else is sent to its person', async () => {
  const message = await sendIntoTheDark();
  await scenario.api('POST', `${path()}/pause`);
  await resolve(message.id, 'retry');
  const token = await claimAsAnother(scenario, account.id);
  await receive(message, 'delivered');
  expect((await details(message.id)).status).toBe('delivered');
  const next = await send({ to: message.to });
  const other = await send();
  await scenario.settle();
  expect((await details(other.id)).status).toBe('read');
  expect(await details(next.id)).toMatchObject({
    status: 'queued',
    waiting: { reason: 'conversation_order', until: null },
  });
  await scenario.sql(
    `select record_outcomes($2, $1::uuid[], '{accepted}', '{wamid.again}', '{null}', '{null}', '{0}', '{0}')`,
    [[token], new Date(scenario.clock.now())],
  );
  await scenario.advance(3_000);
  expect((await details(next.id)).status).toBe('read');
});

test('a call that is in flight when an earlier one turns out to have arrived has its place until it ends, and ends where its worker is gone', async () => {
  await scenario.api('PATCH', path(), { limits: { concurrency: 1 } });
  const message = await sendIntoTheDark();
  await scenario.api('POST', `${path()}/pause`);
  await resolve(message.id, 'retry');
  await claimAsAnother(scenario, account.id);
  await receive(message, 'delivered');
  const next = await send();
  await scenario.advance(30_000);
  expect((await details(next.id)).status).toBe('queued');
  await scenario.advance(31_000);
  expect(await details(message.id)).toMatchObject({
    status: 'delivered',
    attempts: [{ status: 'delivered' }, { status: 'unknown', code: 'worker_lost' }],
  });
  expect((await details(next.id)).status).toBe('read');
});

test('a call that comes to nothing when an earlier one has arrived gives its place back', async () => {
  await scenario.api('PATCH', path(), { limits: { concurrency: 1 } });
  const message = await sendIntoTheDark();
  await scenario.api('POST', `${path()}/pause`);
  await resolve(message.id, 'retry');
  const token = await claimAsAnother(scenario, account.id);
  await receive(message, 'delivered');
  const next = await send();
  await scenario.sql(
    `select record_outcomes($2, $1::uuid[], '{not_sent}', '{null}', '{null}', '{null}', '{0}', '{0}')`,
    [[token], new Date(scenario.clock.now())],
  );
  await scenario.advance(3_000);
  expect((await details(next.id)).status).toBe('read');
  expect(await details(message.id)).toMatchObject({
    status: 'delivered',
    attempts: [{ status: 'delivered' }, { status: 'not_sent' }],
  });
});

test('a call that comes to nothing when an earlier one failed after all is made again', async () => {
  const message = await sendIntoTheDark();
  await scenario.api('POST', `${path()}/pause`);
  await resolve(message.id, 'retry');
  const token = await claimAsAnother(scenario, account.id);
  await receive(message, 'sent');
  await receive(message, 'failed');
  await scenario.sql(
    `select record_outcomes($2, $1::uuid[], '{not_sent}', '{null}', '{null}', '{null}', '{0}', '{0}')`,
    [[token], new Date(scenario.clock.now())],
  );
  expect(await details(message.id)).toMatchObject({
    status: 'queued',
    attempts: [{ status: 'failed' }, { status: 'not_sent' }],
  });
  await scenario.api('POST', `${path()}/resume`);
  await scenario.advance(3_000);
  expect((await details(message.id)).status).toBe('read');
  expect((await typesOf(message.id)).filter(type => type === 'message.sent')).toHaveLength(2);
});

test('a longer window for receipts decides nothing of what became unknown while none came', async () => {
  await send();
  await scenario.settle();
  await scenario.advance(minute);
  const message = await sendIntoTheDark({ on_unknown: 'retry' });
  await scenario.advance(11 * minute);
  expect((await details(message.id)).status).toBe('unknown');
  await scenario.api('PATCH', path(), { delivery: { unknown_window_seconds: 3_600 } });
  await scenario.advance(minute);
  expect((await details(message.id)).status).toBe('unknown');
  expect(callsTo(message.to)).toBe(1);
});

test('a receipt that comes less than a second after the one before it tells all the same that receipts come', async () => {
  const other = await send();
  await scenario.settle();
  const message = await sendIntoTheDark({ on_unknown: 'fail' });
  await scenario.sql('update account set last_receipt_at = $2 where id = $1', [
    toUuid(account.id),
    new Date(scenario.clock.now() - 800),
  ]);
  await receive(other, 'delivered');
  await scenario.advance(11 * minute);
  expect((await details(message.id)).status).toBe('failed');
});

test('our own late word about a call is heard before the message is called again', async () => {
  const message = await sendIntoTheDark();
  await scenario.api('POST', `${path()}/pause`);
  await resolve(message.id, 'retry');
  await scenario.sql(
    `select r.* from attempt a cross join lateral record_outcomes($2, array[a.token], '{accepted}', '{wamid.late}', '{null}', '{null}', '{0}', '{0}') r
     where a.message_id = $1`,
    [toUuid(message.id), new Date(scenario.clock.now())],
  );
  expect((await details(message.id)).status).toBe('sent');
  await scenario.api('POST', `${path()}/resume`);
  await scenario.settle();
  expect(callsTo(message.to)).toBe(1);
});

test('of a call whose worker is gone the recipient’s limit counts from the end of its lease, as it may have lasted until then', async () => {
  await scenario.api('PATCH', path(), { limits: { recipient: { burst: 1, seconds: 60 } } });
  await scenario.api('POST', `${path()}/pause`);
  const message = await send();
  await claimAsAnother(scenario, account.id);
  await scenario.advance(20_000);
  await receive(message, 'delivered');
  const next = await send({ to: message.to });
  expect((await details(next.id)).waiting).toMatchObject({ reason: 'conversation_order' });
  await scenario.advance(50_000);
  expect((await details(next.id)).waiting).toMatchObject({ reason: 'recipient_limit' });
  await scenario.advance(60_000);
  expect((await details(next.id)).status).toBe('read');
});

describe('is not sent again', () => {
  const deleteContactOf = async ({ id }: { id: string }) => {
    const { contact_id } = await details(id);
    expect((await scenario.api('DELETE', `/api/v1/contacts/${contact_id}`)).status).toBe(204);
  };
  const heldFor = async (id: string) =>
    (await details(id)).events.filter(event => event.type === 'message.held').map(event => event.data.reason);

  test('when it has expired by the time that its setting would send it', async () => {
    const message = await sendIntoTheDark({ on_unknown: 'retry', valid_for_seconds: 300 });
    await passWindow();
    expect((await details(message.id)).status).toBe('unknown');
    expect(await heldFor(message.id)).toEqual(['expired']);
    await receive(message, 'delivered');
    expect((await details(message.id)).status).toBe('delivered');
  });

  test('when its account was deleted, neither by its setting nor by hand', async () => {
    const message = await sendIntoTheDark({ on_unknown: 'retry' });
    await scenario.advance(minute);
    await send();
    await scenario.settle();
    await scenario.api('DELETE', path());
    await scenario.advance(11 * minute);
    expect((await details(message.id)).status).toBe('unknown');
    expect(await heldFor(message.id)).toEqual(['account_deleted']);
    expect(await resolve(message.id, 'retry')).toMatchObject({ status: 409, body: { code: 'account_deleted' } });
    expect((await resolve(message.id, 'sent')).body.status).toBe('sent');
  });

  test('after it failed, when its account was deleted', async () => {
    scenario.simulator.setFault(() => 'window-closed');
    const message = await send();
    await scenario.settle();
    scenario.simulator.setFault(null);
    await scenario.api('DELETE', path());
    const answer = await scenario.api('POST', `/api/v1/messages/${message.id}/retry`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'account_deleted' } });
    expect((await details(message.id)).status).toBe('failed');
  });

  test('when its contact was deleted, neither by its setting nor by hand', async () => {
    const message = await sendIntoTheDark({ on_unknown: 'retry' });
    await deleteContactOf(message);
    await passWindow();
    expect((await details(message.id)).status).toBe('unknown');
    expect(await heldFor(message.id)).toEqual(['contact_deleted']);
    expect(await resolve(message.id, 'retry')).toMatchObject({ status: 409, body: { code: 'contact_deleted' } });
    await receive(message, 'delivered');
    expect((await details(message.id)).status).toBe('delivered');
    expect(callsTo(message.to)).toBe(1);
  });

  test('after it failed, when its contact was deleted', async () => {
    scenario.simulator.setFault(() => 'window-closed');
    const message = await send();
    await scenario.settle();
    scenario.simulator.setFault(null);
    await deleteContactOf(message);
    const answer = await scenario.api('POST', `/api/v1/messages/${message.id}/retry`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'contact_deleted' } });
    const all = await scenario.api('POST', '/api/v1/messages/retry', { account_id: account.id });
    expect(all.body).toEqual({ count: 0, left: 0, skipped: [{ code: 'contact_deleted', count: 1 }] });
    expect((await details(message.id)).status).toBe('failed');
  });
});

test('a manual retry resets the times: when it was sent, and whether it is late', async () => {
  const message = await sendIntoTheDark();
  await resolve(message.id, 'sent');
  const late = async () => (await typesOf(message.id)).filter(type => type === 'message.undelivered').length;
  await scenario.advance(25 * 60 * minute);
  await receive(message, 'failed');
  expect([(await details(message.id)).status, await late()]).toEqual(['failed', 1]);
  const before = scenario.clock.now();
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  expect((await scenario.api('POST', `/api/v1/messages/${message.id}/retry`)).status).toBe(202);
  await scenario.settle();
  scenario.simulator.setFault(null);
  await resolve(message.id, 'sent');
  await scenario.advance(minute);
  const { status, sent_at } = await details(message.id);
  expect([status, await late()]).toEqual(['sent', 1]);
  expect(Date.parse(sent_at ?? '')).toBe(before);
  await scenario.advance(25 * 60 * minute);
  expect(await late()).toBe(2);
});

test('a failure of a call before the backup does not decide a retried and restored message', async () => {
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  const message = await send({ on_unknown: 'hold' });
  await scenario.settle();
  scenario.simulator.setFault(null);
  await scenario.api('POST', `${path()}/pause`);
  await resolve(message.id, 'retry');
  expect((await details(message.id)).status).toBe('queued');
  const client = new pg.Client(scenario.databaseUrl);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(`set search_path = ${searchPath}`);
  await markRestored(queryable(client), false);
  await receive(message, 'failed');
  expect(await details(message.id)).toMatchObject({
    status: 'unknown',
    attempts: [{ status: 'failed' }, { status: 'unknown', code: 'restored' }],
  });
  expect((await resolve(message.id, 'sent')).body.status).toBe('sent');
  await receive(message, 'delivered');
  expect((await details(message.id)).status).toBe('delivered');
});
