// What operators do when something went wrong, and what the engine tells them by itself.
import { createHmac } from 'node:crypto';
import { messageDetailsSchema } from '@recado/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sandboxBusiness } from '../../server/features/accounts/index.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { growQueue, loseCall } from '../setup/queue.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const minute = 60_000;

let scenario: Scenario;
let numbers = 0;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
const path = () => `/api/v1/accounts/${account.id}`;
const patch = (body: object) => scenario.api('PATCH', path(), body);
const number = () => `+33616${String(100_000 + ++numbers)}`;
const post = (more: object = {}) =>
  scenario.api('POST', '/api/v1/messages', {
    account_id: account.id,
    to: number(),
    type: 'text',
    text: { body: 'hello' },
    ...more,
  });
const send = async (more: object = {}) => {
  const answer = await post(more);
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
};
const statusOf = async (message: { id: string }) => (await scenario.message(message.id)).status;
const callsTo = (message: { to: string }) =>
  scenario.simulator.calls().filter(call => `+${call.to}` === message.to).length;
type Event = { type: string; data: Record<string, unknown> };
const eventsOf = async (message: { id: string }, type: string): Promise<Event[]> =>
  messageDetailsSchema.parse(await scenario.message(message.id)).events.filter(event => event.type === type);
const retryAll = (filter: object) => scenario.api('POST', '/api/v1/messages/retry', filter);
const retry = (message: { id: string }) => scenario.api('POST', `/api/v1/messages/${message.id}/retry`);
const resolve = (message: { id: string }, resolution: string) =>
  scenario.api('POST', `/api/v1/messages/${message.id}/resolve`, { resolution });

/** Sends while the channel does as told. */
async function sendUnder(fault: 'window-closed' | 'answer-and-receipts-lost', more: object = {}) {
  scenario.simulator.setFault(() => fault);
  const message = await send(more);
  await scenario.settle();
  scenario.simulator.setFault(null);
  return message;
}

/** Some other message's receipts show that our webhook is alive. */
async function hearReceipts(): Promise<void> {
  await send();
  await scenario.settle();
}

/** Moves the clock past the window of what is unknown, with receipts coming in. */
async function passWindow(): Promise<void> {
  await scenario.advance(minute);
  await hearReceipts();
  await scenario.advance(11 * minute);
}

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
afterAll(() => scenario.close());
beforeEach(async () => {
  scenario.simulator.setFault(null);
  account = (
    await scenario.api('POST', '/api/v1/accounts', { name: 'Fresh', channel: 'sandbox', limits: { per_day: null } })
  ).body;
});

describe('sending failed ones again', () => {
  test('by filter, messages that may have arrived are left out unless named', async () => {
    await patch({ delivery: { on_unknown: 'fail' } });
    const maybe = await sendUnder('answer-and-receipts-lost');
    await passWindow();
    const rejected = await sendUnder('window-closed');
    expect(await scenario.message(maybe.id)).toMatchObject({ status: 'failed', error: { code: 'unknown_outcome' } });
    const skipped = [{ code: 'unknown_outcome', count: 1 }];
    expect((await retryAll({ account_id: account.id })).body).toEqual({ count: 1, left: 0, skipped });
    await scenario.settle();
    expect(await statusOf(rejected)).toBe('read');
    expect(callsTo(maybe)).toBe(1);
    expect((await retryAll({ account_id: account.id, error_code: 'unknown_outcome' })).body).toEqual({
      count: 1,
      left: 0,
      skipped: [],
    });
    await scenario.settle();
    expect(callsTo(maybe)).toBe(2);
  });

  test('an expired message is not sent again, and the response says so', async () => {
    const message = await sendUnder('window-closed', { valid_for_seconds: 60 });
    await scenario.advance(minute);
    expect(await retry(message)).toMatchObject({ status: 409, body: { code: 'message_expired' } });
    expect((await retryAll({ account_id: account.id })).body).toEqual({
      count: 0,
      left: 0,
      skipped: [{ code: 'message_expired', count: 1 }],
    });
    expect(await statusOf(message)).toBe('failed');
  });

  test('by filter, no more than the day has room for if on_limit is reject', async () => {
    const failed = [];
    for (let n = 0; n < 3; n++) failed.push(await sendUnder('window-closed'));
    await patch({ limits: { per_day: 5 } });
    expect((await retryAll({ account_id: account.id })).body).toMatchObject({ count: 2, left: 1 });
    await scenario.settle();
    expect(await Promise.all(failed.map(statusOf))).toEqual(['read', 'read', 'failed']);
    const full = await post();
    expect(full).toMatchObject({ status: 429, body: { code: 'daily_limit_reached' } });
    const again = await retry(failed[2]);
    expect(again).toMatchObject({ status: 429, body: { code: 'daily_limit_reached' } });
    for (const { headers } of [full, again]) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    await patch({ limits: { on_limit: 'hold' } });
    expect((await retryAll({ account_id: account.id })).body).toMatchObject({ count: 1, left: 0 });
  });

  test('by filter without an account, the lanes go on at once', async () => {
    const since = new Date(scenario.clock.now() - minute).toISOString();
    const first = await sendUnder('window-closed');
    account = (await scenario.api('POST', '/api/v1/accounts', { name: 'Second', channel: 'sandbox' })).body;
    const second = await sendUnder('window-closed');
    expect((await retryAll({ from: since, error_code: '131047' })).body).toMatchObject({ count: 2, left: 0 });
    await scenario.settle();
    expect([await statusOf(first), await statusOf(second)]).toEqual(['read', 'read']);
  });
});

