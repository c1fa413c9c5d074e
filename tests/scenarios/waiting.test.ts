// Why a message waits where nobody is there to send it.
import { messageReasonsSchema } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ roles: 'api', clock: 'manual' });
});
afterAll(() => scenario.close());

const waitingOf = async (id: string) => (await scenario.message(id)).waiting;

/** A worker as the table knows it. */
const worker = (kinds: string, channels: string, secondsAgo = 0) =>
  scenario.sql(
    `insert into worker (id, kinds, routes, seen_at)
     values ($1, $2, $3, clock_timestamp() - $4 * interval '1 second')`,
    [newUuid(), kinds, channels, secondsAgo],
  );

test('no worker is alive that sends for its channel, and it says so until there is one', async () => {
  const first = await scenario.send('+33612008001');
  const second = await scenario.send('+33612008001');
  expect(await waitingOf(first.id)).toEqual({ reason: 'no_worker', until: null, ahead: 0, expected_at: null });
  // The missing worker is the reason, not the message ahead.
  expect(await waitingOf(second.id)).toEqual({ reason: 'no_worker', until: null, ahead: 1, expected_at: null });

  await worker('{send}', '{cloud}');
  await worker('{receive,read}', '{sandbox}');
  await worker('{send}', '{sandbox}', 11);
  expect((await waitingOf(first.id)).reason).toBe('no_worker');
  await worker('{send}', '{sandbox}');
  expect((await waitingOf(first.id)).reason).toBe('next');
  expect((await waitingOf(second.id)).reason).toBe('conversation_order');
  await scenario.sql('delete from worker');

  const node = await scenario.node('worker');
  await expect.poll(async () => (await scenario.message(second.id)).status, { timeout: 20_000 }).toBe('read');
  await node.close();
  expect((await waitingOf((await scenario.send('+33612008001')).id)).reason).toBe('no_worker');
});

test('a message with its own wait names it first', async () => {
  const { body: scheduled } = await scenario.api('POST', '/api/v1/messages', {
    account_id: scenario.account.id,
    to: '+33612008002',
    type: 'text',
    text: { body: 'later' },
    send_at: new Date(scenario.clock.now() + 3_600_000).toISOString(),
  });
  expect((await waitingOf(scheduled.id)).reason).toBe('scheduled');
  const { id } = await scenario.send('+33612008003');
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
  expect((await waitingOf(id)).reason).toBe('paused');
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`);
  expect((await waitingOf(id)).reason).toBe('no_worker');
  // Only a claim queues what is due.
  scenario.clock.advance(3_600_001);
  expect(await waitingOf(scheduled.id)).toEqual({ reason: 'no_worker', until: null, ahead: null, expected_at: null });
});

describe('at three messages a minute', () => {
  const minute = 60_000;
  let own: Scenario;
  beforeAll(async () => {
    own = await startScenario({ clock: 'manual' });
  });
  afterAll(() => own.close());

  /** A fresh account with this rate. */
  async function limited() {
    const limits = { rate: { messages: 3, seconds: 60 } };
    const account = (await own.api('POST', '/api/v1/accounts', { name: 'Slow', channel: 'sandbox', limits })).body;
    let people = 0;
    const send = async (more: object = {}): Promise<string> => {
      const to = `+3361220${String(1_000 + ++people)}`;
      const text = { type: 'text', text: { body: 'hello' } };
      const answer = await own.api('POST', '/api/v1/messages', { account_id: account.id, to, ...text, ...more });
      expect(answer.status, answer.text).toBe(202);
      return answer.body.id;
    };
    const waiting = async (ids: string[]) => {
      const { data } = messageReasonsSchema.parse(
        (await own.api('GET', `/api/v1/messages/waiting?ids=${ids.join(',')}`)).body,
      );
      return new Map(data.map(each => [each.id, each]));
    };
    return { account, send, waiting };
  }

  test('each says its place and when it leaves, to a minute; an urgent one moves the others back', async () => {
    const { send, waiting } = await limited();
    const ids: string[] = [];
    for (let n = 0; n < 30; n++) ids.push(await send());
    await own.settle();
    const left = (await Promise.all(ids.map(id => own.message(id)))).filter(({ waiting: why }) => why !== null);
    expect(left).toHaveLength(27);
    const waits = await waiting(left.map(({ id }) => id));
    for (const [place, message] of left.entries()) {
      expect(waits.get(message.id)).toEqual({ id: message.id, ...message.waiting });
      expect(message.waiting).toMatchObject({ reason: 'rate_limit', ahead: place });
    }
    const [first, last] = [left[0], left[23]];
    expect(last?.waiting?.ahead).toBe(23);
    expect(Date.parse(first?.waiting?.until ?? '')).toBeLessThan(own.clock.now() + 2 * minute);
    expect(Date.parse(last?.waiting?.expected_at ?? '') - own.clock.now()).toBeGreaterThan(7 * minute);

    const urgent = await send({ priority: 'high' });
    expect((await waiting([urgent])).get(urgent)).toMatchObject({ ahead: 0, expected_at: first?.waiting?.expected_at });
    let message = await own.message(last?.id ?? '');
    expect(message.waiting?.ahead).toBe(24);
    const expected = Date.parse(message.waiting?.expected_at ?? '');

    // The truth: played from slot to slot, with the urgent one before it.
    for (let slots = 0; slots < 40 && message.waiting !== null; slots++) {
      await own.advance(Date.parse(message.waiting.until ?? '') - own.clock.now() + 1);
      message = await own.message(message.id);
    }
    expect(Math.abs(Date.parse(message.attempts[0]?.started_at ?? '') - expected)).toBeLessThanOrEqual(minute);
  });

  test('the second message of each person comes after the first of all', async () => {
    const { account, send, waiting } = await limited();
    await own.api('POST', `/api/v1/accounts/${account.id}/pause`);
    const [ana, bea] = ['+33612990001', '+33612990002'];
    const ids = [await send({ to: ana }), await send({ to: ana }), await send({ to: bea }), await send({ to: bea })];
    const places = async () => {
      const found = await waiting(ids);
      return ids.map(id => found.get(id)?.ahead);
    };
    expect(await places()).toEqual([0, 2, 1, 3]);
    for (const wait of (await waiting(ids)).values())
      expect(wait).toMatchObject({ reason: 'paused', expected_at: null });
    const low = await send({ priority: 'low' });
    expect((await waiting([low])).get(low)?.ahead).toBe(4);
    expect(await places()).toEqual([0, 2, 1, 3]);
  });
});
