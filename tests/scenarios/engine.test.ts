// The engine's promises, on each store of wake-ups: pace, limits, retries, unknown outcomes, order, trouble of an account.
import { accountPage } from '@recado/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loseCall } from '../setup/queue.ts';
import { startRedis, type TestRedis, wakeupTransports } from '../setup/redis.ts';
import { rotatingOne } from '../setup/rotation.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const minute = 60_000;
const reserved = (digits: number) => `+120255501${digits}`;
const limits = (messages: number, seconds: number, perDay: number | null = null) => ({
  limits: { rate: { messages, seconds }, per_day: perDay },
});

describe.each(rotatingOne(wakeupTransports))('with wake-ups in %s', store => {
  let redis: TestRedis | undefined;
  let scenario: Scenario;
  const path = () => `/api/v1/accounts/${scenario.account.id}`;
  const calls = (to: string) => scenario.simulator.calls().filter(call => call.to === to.slice(1));

  beforeAll(async () => {
    redis = store === 'redis' ? await startRedis() : undefined;
    scenario = await startScenario({
      clock: 'manual',
      channelDeadlineMs: 5_000,
      ...(redis && { redisUrl: redis.url }),
    });
  });
  afterAll(async () => {
    await scenario.close();
    await redis?.close();
  });
  beforeEach(async () => {
    scenario.simulator.setFault(null);
    await scenario.api('PATCH', path(), limits(1_000, 1));
    await scenario.advance(minute);
  });

  test('message 21 waits under 20 a minute, and says so', async () => {
    await scenario.api('PATCH', path(), limits(20, 60));
    const sent = [];
    for (let n = 1; n <= 25; n++) sent.push(await scenario.send());
    await scenario.settle();
    const statuses = await Promise.all(sent.map(async ({ id }) => (await scenario.message(id)).status));
    expect(statuses.filter(status => status === 'read')).toHaveLength(20);
    expect(statuses.slice(20)).toEqual(Array(5).fill('queued'));

    const waiting = (await scenario.message(sent[20].id)).waiting;
    expect(waiting.reason).toBe('rate_limit');
    const until = new Date(waiting.until).getTime() - scenario.clock.now();
    expect(until).toBeGreaterThan(59_000);
    expect(until).toBeLessThanOrEqual(61_200);

    await scenario.advance(58_000);
    expect((await scenario.message(sent[20].id)).status).toBe('queued');
    await scenario.advance(4_000);
    expect((await scenario.message(sent[24].id)).status).toBe('read');
  });

  test('a full day rejects messages until midnight of the account', async () => {
    const made = await scenario.api('POST', '/api/v1/accounts', {
      name: 'Lisbon',
      channel: 'sandbox',
      time_zone: 'Europe/Lisbon',
      limits: { per_day: 3 },
    });
    const send = () =>
      scenario.api('POST', '/api/v1/messages', {
        account_id: made.body.id,
        to: '+351912345678',
        type: 'text',
        text: { body: 'x' },
      });
    const answers = await Promise.all([send(), send(), send(), send()]);
    expect(answers.map(answer => answer.status).sort()).toEqual([202, 202, 202, 429]);
    const refused = answers.find(answer => answer.status === 429);
    expect(refused?.body).toMatchObject({
      code: 'daily_limit_reached',
      errors: [{ field: 'account_id', message: 'Has reached its daily limit.' }],
    });
    const midnight = /midnight in its time zone, (\S+);.*per_day.*on_limit/.exec(refused?.body.detail)?.[1] ?? '';
    expect(
      new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Lisbon', timeStyle: 'medium' }).format(new Date(midnight)),
    ).toBe('00:00:00');
    const seconds = (new Date(midnight).getTime() - scenario.clock.now()) / 1_000;
    expect(Math.abs(Number(refused?.headers.get('retry-after')) - seconds)).toBeLessThan(5);
    expect(seconds).toBeGreaterThan(0);
    await scenario.settle();
    expect((await send()).body.code).toBe('daily_limit_reached');
    // In autumn a day may have 25 hours.
    await scenario.advance(25 * 60 * minute);
    expect((await send()).status).toBe(202);
    await scenario.settle();
    expect((await scenario.api('GET', `/api/v1/accounts/${made.body.id}`)).body.counters.called).toBe(4);
  });

  test('a day whose limit is lowered holds what is queued until midnight, and says so', async () => {
    // Not so late that the next day begins meanwhile.
    const left = 24 * 60 * minute - (scenario.clock.now() % (24 * 60 * minute));
    if (left < 5 * minute) await scenario.advance(left + minute);
    const made = await scenario.api('POST', '/api/v1/accounts', {
      name: 'Less',
      channel: 'sandbox',
      limits: { rate: { messages: 1, seconds: 10 }, per_day: 5 },
    });
    const sent = [];
    for (let n = 0; n < 3; n++)
      sent.push(
        (
          await scenario.api('POST', '/api/v1/messages', {
            account_id: made.body.id,
            to: `+35191234567${n}`,
            type: 'text',
            text: { body: 'x' },
          })
        ).body,
      );
    await scenario.settle();
    await scenario.api('PATCH', `/api/v1/accounts/${made.body.id}`, { limits: { per_day: 2 } });
    await scenario.advance(minute);
    await scenario.advance(minute);
    const last = await scenario.message(sent[2].id);
    expect(last).toMatchObject({ status: 'queued', waiting: { reason: 'daily_limit' } });
    expect(last.waiting.until).toMatch(/T00:00:00.000Z$/);
    await scenario.advance(new Date(last.waiting.until).getTime() - scenario.clock.now() + 1_000);
    expect((await scenario.message(sent[2].id)).status).toBe('read');
  });

  test('a channel that cannot be reached is tried after 5, 10 and 20 s, then the message fails; by hand it is sent again', async () => {
    const lonely = await startScenario({ clock: 'manual', ...(redis && { redisUrl: redis.url }) });
    try {
      await lonely.simulator.close();
      const { id } = await lonely.send();
      await lonely.recado.engine.idle();
      for (const [index, seconds] of [5, 10, 20].entries()) {
        const message = await lonely.message(id);
        expect(message.status).toBe('queued');
        expect(message.attempts).toHaveLength(index + 1);
        expect(message.waiting).toEqual({
          reason: 'retry',
          until: new Date(lonely.clock.now() + seconds * 1_000).toISOString(),
          ahead: 0,
          expected_at: new Date(lonely.clock.now() + seconds * 1_000).toISOString(),
        });
        lonely.clock.advance(seconds * 1_000 - 1);
        await lonely.recado.sweeper?.sweep();
        await lonely.recado.engine.idle();
        expect((await lonely.message(id)).attempts).toHaveLength(index + 1);
        lonely.clock.advance(1);
        await lonely.recado.sweeper?.sweep();
        await lonely.recado.engine.idle();
      }
      const failed = await lonely.message(id);
      expect(failed).toMatchObject({ status: 'failed', waiting: null, error: { code: 'ECONNREFUSED' } });
      expect(failed.attempts.map((attempt: { class: string }) => attempt.class)).toEqual(Array(4).fill('not_sent'));

      const retried = await lonely.api('POST', `/api/v1/messages/${id}/retry`);
      expect(retried).toMatchObject({ status: 202, body: { status: 'queued', error: null } });
      await lonely.recado.engine.idle();
      expect((await lonely.message(id)).attempts).toHaveLength(5);
      expect((await lonely.api('POST', `/api/v1/messages/${id}/retry`)).body.code).toBe('message_not_failed');
    } finally {
      await lonely.close();
    }
  });

  test('what the channel rejects fails with its code, and a retry by hand is a new attempt', async () => {
    const { id } = await scenario.send(reserved(13));
    await scenario.settle();
    expect(await scenario.message(id)).toMatchObject({ status: 'failed', error: { code: '131047' } });
    scenario.simulator.setFault(() => 'accepted');
    expect((await scenario.api('POST', `/api/v1/messages/${id}/retry`)).status).toBe(202);
    await scenario.settle();
    const sent = await scenario.message(id);
    expect(sent).toMatchObject({ status: 'read', error: null });
    expect(sent.attempts.map((attempt: { status: string }) => attempt.status)).toEqual(['failed', 'read']);
  });

  test.each([
    ['a lost answer', 16],
    ['an unreadable answer', 18],
    ['an answer that never comes', 26],
    ['a server error after accepting', 29],
    ['an error of a gateway after accepting', 41],
  ])('%s is unknown until the echo in a receipt tells; the channel is called once', async (_name, digits) => {
    const { id } = await scenario.send(reserved(digits));
    await scenario.settle();
    const message = await scenario.message(id);
    expect(message).toMatchObject({ status: 'read', error: null });
    expect(message.channel_message_id).toMatch(/^wamid\./);
    await scenario.advance(10 * minute);
    expect(calls(reserved(digits))).toHaveLength(1);
  });

  test('without any receipt it stays unknown, says what it waits for, and is never sent again', async () => {
    const { id } = await scenario.send(reserved(17));
    const next = await scenario.send(reserved(17), 'the next one');
    await scenario.settle();
    expect(await scenario.message(id)).toMatchObject({ status: 'unknown', waiting: { reason: 'unknown_outcome' } });
    expect(await scenario.message(next.id)).toMatchObject({
      status: 'queued',
      waiting: { reason: 'conversation_order' },
    });
    // It holds its conversation for two minutes, not for ever.
    await scenario.advance(2 * minute + 1);
    expect((await scenario.message(next.id)).status).not.toBe('queued');
    await scenario.advance(60 * minute);
    expect(calls(reserved(17))).toHaveLength(2);
    expect((await scenario.api('POST', `/api/v1/messages/${id}/retry`)).status).toBe(409);
  });

  test('a worker that vanished leaves unknown behind, and its echo resolves it', async () => {
    const { id } = await scenario.send(reserved(19));
    await scenario.settle();
    // As a kill between the call and the record would leave it: claimed, with a call that nobody will end.
    const row = await loseCall(scenario, reserved(19), new Date(scenario.clock.now() + 1_000));
    await scenario.advance(900);
    expect((await scenario.message(id)).status).toBe('sending');
    await scenario.advance(200);
    const lost = await scenario.message(id);
    expect(lost).toMatchObject({ status: 'unknown', attempts: [{ class: 'unknown', code: 'worker_lost' }] });
    await scenario.sql(
      `select * from apply_receipts($1, array[(select account_id from attempt where token = $2::uuid)], array[$2]::uuid[], array[$3], array['delivered'], array[$1]::timestamptz[], array[''], array[''])`,
      [new Date(scenario.clock.now()), row?.token, row?.channel],
    );
    expect(await scenario.message(id)).toMatchObject({ status: 'delivered', channel_message_id: row?.channel });
  });

  test('messages to one person leave in the order of acceptance, one at a time', async () => {
    const to = '+33612555000';
    const sent = [];
    for (let n = 0; n < 12; n++) sent.push(await scenario.send(to, `number ${n}`));
    await scenario.settle();
    const inOrder = [];
    for (const entry of scenario.simulator.ledger.entries().filter(entry => entry.to === to.slice(1)))
      inOrder.push(
        (
          await scenario.sql<{ body: string }>(
            `select content->>'body' as body from message join attempt on message_id = id where token = $1`,
            [entry.token],
          )
        )[0]?.body,
      );
    expect(inOrder).toEqual(sent.map((_, n) => `number ${n}`));
  });

  test('a rate limit holds the account for a moment and burns no tries', async () => {
    const { id } = await scenario.send(reserved(10));
    await scenario.settle();
    expect(await scenario.message(id)).toMatchObject({ status: 'queued', waiting: { reason: 'throttled' } });
    await scenario.advance(1_100);
    await scenario.advance(2_100);
    const sent = await scenario.message(id);
    expect(sent.status).toBe('read');
    expect(sent.attempts.map((attempt: { class: string }) => attempt.class)).toEqual([
      'throttled',
      'throttled',
      'accepted',
    ]);
  });

  test('a recipient that must be spared waits alone', async () => {
    const { id } = await scenario.send(reserved(11));
    await scenario.settle();
    expect(await scenario.message(id)).toMatchObject({ status: 'queued', waiting: { reason: 'recipient_throttled' } });
    const other = await scenario.send();
    await scenario.settle();
    expect((await scenario.message(other.id)).status).toBe('read');
    await scenario.advance(6_000);
    expect((await scenario.message(id)).status).toBe('read');
  });

  test('an account with an expired token holds its queue, says so, accepts messages, and continues when it works again', async () => {
    const { id } = await scenario.send(reserved(14));
    await scenario.settle();
    expect(await scenario.message(id)).toMatchObject({ status: 'queued', waiting: { reason: 'account_error' } });
    expect((await scenario.api('GET', path())).body).toMatchObject({ status: 'needs_attention' });
    const body = { account_id: scenario.account.id, to: '+33612000001', type: 'text', text: { body: 'x' } };
    const tomorrow = new Date(scenario.clock.now() + 24 * 60 * minute).toISOString();
    const { body: now } = await scenario.api('POST', '/api/v1/messages', body);
    const { body: later } = await scenario.api('POST', '/api/v1/messages', { ...body, send_at: tomorrow });
    const { body: batch } = await scenario.api('POST', '/api/v1/messages/batch', { messages: [body] });
    await scenario.settle();
    expect(batch).toMatchObject({ accepted: 1, rejected: 0 });
    const until = expect.stringMatching(/^\d{4}-/);
    expect((await scenario.message(now.id)).waiting).toMatchObject({ reason: 'account_error', until });
    expect(await scenario.message(later.id)).toMatchObject({ status: 'scheduled', waiting: { reason: 'scheduled' } });
    expect(scenario.simulator.calls().filter(({ to }) => to === '33612000001')).toEqual([]);
    await scenario.api('POST', `${path()}/resume`);
    await scenario.settle();
    for (const each of [id, now.id, batch.results[0].message.id])
      expect((await scenario.message(each)).status).toBe('read');
    await scenario.api('POST', `/api/v1/messages/${later.id}/cancel`);
    expect((await scenario.api('GET', path())).body).toMatchObject({ status: 'connected', status_reason: null });
  });

  test('the same Idempotency-Key gives the same bytes; another body under it is rejected', async () => {
    const body = { account_id: scenario.account.id, to: '+33612000777', type: 'text', text: { body: 'once' } };
    const send = (text = 'once') =>
      scenario.api(
        'POST',
        '/api/v1/messages',
        { ...body, text: { body: text } },
        { 'idempotency-key': `order-77-${store}` },
      );
    const answers = await Promise.all(Array.from({ length: 50 }, () => send()));
    expect(new Set(answers.map(answer => answer.text)).size).toBe(1);
    expect(answers.every(answer => answer.status === 202)).toBe(true);
    await scenario.settle();
    expect((await send()).text).toBe(answers[0]?.text);
    expect(await send('other')).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(calls('+33612000777')).toHaveLength(1);
    await scenario.advance(24 * 60 * minute + 1_000);
    expect((await send('other')).status).toBe(202);
  });

  test('deleting an account cancels what it has queued', async () => {
    const made = await scenario.api('POST', '/api/v1/accounts', {
      name: 'Short',
      channel: 'sandbox',
      limits: { rate: { messages: 1, seconds: 3600 } },
    });
    const send = async (to: string) =>
      (
        await scenario.api('POST', '/api/v1/messages', {
          account_id: made.body.id,
          to,
          type: 'text',
          text: { body: 'x' },
        })
      ).body;
    await send('+33612000301');
    const second = await send('+33612000302');
    await scenario.settle();
    expect((await scenario.api('DELETE', `/api/v1/accounts/${made.body.id}`)).status).toBe(204);
    expect(await scenario.message(second.id)).toMatchObject({ status: 'cancelled' });
    expect((await scenario.api('GET', `/api/v1/accounts/${made.body.id}`)).status).toBe(404);
    // Its messages stay, and so can be named.
    const list = async (query: string) =>
      accountPage.parse((await scenario.api('GET', `/api/v1/accounts${query}`)).body);
    const deleted = await list('?deleted=true');
    expect(deleted).toMatchObject({
      data: [{ id: made.body.id, name: 'Short', status_reason: 'deleted' }],
      page: { total: 1 },
    });
    expect(deleted.data[0]?.deleted_at).not.toBeNull();
    for (const query of ['', '?deleted=false'])
      expect(
        (await list(query)).data.filter(account => account.id === made.body.id || account.deleted_at !== null),
      ).toEqual([]);
  });
});