test('cancelling by filter without an account lets those behind go on at once', async () => {
  scenario.simulator.setFault(() => 'pair-rate-limited');
  const to = number();
  const first = await send({ to, priority: 'high' });
  const second = await send({ to });
  await scenario.settle();
  scenario.simulator.setFault(null);
  // A worker records its heartbeat by the real clock.
  await scenario.recado.sweeper?.sweep();
  expect((await scenario.message(second.id)).waiting.reason).toBe('conversation_order');
  expect((await scenario.api('POST', '/api/v1/messages/cancel', { priority: 'high' })).body).toEqual({ count: 1 });
  await scenario.settle();
  expect(await statusOf(first)).toBe('cancelled');
  expect(await statusOf(second)).toBe('read');
  const me = (await scenario.api('GET', '/api/v1/me')).body.person.id;
  expect(await eventsOf(first, 'message.cancelled')).toMatchObject([{ data: { reason: 'cancelled', by: me } }]);
});

describe('a message that would expire in the queue', () => {
  beforeEach(async () => {
    await patch({ limits: { rate: { messages: 1, seconds: 60 } } });
    await scenario.api('POST', `${path()}/pause`);
  });

  test('is not rejected if nothing is ahead of it', async () => {
    expect((await post({ valid_for_seconds: 50 })).status).toBe(202);
    expect((await post({ valid_for_seconds: 50 })).body.code).toBe('queue_full');
    expect((await post({ valid_for_seconds: 70 })).status).toBe(202);
  });

  test('is rejected because of the messages ahead, not of lower priorities', async () => {
    await send({ priority: 'low' });
    await send();
    expect((await post({ valid_for_seconds: 50, priority: 'high' })).status).toBe(202);
    expect((await post({ valid_for_seconds: 100 })).body.code).toBe('queue_full');
    expect((await post({ valid_for_seconds: 130 })).status).toBe(202);
    expect((await post({ valid_for_seconds: 170, priority: 'low' })).body.code).toBe('queue_full');
    const item = (more: object) => ({
      account_id: account.id,
      to: number(),
      type: 'text',
      text: { body: 'x' },
      ...more,
    });
    const batch = await scenario.api('POST', '/api/v1/messages/batch', {
      messages: [
        item({ priority: 'low', valid_for_seconds: 250 }),
        item({ priority: 'high', valid_for_seconds: 70 }),
        item({ priority: 'high', valid_for_seconds: 70 }),
      ],
    });
    expect(batch.body.results.map((result: { status: number }) => result.status)).toEqual([429, 202, 429]);
  });

  test('one-time codes pass beside a backlog of 100,000 low ones, up to as many as can leave in time', async () => {
    const crowded = await startScenario({ clock: 'manual' });
    try {
      const crowdedPath = `/api/v1/accounts/${crowded.account.id}`;
      const offer = (priority: string) =>
        crowded.api('POST', '/api/v1/messages', {
          account_id: crowded.account.id,
          to: number(),
          type: 'text',
          text: { body: '123456' },
          priority,
          valid_for_seconds: priority === 'low' ? 1_000 : 60,
        });
      await crowded.api('PATCH', crowdedPath, { limits: { per_day: null, max_queued: 1_000_000 } });
      await crowded.api('POST', `${crowdedPath}/pause`);
      await offer('low');
      await growQueue(crowded, 99_999);
      expect((await offer('low')).body.code).toBe('queue_full');
      expect((await offer('normal')).status).toBe(202);
      const code = await offer('high');
      await crowded.api('POST', `${crowdedPath}/resume`);
      await crowded.settle();
      expect((await crowded.message(code.body.id)).status).toBe('read');
    } finally {
      await crowded.close();
    }
  });
});

