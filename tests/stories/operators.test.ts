// What operators do when something went wrong, and what the engine tells them by itself.
import { createHmac } from 'node:crypto';
import { messageDetailsSchema } from '@recado/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Story, startStory } from '../setup/story.ts';

const minute = 60_000;
const hour = 60 * minute;

let story: Story;
let numbers = 0;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
const path = () => `/api/v1/accounts/${account.id}`;
const patch = (body: object) => story.api('PATCH', path(), body);
const number = () => `+33616${String(100_000 + ++numbers)}`;
const post = (more: object = {}) =>
  story.api('POST', '/api/v1/messages', {
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
const statusOf = async (message: { id: string }) => (await story.message(message.id)).status;
const callsTo = (message: { to: string }) =>
  story.simulator.calls().filter(call => `+${call.to}` === message.to).length;
type Event = { type: string; data: Record<string, unknown> };
const eventsOf = async (message: { id: string }, type: string): Promise<Event[]> =>
  messageDetailsSchema.parse(await story.message(message.id)).events.filter(event => event.type === type);
const retryAll = (filter: object) => story.api('POST', '/api/v1/messages/retry', filter);
const retry = (message: { id: string }) => story.api('POST', `/api/v1/messages/${message.id}/retry`);
const resolve = (message: { id: string }, resolution: string) =>
  story.api('POST', `/api/v1/messages/${message.id}/resolve`, { resolution });

/** Sends while the channel does as told. */
async function sendUnder(fault: 'window-closed' | 'answer-and-receipts-lost', more: object = {}) {
  story.simulator.setFault(() => fault);
  const message = await send(more);
  await story.settle();
  story.simulator.setFault(null);
  return message;
}

/** Some other message's receipts show that our webhook is alive. */
async function hearReceipts(): Promise<void> {
  await send();
  await story.settle();
}

/** Moves the clock past the window of what is unknown, with receipts coming in. */
async function passWindow(): Promise<void> {
  await story.advance(minute);
  await hearReceipts();
  await story.advance(11 * minute);
}

beforeAll(async () => {
  story = await startStory({ clock: 'manual', channelDeadlineMs: 300 });
});
afterAll(() => story.close());
beforeEach(async () => {
  story.simulator.setFault(null);
  account = (
    await story.api('POST', '/api/v1/accounts', { name: 'Fresh', channel: 'sandbox', limits: { per_day: null } })
  ).body;
});

describe('sending failed ones again', () => {
  test('by filter, what may have arrived is left out unless it is named', async () => {
    await patch({ delivery: { on_unknown: 'fail' } });
    const maybe = await sendUnder('answer-and-receipts-lost');
    await passWindow();
    const rejected = await sendUnder('window-closed');
    expect(await story.message(maybe.id)).toMatchObject({ status: 'failed', error: { code: 'unknown_outcome' } });
    expect((await retryAll({ account_id: account.id })).body).toEqual({ messages: 1, left: 0 });
    await story.settle();
    expect(await statusOf(rejected)).toBe('read');
    expect(callsTo(maybe)).toBe(1);
    expect((await retryAll({ account_id: account.id, error_code: 'unknown_outcome' })).body).toEqual({
      messages: 1,
      left: 0,
    });
    await story.settle();
    expect(callsTo(maybe)).toBe(2);
  });

  test('what is past its expiry is not sent again, and says so', async () => {
    const message = await sendUnder('window-closed', { valid_for_s: 60 });
    await story.advance(minute);
    expect(await retry(message)).toMatchObject({ status: 409, body: { code: 'message_expired' } });
    expect((await retryAll({ account_id: account.id })).body).toEqual({ messages: 0, left: 0 });
    expect(await statusOf(message)).toBe('failed');
  });

  test('by filter, no more than the day has room for where its limit refuses', async () => {
    const failed = [];
    for (let n = 0; n < 3; n++) failed.push(await sendUnder('window-closed'));
    await patch({ limits: { per_day: 5 } });
    expect((await retryAll({ account_id: account.id })).body).toEqual({ messages: 2, left: 1 });
    await story.settle();
    expect(await Promise.all(failed.map(statusOf))).toEqual(['read', 'read', 'failed']);
    expect((await post()).body.code).toBe('daily_limit_reached');
    await patch({ limits: { on_limit: 'hold' } });
    expect((await retryAll({ account_id: account.id })).body).toEqual({ messages: 1, left: 0 });
  });

  test('by filter without an account, the lanes go on at once', async () => {
    const message = await sendUnder('window-closed');
    const since = new Date(story.clock.now() - minute).toISOString();
    await retryAll({ from: since, error_code: '131047' });
    await story.settle();
    expect(await statusOf(message)).toBe('read');
  });
});

test('cancelling by filter without an account lets those behind go on at once', async () => {
  story.simulator.setFault(() => 'pair-rate-limited');
  const to = number();
  const first = await send({ to, priority: 'high' });
  const second = await send({ to });
  await story.settle();
  story.simulator.setFault(null);
  expect((await story.message(second.id)).waiting.reason).toBe('conversation_order');
  expect((await story.api('POST', '/api/v1/messages/cancel', { priority: 'high' })).body).toEqual({ messages: 1 });
  await story.settle();
  expect(await statusOf(first)).toBe('cancelled');
  expect(await statusOf(second)).toBe('read');
});

describe('a message that would expire in the queue', () => {
  beforeEach(async () => {
    await patch({ limits: { rate: { messages: 1, seconds: 60 } } });
    await story.api('POST', `${path()}/pause`);
  });

  test('is not refused for its own sake', async () => {
    expect((await post({ valid_for_s: 50 })).status).toBe(202);
    expect((await post({ valid_for_s: 50 })).body.code).toBe('queue_full');
    expect((await post({ valid_for_s: 70 })).status).toBe(202);
  });

  test('is refused for what leaves before it, which lower priorities do not', async () => {
    await send({ priority: 'low' });
    await send();
    expect((await post({ valid_for_s: 50, priority: 'high' })).status).toBe(202);
    expect((await post({ valid_for_s: 100 })).body.code).toBe('queue_full');
    expect((await post({ valid_for_s: 130 })).status).toBe(202);
    expect((await post({ valid_for_s: 170, priority: 'low' })).body.code).toBe('queue_full');
    const item = (more: object) => ({
      account_id: account.id,
      to: number(),
      type: 'text',
      text: { body: 'x' },
      ...more,
    });
    const batch = await story.api('POST', '/api/v1/messages/batch', {
      messages: [
        item({ priority: 'low', valid_for_s: 250 }),
        item({ priority: 'high', valid_for_s: 70 }),
        item({ priority: 'high', valid_for_s: 70 }),
      ],
    });
    expect(batch.body.results.map((result: { status: number }) => result.status)).toEqual([429, 202, 429]);
  });

  test('one-time codes pass beside a backlog of 100,000 low ones, up to as many as can leave in time', async () => {
    const crowded = await startStory({ clock: 'manual' });
    try {
      const crowdedPath = `/api/v1/accounts/${crowded.account.id}`;
      const offer = (priority: string) =>
        crowded.api('POST', '/api/v1/messages', {
          account_id: crowded.account.id,
          to: number(),
          type: 'text',
          text: { body: '123456' },
          priority,
          valid_for_s: priority === 'low' ? 1_000 : 60,
        });
      await crowded.api('PATCH', crowdedPath, { limits: { per_day: null, max_queued: 1_000_000 } });
      await crowded.api('POST', `${crowdedPath}/pause`);
      await offer('low');
      await crowded.sql(
        `with first as (select * from message),
         more as (insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
             status, priority, turn, due_at, event_count, created_at)
           select gen_random_uuid(), workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
             status, priority, least(n, 1000), due_at, 1, created_at from first, generate_series(1, 99999) n)
         update account_day set queued = 100000`,
      );
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
