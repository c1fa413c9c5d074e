// What callers and operators can ask of the delivery engine, on each store of wake-ups.
import { accountSchema, batchAcceptedSchema, batchSchema, messageDetailsSchema, queueSchema } from '@recado/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { startRedis, type TestRedis, wakeupTransports } from '../setup/redis.ts';
import { rotatingOne } from '../setup/rotation.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe.each(rotatingOne([...wakeupTransports].reverse()))('with wake-ups in %s', store => {
  let redis: TestRedis | undefined;
  let scenario: Scenario;
  let numbers = 0;
  // biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
  let account: any;
  const path = () => `/api/v1/accounts/${account.id}`;
  const patch = (body: object) => scenario.api('PATCH', path(), body);
  const iso = (ms: number) => new Date(scenario.clock.now() + ms).toISOString();
  const number = () => `+3361${store === 'redis' ? 3 : 2}${String(100_000 + ++numbers)}`;
  const post = (more: object = {}, headers = {}) =>
    scenario.api(
      'POST',
      '/api/v1/messages',
      { account_id: account.id, to: number(), type: 'text', text: { body: 'hello' }, ...more },
      headers,
    );
  const send = async (more: object = {}) => {
    const answer = await post(more);
    if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
    return answer.body;
  };
  const queue = async () => queueSchema.parse((await scenario.api('GET', `${path()}/queue`)).body);
  const statusOf = async (message: { id: string }) => (await scenario.message(message.id)).status;
  const countsHold = async () => expect(await scenario.sql('select * from check_queue()')).toEqual([]);

  beforeAll(async () => {
    redis = store === 'redis' ? await startRedis() : undefined;
    scenario = await startScenario({ clock: 'manual', ...(redis && { redisUrl: redis.url }) });
  });
  afterAll(async () => {
    await scenario.close();
    await redis?.close();
  });
  beforeEach(async () => {
    scenario.simulator.setFault(null);
    account = (
      await scenario.api('POST', '/api/v1/accounts', { name: 'Fresh', channel: 'sandbox', limits: { per_day: null } })
    ).body;
  });

  test('a message for later is scheduled, and sent at its time', async () => {
    const later = await send({ send_at: iso(2 * hour) });
    expect(later).toMatchObject({ status: 'scheduled', send_at: expect.any(String) });
    await scenario.settle();
    expect(await scenario.message(later.id)).toMatchObject({
      status: 'scheduled',
      waiting: { reason: 'scheduled', until: later.send_at },
    });
    await scenario.advance(2 * hour - second);
    expect(await statusOf(later)).toBe('scheduled');
    await scenario.advance(second + 1);
    const sent = messageDetailsSchema.parse(await scenario.message(later.id));
    expect(sent.status).toBe('read');
    expect(sent.events.slice(0, 3).map(event => event.type)).toEqual([
      'message.scheduled',
      'message.queued',
      'message.sending',
    ]);
    await countsHold();
  });

  test('a message that nothing stands before begins in the COMMIT of its accept', async () => {
    const sent = await send();
    await scenario.settle();
    const [begun] = await scenario.sql<{ commits: number; types: number }>(
      `select count(distinct xid)::int as commits, count(*)::int as types from logged_event
        where message_id = $1 and type in ('message.queued', 'message.sending')`,
      [toUuid(sent.id)],
    );
    expect(begun).toEqual({ commits: 1, types: 2 });
  });

  test('more than a year ahead, in the past, or both kinds of expiry are rejected', async () => {
    const wrong = async (more: object) => (await post(more)).body.errors?.[0]?.field;
    expect(await wrong({ send_at: new Date(Date.now() + 400 * day).toISOString() })).toBe('send_at');
    expect(await wrong({ send_at: iso(-day - minute) })).toBe('send_at');
    expect(await wrong({ expires_at: iso(-second) })).toBe('expires_at');
    expect(await wrong({ send_at: iso(hour), expires_at: iso(minute) })).toBe('expires_at');
    expect(await wrong({ expires_at: iso(hour), valid_for_seconds: 60 })).toBe('valid_for_seconds');
    expect(await wrong({ priority: 'urgent' })).toBe('priority');
  });

  test('a time up to a day ago means now, and a late repeat gets the first response', async () => {
    const late = { to: number(), send_at: iso(-day + minute) };
    const keyed = { 'idempotency-key': `late ${late.to}` };
    const first = await post(late, keyed);
    expect(first).toMatchObject({ status: 202, body: { status: 'queued' } });
    await scenario.advance(2 * minute);
    expect(await post(late, keyed)).toMatchObject({ status: 202, text: first.text });
    expect((await post(late)).body.errors).toEqual([
      { field: 'send_at', message: 'Must not be more than 24 hours ago. Omit it to send now.' },
    ]);
  });

  test('a message that is not sent by its expiry expires, and is never sent', async () => {
    await scenario.api('POST', `${path()}/pause`);
    const code = await send({ valid_for_seconds: 300, priority: 'high' });
    const scheduled = await send({ send_at: iso(hour), expires_at: iso(hour + minute) });
    await scenario.advance(5 * minute + 1);
    expect(await statusOf(code)).toBe('expired');
    await scenario.advance(2 * hour);
    expect(await statusOf(scheduled)).toBe('expired');
    await scenario.api('POST', `${path()}/resume`);
    await scenario.settle();
    expect(scenario.simulator.calls().filter(call => [code.to, scheduled.to].includes(`+${call.to}`))).toEqual([]);
    await countsHold();
  });

  test('a message can be cancelled until it is being sent; then the cancel fails', async () => {
    const later = await send({ send_at: iso(hour) });
    expect(await scenario.api('POST', `/api/v1/messages/${later.id}/cancel`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
    expect((await scenario.api('POST', `/api/v1/messages/${later.id}/cancel`)).status).toBe(200);
    const sent = await send();
    await scenario.settle();
    expect((await scenario.api('POST', `/api/v1/messages/${sent.id}/cancel`)).body).toMatchObject({
      status: 409,
      code: 'message_not_waiting',
    });
    await scenario.advance(2 * hour);
    expect(await statusOf(later)).toBe('cancelled');
  });

  test('many messages are cancelled by filter, and a filter is required', async () => {
    await scenario.api('POST', `${path()}/pause`);
    const low = [await send({ priority: 'low' }), await send({ priority: 'low', send_at: iso(hour) })];
    const normal = await send();
    expect((await scenario.api('POST', '/api/v1/messages/cancel', {})).status).toBe(400);
    expect(
      (await scenario.api('POST', '/api/v1/messages/cancel', { account_id: account.id, priority: 'low' })).body,
    ).toEqual({ count: 2 });
    await scenario.api('POST', `${path()}/resume`);
    await scenario.settle();
    expect(await statusOf(normal)).toBe('read');
    for (const message of low) expect(await statusOf(message)).toBe('cancelled');
    await countsHold();
  });

  test('cancelling against the claim: each message is either sent or cancelled, never both', async () => {
    const messages = await Promise.all(Array.from({ length: 40 }, () => send()));
    const cancelled = await Promise.all(
      messages.map(async ({ id }) => (await scenario.api('POST', `/api/v1/messages/${id}/cancel`)).status),
    );
    await scenario.settle();
    const called = new Set(scenario.simulator.calls().map(call => `+${call.to}`));
    for (const [index, message] of messages.entries()) {
      const status = await statusOf(message);
      expect(status).toBe(cancelled[index] === 200 ? 'cancelled' : 'read');
      expect(called.has(message.to)).toBe(status === 'read');
    }
    await countsHold();
  });

  test('a high message overtakes a backlog of low ones, also to the same person', async () => {
    await patch({ limits: { rate: { messages: 1, seconds: 10 } } });
    await send();
    await scenario.settle();
    const to = number();
    const low = [];
    for (let n = 0; n < 5; n++) low.push(await send({ priority: 'low', to: n === 0 ? to : number() }));
    const high = await send({ priority: 'high', to });
    const waiting = (await scenario.message(low[4].id)).waiting;
    expect(waiting).toMatchObject({ reason: 'rate_limit', ahead: 4 });
    expect((await scenario.message(high.id)).waiting.ahead).toBe(0);
    await scenario.advance(11 * second);
    expect(await statusOf(high)).toBe('read');
    for (const message of low) expect(await statusOf(message)).toBe('queued');
  });

  test('a batch returns a result per item, accepts the valid ones, and shows its progress', async () => {
    const good = () => ({ account_id: account.id, to: number(), type: 'text', text: { body: 'x' } });
    const items = [
      good(),
      { ...good(), to: '12' },
      {},
      { ...good(), account_id: 'acc_01k9m3q5w8e7taz4x2c6v0b1n5' },
      good(),
      { ...good(), expires_at: '2090-01-01T00:00:00+16:00' },
    ];
    const key = { 'idempotency-key': `batch-${store}` };
    const answer = await scenario.api('POST', '/api/v1/messages/batch', { messages: items }, key);
    const batch = batchAcceptedSchema.parse(answer.body);
    expect(answer.status).toBe(202);
    expect(batch).toMatchObject({ total: 6, accepted: 2, rejected: 4 });
    expect(batch.results.map(result => [result.index, result.status, result.error?.code])).toEqual([
      [0, 202, undefined],
      [1, 400, 'invalid_request'],
      [2, 400, 'invalid_request'],
      [3, 404, 'account_not_found'],
      [4, 202, undefined],
      [5, 400, 'invalid_request'],
    ]);
    expect((await scenario.api('POST', '/api/v1/messages/batch', { messages: items }, key)).text).toBe(answer.text);
    expect((await scenario.api('POST', '/api/v1/messages/batch', { messages: items.slice(1) }, key)).status).toBe(422);
    await scenario.settle();
    const shown = batchSchema.parse((await scenario.api('GET', `/api/v1/batches/${batch.id}`)).body);
    expect(shown).toMatchObject({ accepted: 2, done: true, by_status: { read: 2 } });
    expect((await scenario.api('GET', `/api/v1/messages?batch_id=${batch.id}`)).body.page.total).toBe(2);
    expect((await scenario.api('POST', '/api/v1/messages/batch', { messages: [] })).status).toBe(400);
    const stranger = await scenario.stranger();
    expect((await stranger.api('GET', `/api/v1/batches/${batch.id}`)).body.code).toBe('batch_not_found');
  });

  test('failed messages are retried by filter', async () => {
    scenario.simulator.setFault(() => 'window-closed');
    const failed = [await send(), await send()];
    await scenario.settle();
    scenario.simulator.setFault(null);
    expect(
      (await scenario.api('POST', '/api/v1/messages/retry', { account_id: account.id, error_code: '1' })).body,
    ).toEqual({ count: 0, left: 0, skipped: [] });
    expect(
      (await scenario.api('POST', '/api/v1/messages/retry', { account_id: account.id, error_code: '131047' })).body,
    ).toEqual({ count: 2, left: 0, skipped: [] });
    await scenario.settle();
    for (const message of failed) expect(await statusOf(message)).toBe('read');
    await countsHold();
  });

  test('other creating requests store their response under a key too', async () => {
    const body = { name: 'Ana', phone: number() };
    const headers = { 'idempotency-key': `contact-${store}` };
    const first = await scenario.api('POST', '/api/v1/contacts', body, headers);
    const again = await scenario.api('POST', '/api/v1/contacts', body, headers);
    expect(first.status).toBe(201);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect((await scenario.api('POST', '/api/v1/contacts', { ...body, name: 'Bea' }, headers)).body.code).toBe(
      'idempotency_key_reused',
    );
    const made = await scenario.api('POST', '/api/v1/accounts', { name: 'Once', channel: 'sandbox' }, headers);
    expect((await scenario.api('POST', '/api/v1/accounts', { name: 'Once', channel: 'sandbox' }, headers)).text).toBe(
      made.text,
    );
    expect(accountSchema.parse(made.body).delivery.retry).toEqual({ attempts: 4, delay_ms: 5_000 });
  });

  test('paused: no message is sent, and each says why; resumed: they are sent; purged: they are cancelled', async () => {
    await scenario.api('POST', `${path()}/pause`);
    const message = await send();
    await scenario.settle();
    expect((await scenario.message(message.id)).waiting).toEqual({
      reason: 'paused',
      until: null,
      ahead: 0,
      expected_at: null,
    });
    expect(await queue()).toMatchObject({
      queued: { high: 0, normal: 1, low: 0 },
      hold: { reason: 'paused', until: null },
    });
    expect((await scenario.api('GET', path())).body.status).toBe('paused');
    await scenario.advance(hour);
    expect(await statusOf(message)).toBe('queued');
    await scenario.api('POST', `${path()}/resume`);
    await scenario.settle();
    expect(await statusOf(message)).toBe('read');
    await scenario.api('POST', `${path()}/pause`);
    const gone = [await send(), await send({ send_at: iso(hour) })];
    expect((await scenario.api('DELETE', `${path()}/queue`)).body).toEqual({ count: 2 });
    for (const each of gone) expect(await statusOf(each)).toBe('cancelled');
    expect((await queue()).scheduled).toBe(0);
    await countsHold();
  });

  describe('the governor', () => {
    test('in quiet hours only messages of high priority are sent', async () => {
      const at = (ms: number) => new Date(scenario.clock.now() + ms).toISOString().slice(11, 16);
      await patch({ limits: { quiet_hours: { from: at(-10 * minute), until: at(50 * minute) } } });
      const normal = await send();
      const high = await send({ priority: 'high' });
      await scenario.settle();
      expect(await statusOf(high)).toBe('read');
      const { waiting } = await scenario.message(normal.id);
      expect(waiting.reason).toBe('quiet_hours');
      await scenario.advance(new Date(waiting.until).getTime() - scenario.clock.now() + 1);
      expect(await statusOf(normal)).toBe('read');
      expect((await patch({ limits: { quiet_hours: { from: '10:00', until: '10:00' } } })).status).toBe(400);
    });

    test('new conversations of a day are counted; a contact that wrote first does not count', async () => {
      await patch({ limits: { new_conversations_per_day: 2 } });
      const first = [await send(), await send()];
      await scenario.settle();
      const third = await send();
      const again = await send({ to: first[0].to });
      await scenario.settle();
      for (const message of [...first, again]) expect(await statusOf(message)).toBe('read');
      const { waiting, status } = await scenario.message(third.id);
      expect(status).toBe('queued');
      expect(waiting.reason).toBe('new_conversation_limit');
      expect(waiting.until).toMatch(/T00:00:00.000Z$/);
      await scenario.advance(new Date(waiting.until).getTime() - scenario.clock.now() + 1);
      expect(await statusOf(third)).toBe('read');
    });

    test('each recipient has its own bucket', async () => {
      await patch({ limits: { recipient: { burst: 3, seconds: 6 } } });
      const to = number();
      const messages: { id: string }[] = [];
      for (let n = 0; n < 5; n++) messages.push(await send({ to }));
      const other = await send();
      await scenario.settle();
      const statuses = () => Promise.all(messages.map(statusOf));
      expect(await statuses()).toEqual(['read', 'read', 'read', 'queued', 'queued']);
      expect((await scenario.message(messages[3]?.id ?? '')).waiting.reason).toBe('recipient_limit');
      expect(await statusOf(other)).toBe('read');
      await scenario.advance(6 * second + 1);
      expect(await statuses()).toEqual(['read', 'read', 'read', 'read', 'queued']);
      await scenario.advance(6 * second + 1);
      expect(await statuses()).toEqual(Array(5).fill('read'));
    });

    test('during the warm-up the daily limit grows', async () => {
      const today = new Date(scenario.clock.now()).toISOString().slice(0, 10);
      await patch({ limits: { per_day: 10, warm_up: { start: today, first_day: 2, days: 4 } } });
      const accepted = async () => {
        let count = 0;
        while ((await post()).status === 202) count++;
        await scenario.settle();
        return count;
      };
      expect(await accepted()).toBe(2);
      await scenario.advance(day);
      expect(await accepted()).toBe(4);
      await scenario.advance(3 * day);
      expect(await accepted()).toBe(10);
    });

    test('on_limit hold keeps messages beyond the daily limit until midnight', async () => {
      await patch({ limits: { per_day: 1, on_limit: 'hold' } });
      const first = await send();
      await scenario.settle();
      const second = await send();
      await scenario.settle();
      expect(await statusOf(first)).toBe('read');
      const { waiting } = await scenario.message(second.id);
      expect(waiting.reason).toBe('daily_limit');
      await scenario.advance(new Date(waiting.until).getTime() - scenario.clock.now() + 1);
      expect(await statusOf(second)).toBe('read');
    });

    test('a queue that is full, or too long for an expiry, rejects messages', async () => {
      await patch({ limits: { max_queued: 2, rate: { messages: 1, seconds: 60 } } });
      await scenario.api('POST', `${path()}/pause`);
      await send();
      await send();
      const full = await post();
      expect(full).toMatchObject({ status: 429, body: { code: 'queue_full' } });
      expect(full.headers.get('retry-after')).toBe('60');
      await patch({ limits: { max_queued: 100 } });
      expect((await post({ valid_for_seconds: 100 })).body.code).toBe('queue_full');
      expect((await post({ valid_for_seconds: 1_000 })).status).toBe(202);
    });

    test('with jitter each message has a gap behind it', async () => {
      await patch({ limits: { jitter_ms: 10_000 } });
      const messages = [await send(), await send(), await send()];
      await scenario.settle();
      const sent = async () => (await Promise.all(messages.map(statusOf))).filter(status => status === 'read').length;
      expect(await sent()).toBe(1);
      // The scenario's chance is always one half.
      await scenario.advance(5 * second + 1);
      expect(await sent()).toBe(2);
      await scenario.advance(5 * second + 1);
      expect(await sent()).toBe(3);
    });

    test('the channel’s distrust pauses the account until somebody resumes it', async () => {
      const to = `+1${store === 'redis' ? 303 : 202}5550177`;
      scenario.simulator.setFault(call => (to.endsWith(call.to) ? 'error-131031' : null));
      const message = await send({ to });
      await scenario.settle();
      scenario.simulator.setFault(null);
      expect((await scenario.api('GET', path())).body).toMatchObject({
        status: 'needs_attention',
        status_reason: expect.stringContaining('error-131031'),
      });
      expect((await queue()).hold).toEqual({ reason: 'flagged', until: null });
      const more = await send();
      expect((await scenario.message(more.id)).waiting).toMatchObject({ reason: 'flagged', until: null });
      await scenario.advance(day);
      expect((await scenario.message(message.id)).waiting).toEqual({
        reason: 'flagged',
        until: null,
        ahead: 0,
        expected_at: null,
      });
      await scenario.api('POST', `${path()}/resume`);
      await scenario.settle();
      expect(await Promise.all([message, more].map(statusOf))).toEqual(['read', 'read']);
      expect((await scenario.api('GET', path())).body.status).toBe('connected');
    });

    test('a number that the token may not use holds the queue, and fails none of it', async () => {
      await scenario.api('POST', `${path()}/pause`);
      const messages = [
        await send({ to: `+1${store === 'redis' ? 303 : 202}5550132`, priority: 'high' }),
        await send(),
        await send(),
      ];
      await patch({ limits: { concurrency: 1 } });
      await scenario.api('POST', `${path()}/resume`);
      await scenario.settle();
      expect(await Promise.all(messages.map(statusOf))).toEqual(['queued', 'queued', 'queued']);
      expect((await scenario.message(messages[0].id)).attempts).toMatchObject([
        { class: 'account_error', code: '100' },
      ]);
      expect((await scenario.api('GET', path())).body).toMatchObject({
        status: 'needs_attention',
        status_reason: expect.stringContaining('missing permissions'),
      });
      expect((await queue()).hold).toMatchObject({ reason: 'account_error' });
      await scenario.advance(minute);
      expect(await Promise.all(messages.map(statusOf))).toEqual(['read', 'read', 'read']);
      expect((await scenario.api('GET', path())).body.status).toBe('connected');
    });
  });

  describe('unknown outcomes', () => {
    const lost = async (more: object = {}) => {
      scenario.simulator.setFault(() => 'answer-and-receipts-lost');
      const message = await send(more);
      await scenario.settle();
      scenario.simulator.setFault(null);
      expect(await statusOf(message)).toBe('unknown');
      // Another message's receipts show that our webhook is alive.
      await scenario.advance(minute);
      await send();
      await scenario.settle();
      return message;
    };
    const callsTo = (message: { to: string }) =>
      scenario.simulator.calls().filter(call => `+${call.to}` === message.to).length;

    test('hold: it stays unknown after the window, and an operator may decide', async () => {
      const message = await lost();
      await scenario.advance(11 * minute);
      const held = await scenario.message(message.id);
      expect(held).toMatchObject({ status: 'unknown', waiting: { reason: 'unknown_outcome', until: null } });
      expect(held.events.find((event: { type: string }) => event.type === 'message.held').data).toEqual({
        on_unknown: 'hold',
      });
      const resolve = (resolution: string) =>
        scenario.api('POST', `/api/v1/messages/${message.id}/resolve`, { resolution });
      expect((await resolve('maybe')).status).toBe(400);
      const decided = await resolve('sent');
      expect(decided).toMatchObject({ status: 200, body: { status: 'sent' } });
      expect(
        decided.body.events.find((event: { type: string }) => event.type === 'message.resolved').data,
      ).toMatchObject({ resolution: 'sent', by: expect.any(String) });
      expect((await resolve('failed')).body.code).toBe('message_not_unknown');
      expect(callsTo(message)).toBe(1);
    });

    test('retry: it is sent once more after the window, by its own wish', async () => {
      const message = await lost({ on_unknown: 'retry' });
      await scenario.advance(9 * minute);
      expect(callsTo(message)).toBe(2);
      expect(await statusOf(message)).toBe('read');
      await countsHold();
    });

    test('fail: it fails after the window; evidence that comes later upgrades and says so', async () => {
      await patch({ delivery: { on_unknown: 'fail', unknown_window_seconds: 300 } });
      const message = await lost();
      await scenario.advance(6 * minute);
      const failed = await scenario.message(message.id);
      expect(failed).toMatchObject({ status: 'failed', error: { code: 'unknown_outcome' } });
      const [row] = await scenario.sql<{ token: string; account_id: string }>(
        `select token, account_id from attempt where message_id = (select id from message where address = $1 order by seq limit 1)`,
        [message.to],
      );
      await scenario.sql(
        `select * from apply_receipts($1, array[$2]::uuid[], array[$3]::uuid[], array['wamid.late'], array['sent'], array[$1]::timestamptz[], array[''], array[''])`,
        [new Date(scenario.clock.now()), row?.account_id, row?.token],
      );
      const late = await scenario.message(message.id);
      expect(late).toMatchObject({ status: 'sent', error: null });
      expect(late.events.at(-1)).toMatchObject({ type: 'message.reconciled', data: { from: 'failed', to: 'sent' } });
    });

    test('while no receipt comes in at all the window does not count', async () => {
      scenario.simulator.setFault(() => 'answer-and-receipts-lost');
      const message = await send({ on_unknown: 'retry' });
      await scenario.settle();
      await scenario.advance(hour);
      expect(callsTo(message)).toBe(1);
      expect(await statusOf(message)).toBe('unknown');
    });
  });

  test('the watchdog says once of a message that it was sent and not delivered', async () => {
    await patch({ delivery: { undelivered_after_seconds: 3_600 } });
    scenario.simulator.setFault(() => 'never-delivered');
    const message = await send();
    await scenario.settle();
    await scenario.advance(hour + second);
    await scenario.advance(hour);
    const { events, status } = await scenario.message(message.id);
    expect(status).toBe('sent');
    expect(events.filter((event: { type: string }) => event.type === 'message.undelivered')).toMatchObject([
      { data: { reason: 'no_delivery_receipt' } },
    ]);
  });

  test('retries follow the account’s policy', async () => {
    const lonely = await startScenario({ clock: 'manual', ...(redis && { redisUrl: redis.url }) });
    try {
      await lonely.api('PATCH', `/api/v1/accounts/${lonely.account.id}`, {
        delivery: { retry: { attempts: 2, delay_ms: 60_000 } },
      });
      await lonely.simulator.close();
      const { id } = await lonely.send();
      await lonely.recado.engine.idle();
      expect((await lonely.message(id)).waiting.until).toBe(new Date(lonely.clock.now() + minute).toISOString());
      await lonely.advance(minute);
      await lonely.recado.engine.idle();
      expect(await lonely.message(id)).toMatchObject({ status: 'failed', attempts: [{}, {}] });
    } finally {
      await lonely.close();
    }
  });

  test('a message of a deleted account that was being tried is cancelled, not forgotten', async () => {
    let deleted: Promise<unknown> = Promise.resolve();
    scenario.simulator.setFault(() => {
      deleted = scenario.api('DELETE', path());
      return 'rate-limited';
    });
    const message = await send();
    await scenario.settle();
    await deleted;
    await scenario.advance(minute);
    expect(await statusOf(message)).toBe('cancelled');
  });
});