describe('a message that failed as unknown', () => {
  const failUnknown = async () => {
    await patch({ delivery: { on_unknown: 'fail' } });
    const message = await sendUnder('answer-and-receipts-lost');
    await passWindow();
    return message;
  };

  test('says in its event what any failure says', async () => {
    const message = await failUnknown();
    const title = expect.stringContaining('No receipt told');
    expect(await scenario.message(message.id)).toMatchObject({ error: { code: 'unknown_outcome', title } });
    expect(await eventsOf(message, 'message.failed')).toMatchObject([
      { data: { on_unknown: 'fail', code: 'unknown_outcome', title } },
    ]);
  });

  test('can be resolved as arrived by an operator, which is no evidence of the channel', async () => {
    const message = await failUnknown();
    const decided = await resolve(message, 'sent');
    expect(decided).toMatchObject({ status: 200, body: { status: 'sent', error: null, failed_at: null } });
    const me = (await scenario.api('GET', '/api/v1/me')).body.person.id;
    expect(await eventsOf(message, 'message.resolved')).toMatchObject([{ data: { resolution: 'sent', by: me } }]);
    expect(await eventsOf(message, 'message.reconciled')).toEqual([]);
    expect((await resolve(message, 'sent')).body.code).toBe('message_not_unknown');
    const rejected = await sendUnder('window-closed');
    expect((await resolve(rejected, 'sent')).body.code).toBe('message_not_unknown');
  });

  test('can be resolved twice, and sent again', async () => {
    const message = await failUnknown();
    expect((await resolve(message, 'failed')).body).toMatchObject({
      status: 'failed',
      error: { code: 'unknown_outcome', title: 'Decided by an operator.' },
    });
    expect((await resolve(message, 'retry')).body).toMatchObject({ status: 'queued', error: null });
    await scenario.settle();
    expect(await statusOf(message)).toBe('read');
    expect(callsTo(message)).toBe(2);
  });
});

test('on_unknown retry makes no more attempts than the account allows, then it is held', async () => {
  await patch({ delivery: { retry: { attempts: 2, delay_ms: 1_000 } } });
  const message = await sendUnder('answer-and-receipts-lost', { on_unknown: 'retry' });
  scenario.simulator.setFault(call => (`+${call.to}` === message.to ? 'answer-and-receipts-lost' : 'accepted'));
  for (let n = 0; n < 3; n++) await passWindow();
  expect(callsTo(message)).toBe(2);
  expect(await scenario.message(message.id)).toMatchObject({
    status: 'unknown',
    waiting: { reason: 'unknown_outcome', until: null },
  });
  expect(await eventsOf(message, 'message.held')).toMatchObject([
    { data: { on_unknown: 'hold', reason: 'attempts_used_up', attempts: 2 } },
  ]);
});

/** What a receipt says of one attempt of a message, as the channel would post it. */
async function receive(message: { to: string }, attempt: number, status: string): Promise<void> {
  await scenario.sql(
    `select r.* from message m join attempt a on a.message_id = m.id and a.number = $3
     cross join lateral apply_receipts($1, array[m.account_id], array[a.token], array['wamid.of-' || a.token], array[$4], array[$1]::timestamptz[], array[''], array['']) r
     where m.address = $2`,
    [new Date(scenario.clock.now()), message.to, attempt, status],
  );
}

describe('a message that was sent twice', () => {
  test('is reported once when its first call turns out to have been accepted too', async () => {
    const message = await sendUnder('answer-and-receipts-lost', { on_unknown: 'retry' });
    await passWindow();
    expect(await scenario.message(message.id)).toMatchObject({ status: 'read', attempts: [{}, { status: 'read' }] });
    expect(await eventsOf(message, 'message.duplicated')).toEqual([]);
    await receive(message, 1, 'delivered');
    await receive(message, 1, 'read');
    const events = messageDetailsSchema.parse(await scenario.message(message.id)).events;
    expect(events.at(-1)).toMatchObject({
      number: events.length,
      type: 'message.duplicated',
      data: { attempts: [1, 2] },
    });
    expect(await eventsOf(message, 'message.duplicated')).toHaveLength(1);
  });

  test('is none when the receipt of the first call comes before the second call', async () => {
    const message = await sendUnder('answer-and-receipts-lost');
    await scenario.api('POST', `${path()}/pause`);
    await resolve(message, 'retry');
    await receive(message, 1, 'sent');
    await scenario.api('POST', `${path()}/resume`);
    await scenario.settle();
    // It had arrived, so it was not called again.
    expect(callsTo(message)).toBe(1);
    expect(await eventsOf(message, 'message.duplicated')).toEqual([]);
  });

  test('counts in the metrics', async () => {
    const lonely = await startScenario({ clock: 'manual' });
    try {
      lonely.simulator.setFault(() => 'answer-and-receipts-lost');
      const { id } = await lonely.send();
      await lonely.settle();
      lonely.simulator.setFault(null);
      await lonely.api('POST', `/api/v1/messages/${id}/resolve`, { resolution: 'retry' });
      await lonely.settle();
      await lonely.sql(
        `select r.* from attempt a cross join lateral apply_receipts($1, array[a.account_id], array[a.token], array['wamid.first'],
           array['sent'], array[$1]::timestamptz[], array[''], array['']) r where a.number = 1`,
        [new Date(lonely.clock.now())],
      );
      const { text } = await lonely.as(undefined)('GET', '/metrics');
      expect(text).toContain('\nrecado_messages_duplicated_total 1\n');
    } finally {
      await lonely.close();
    }
  });
});

describe('account reports of the channel', () => {
  /** Posts one change as Meta does, signed; about the business account of the Sandbox by default. */
  async function tell(field: string, value: object, time = 1_764_000_000, id?: string): Promise<void> {
    const workspace = scenario.sql<{ id: string }>('select workspace_id as id from account where id = $1', [
      toUuid(scenario.account.id),
    ]);
    const entry = [{ id: id ?? sandboxBusiness((await workspace)[0]?.id ?? ''), time, changes: [{ field, value }] }];
    const raw = JSON.stringify({ object: 'whatsapp_business_account', entry });
    const signature = `sha256=${createHmac('sha256', scenario.secrets.appSecret).update(raw).digest('hex')}`;
    const headers = { 'x-hub-signature-256': signature };
    expect((await scenario.as(undefined)('POST', '/webhooks/whatsapp/sandbox', raw, headers)).status).toBe(200);
    await scenario.settle();
  }
  const quality = (event: string, time?: number) =>
    tell(
      'phone_number_quality_update',
      { display_phone_number: account.phone.slice(1), event, current_limit: 'TIER_1K' },
      time,
    );
  const show = async (of = account.id) => (await scenario.api('GET', `/api/v1/accounts/${of}`)).body;
  const troubles = () =>
    scenario.sql(
      `select 1 from event e join account a on a.id = e.account_id where a.phone = $1 and e.type = 'account.needs_attention'`,
      [account.phone],
    );

  /** Tells that the number is locked. */
  const lock = (time = 1_764_000_000) =>
    tell(
      'messages',
      { metadata: { phone_number_id: account.phone_number_id }, errors: [{ code: 131031, title: 'Locked.' }] },
      time,
    );

  test('a number that is flagged is paused, alone, until somebody resumes it', async () => {
    const failed = [await sendUnder('window-closed'), await sendUnder('window-closed')];
    await lock();
    await lock();
    expect(await show()).toMatchObject({
      status: 'needs_attention',
      status_reason: expect.stringContaining('Locked'),
    });
    expect((await scenario.api('GET', `${path()}/queue`)).body.hold).toEqual({ reason: 'flagged', until: null });
    const held = await send();
    expect((await scenario.message(held.id)).waiting).toMatchObject({ reason: 'flagged', until: null });
    // A message that is sent again waits too.
    expect((await retry(failed[0])).status).toBe(202);
    expect((await retryAll({ account_id: account.id })).body).toMatchObject({ count: 1, left: 0 });
    await scenario.settle();
    expect(await Promise.all(failed.map(statusOf))).toEqual(['queued', 'queued']);
    expect(await troubles()).toHaveLength(1);
    expect(await show(scenario.account.id)).toMatchObject({ status: 'connected' });
    await scenario.api('POST', `${path()}/resume`);
    expect(await show()).toMatchObject({ status: 'connected', status_reason: null });
    const message = await send();
    await scenario.settle();
    expect(await Promise.all([...failed, held, message].map(statusOf))).toEqual(['read', 'read', 'read', 'read']);
    await scenario.api('POST', `${path()}/pause`);
    await lock(1_764_000_009);
    expect((await scenario.api('GET', `${path()}/queue`)).body.hold).toEqual({ reason: 'flagged', until: null });
  });

  test('the same one, posted again, does not pause it again; the same one at another time does', async () => {
    await lock(1_764_000_001);
    await scenario.api('POST', `${path()}/resume`);
    await scenario.advance(minute);
    await lock(1_764_000_001);
    expect(await show()).toMatchObject({ status: 'connected', status_reason: null });
    expect((await scenario.api('GET', `${path()}/queue`)).body.hold).toBe(null);
    expect(await troubles()).toHaveLength(1);
    await lock(1_764_000_002);
    expect(await show()).toMatchObject({ status: 'needs_attention' });
    expect((await scenario.api('GET', `${path()}/queue`)).body.hold).toEqual({ reason: 'flagged', until: null });
  });

  test.each(['UNFLAGGED', 'UPGRADE', 'ONBOARDING', 'THROUGHPUT_UPGRADE'])('%s changes nothing', async event => {
    await quality(event);
    expect(await show()).toMatchObject({ status: 'connected' });
    expect((await scenario.api('GET', `${path()}/queue`)).body.hold).toBe(null);
  });

  test.each([
    ['DISABLED_UPDATE', { ban_info: { waba_ban_state: 'SCHEDULE_FOR_DISABLE', waba_ban_date: 'December 1, 2026' } }],
    ['ACCOUNT_RESTRICTION', { restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING' }] }],
    ['ACCOUNT_VIOLATION', { violation_info: { violation_type: 'SCAM' } }],
  ])('%s of the business account is of all its numbers', async (event, more) => {
    await tell('account_update', { event, ...more });
    for (const id of [account.id, scenario.account.id]) {
      expect(await show(id)).toMatchObject({
        status: 'needs_attention',
        status_reason: expect.stringContaining(event),
      });
      await scenario.api('POST', `/api/v1/accounts/${id}/resume`);
    }
  });

  test('a ban of one business account leaves the numbers of another alone, and not those of which nothing is known', async () => {
    // What is told of messages says of which business account their number is.
    await send();
    await scenario.settle();
    await tell(
      'messages',
      { metadata: { phone_number_id: scenario.account.phone_number_id } },
      minute,
      '555000000000002',
    );
    const unheard = (await scenario.api('POST', '/api/v1/accounts', { name: 'Unheard', channel: 'sandbox' })).body.id;
    await scenario.sql('update account set business_id = null where id = $1', [toUuid(unheard)]);
    await tell('account_update', { event: 'ACCOUNT_VIOLATION' }, 1_764_000_003, '555000000000002');
    expect(await show()).toMatchObject({ status: 'connected' });
    for (const id of [scenario.account.id, unheard]) {
      expect(await show(id)).toMatchObject({ status: 'needs_attention' });
      await scenario.api('POST', `/api/v1/accounts/${id}/resume`);
    }
    await tell('account_update', { event: 'ACCOUNT_VIOLATION' }, 1_764_000_004);
    expect(await show()).toMatchObject({ status: 'needs_attention' });
    expect(await show(scenario.account.id)).toMatchObject({ status: 'connected' });
    // A number that has moved is of where it was last heard of.
    await tell('messages', { metadata: { phone_number_id: scenario.account.phone_number_id } });
    await tell('account_update', { event: 'ACCOUNT_VIOLATION' }, 1_764_000_005);
    expect(await show(scenario.account.id)).toMatchObject({ status: 'needs_attention' });
    await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`);
  });

  test('a ban that is lifted changes nothing, and a number that nobody has is stored as a dead letter', async () => {
    await tell('account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE' } });
    expect(await show()).toMatchObject({ status: 'connected' });
    await tell('phone_number_quality_update', { display_phone_number: '1 555-000', event: 'FLAGGED' });
    await tell('phone_number_quality_update', { event: 'FLAGGED' });
    const dead = await scenario.sql<{ reason: string }>('select reason from dead_letter order by id desc limit 2');
    expect(dead.map(row => row.reason)).toEqual(['no display_phone_number', 'no account has the number: +1555000']);
  });

  const tellError = (code: number, number = account.phone_number_id) =>
    tell('messages', {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: account.phone.slice(1), phone_number_id: number },
      errors: [{ code, title: 'Told of no message', error_data: { details: `Trouble ${code}.` } }],
    });
  const hold = async () => (await scenario.api('GET', `${path()}/queue`)).body.hold;

  test('a flag without a message pauses its number only', async () => {
    await tellError(131031);
    expect(await show()).toMatchObject({ status: 'needs_attention', status_reason: 'Trouble 131031.' });
    expect(await hold()).toEqual({ reason: 'flagged', until: null });
    expect(await show(scenario.account.id)).toMatchObject({ status: 'connected' });
    await scenario.api('POST', `${path()}/resume`);
    expect(await show()).toMatchObject({ status: 'connected' });
  });

  test('one of the account holds it as an answer does: for a minute, then for two, until a call is accepted', async () => {
    const until = async () => new Date((await hold()).until).getTime() - scenario.clock.now();
    await tellError(131042);
    expect(await show()).toMatchObject({ status: 'needs_attention', status_reason: 'Trouble 131042.' });
    expect(await hold()).toMatchObject({ reason: 'account_error' });
    expect(await until()).toBe(minute);
    await scenario.advance(minute);
    await tell('messages', {
      metadata: { phone_number_id: account.phone_number_id },
      errors: [{ code: 131042, title: 'Once more.' }],
    });
    expect(await until()).toBe(2 * minute);
    expect(await show()).toMatchObject({ status_reason: 'Once more.' });
    await scenario.api('POST', `${path()}/resume`);
    const message = await send();
    await scenario.settle();
    expect(await statusOf(message)).toBe('read');
  });

  test('a flag stays a flag, and a pause a pause, after any report about the account', async () => {
    await scenario.api('POST', `${path()}/pause`);
    await tellError(131042);
    expect(await hold()).toEqual({ reason: 'paused', until: null });
    await tellError(131031);
    expect(await hold()).toEqual({ reason: 'flagged', until: null });
    await tellError(131042, account.phone_number_id);
    expect(await hold()).toEqual({ reason: 'flagged', until: null });
  });

  test('any other error about no message, and one for a number that nobody has, is stored as a dead letter', async () => {
    await tellError(131026);
    await tellError(131031, '999');
    expect(await show()).toMatchObject({ status: 'connected' });
    const dead = await scenario.sql<{ reason: string }>('select reason from dead_letter order by id desc limit 2');
    expect(dead.map(row => row.reason)).toEqual([
      'no account has the number: 999',
      'an error without a message: 131026 Trouble 131026.',
    ]);
  });
});

describe('a limit that is raised while messages wait for it', () => {
  test('new conversations: those deferred go on at once, as far as the new limit goes', async () => {
    await patch({ limits: { new_conversations_per_day: 1 } });
    const messages = [await send(), await send(), await send()];
    await scenario.settle();
    const waiting = async () =>
      Promise.all(messages.map(async ({ id }) => (await scenario.message(id)).waiting?.reason ?? 'none'));
    expect(await waiting()).toEqual(['none', 'new_conversation_limit', 'new_conversation_limit']);
    await patch({ limits: { new_conversations_per_day: 2 } });
    await scenario.settle();
    expect(await waiting()).toEqual(['none', 'none', 'new_conversation_limit']);
    await patch({ limits: { new_conversations_per_day: null } });
    await scenario.settle();
    expect(await Promise.all(messages.map(statusOf))).toEqual(['read', 'read', 'read']);
  });

  test('recipients: lifted at once, and from a slow bucket to a fast one by the fast one', async () => {
    const slow = { limits: { recipient: { burst: 1, seconds: 86_400 } } };
    await patch(slow);
    const to = number();
    const messages = [await send({ to }), await send({ to }), await send({ to })];
    await scenario.settle();
    const statuses = () => Promise.all(messages.map(statusOf));
    expect(await statuses()).toEqual(['read', 'queued', 'queued']);
    await patch({ limits: { recipient: { burst: 1, seconds: 2 } } });
    await scenario.advance(2_001);
    expect(await statuses()).toEqual(['read', 'read', 'queued']);
    await patch({ name: 'Renamed' });
    await scenario.settle();
    expect((await scenario.message(messages[2]?.id)).waiting.reason).toBe('recipient_limit');
    await patch({ limits: { recipient: null } });
    await scenario.settle();
    expect(await statuses()).toEqual(['read', 'read', 'read']);
  });
});

test('an unknown message never waits until a moment that has passed', async () => {
  const message = await sendUnder('answer-and-receipts-lost');
  expect(new Date((await scenario.message(message.id)).waiting.until).getTime()).toBeGreaterThan(scenario.clock.now());
  await scenario.advance(11 * minute);
  expect((await scenario.message(message.id)).waiting).toEqual({
    reason: 'unknown_outcome',
    until: null,
    ahead: null,
    expected_at: null,
  });
  await resolve(message, 'sent');
});

describe('a batch', () => {
  const item = (more: object = {}) => ({
    account_id: account.id,
    to: number(),
    type: 'text',
    text: { body: 'x' },
    ...more,
  });
  const batch = (items: object[], key?: string) =>
    scenario.api('POST', '/api/v1/messages/batch', { messages: items }, key ? { 'idempotency-key': key } : {});

  test('names the unknown fields of an item', async () => {
    const { body } = await batch([
      item({ snd_at: 1 }),
      item({ text: { body: 'x', boddy: 'y' } }),
      item({ to: undefined }),
    ]);
    expect(body.results.map((result: { error: { errors: object[] } }) => result.error.errors)).toMatchObject([
      [{ field: 'snd_at', message: 'Is not a known field.' }],
      [{ field: 'text.boddy', message: 'Is not a known field.' }],
      [{ field: 'to' }],
    ]);
    expect(body.results[0].error.detail).toBe('snd_at: Is not a known field.');
  });

  test('is the same request however the fields of its items are ordered', async () => {
    const first = item({ text: { body: 'x', preview_url: false } });
    const answer = await batch([first], 'ordered');
    const turned = Object.fromEntries(Object.entries({ ...first, text: { preview_url: false, body: 'x' } }).reverse());
    expect((await batch([turned], 'ordered')).text).toBe(answer.text);
    expect((await batch([{ ...turned, priority: 'low' }], 'ordered')).body.code).toBe('idempotency_key_reused');
  });
});

describe('the watchdog says once of a message that it is stuck', () => {
  const stuck = async (message: { id: string }) => (await eventsOf(message, 'message.stuck')).map(event => event.data);
  const gauge = async () => {
    const { text } = await scenario.as(undefined)('GET', '/metrics');
    return /^recado_messages_stuck (\S+)$/m.exec(text)?.[1];
  };

  test('when no worker serves its channel', async () => {
    await scenario.sql(`update account set channel = 'elsewhere', route = 'elsewhere' where phone = $1`, [
      account.phone,
    ]);
    const message = await send({ on_window_closed: 'send' });
    const behind = await send({ to: message.to, on_window_closed: 'send' });
    await scenario.advance(59 * minute);
    expect(await stuck(message)).toEqual([]);
    await scenario.advance(2 * minute);
    await scenario.advance(60 * minute);
    expect(await stuck(message)).toEqual([{ reason: 'no_worker', due_at: message.created_at }]);
    expect(await stuck(behind)).toEqual([]);
    expect(await gauge()).toBe('1');
  });

  test('when its lane takes nothing, though nothing holds it', async () => {
    await patch({ limits: { concurrency: 1 } });
    const hanging = await send();
    await scenario.settle();
    await loseCall(scenario, hanging.to, 'infinity');
    const message = await send();
    await scenario.advance(61 * minute);
    expect(await stuck(message)).toEqual([{ reason: 'not_claimed', due_at: message.created_at }]);
    await scenario.sql(`update open_message set lease_until = '-infinity' where state = 'sending'`);
    await scenario.advance(minute);
    expect(await statusOf(message)).toBe('read');
  });

  test('and not of what a hold, the quiet hours or another message of its conversation keep back', async () => {
    await scenario.api('POST', `${path()}/pause`);
    const message = await send();
    await scenario.advance(120 * minute);
    expect(await stuck(message)).toEqual([]);
    await scenario.api('POST', `${path()}/resume`);
    await scenario.advance(minute);
    expect(await statusOf(message)).toBe('read');
    expect(await stuck(message)).toEqual([]);
  });
});
