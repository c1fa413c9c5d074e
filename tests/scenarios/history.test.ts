// What the channel's own history tells of messages that nobody knows the outcome of.
import { messageDetailsSchema } from '@recado/contract';
import type { HistoryFaultName } from '@recado/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { historyLane } from '../../server/features/sending/index.ts';
import { gauges } from '../../server/features/statistics/index.ts';
import { openDatabase } from '../../server/kit/db/database.ts';
import { openLog } from '../../server/kit/log.ts';
import { createMetrics } from '../../server/kit/metrics.ts';
import { realClock } from '../../server/kit/time.ts';
import type { Channel } from '../../server/ports/channel.ts';
import { type Story, startStory } from '../setup/scenario.ts';

const minute = 60_000;
const logged: string[] = [];
const log = openLog('info', undefined, { write: line => void logged.push(line) });

let story: Story;
let numbers = 0;
let asked = 0;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
const number = () => `+33619${String(100_000 + ++numbers)}`;
const send = async (more: object = {}) => {
  const body = { account_id: account.id, to: number(), type: 'text', text: { body: 'hello' }, ...more };
  const answer = await story.api('POST', '/api/v1/messages', body);
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
};
const callsTo = (message: { to: string }) =>
  story.simulator.calls().filter(call => `+${call.to}` === message.to).length;
const looksAt = async (message: { id: string }) =>
  messageDetailsSchema
    .parse(await story.message(message.id))
    .events.filter(event => event.type === 'message.history_checked')
    .map(event => event.data);
const wamidOf = (message: { to: string }) =>
  story.simulator.ledger.entries().find(entry => `+${entry.to}` === message.to)?.wamid;
const metric = async (outcome: string) => {
  const { text } = await story.as(undefined)('GET', '/metrics');
  return Number(new RegExp(`^recado_history_checks_total\\{outcome="${outcome}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
};

/** Sends while the channel does as told. */
async function sendUnder(fault: 'dropped' | 'answer-and-receipts-lost', more: object = {}) {
  story.simulator.setFault(() => fault);
  const message = await send(more);
  await story.settle();
  story.simulator.setFault(null);
  expect((await story.message(message.id)).status).toBe('unknown');
  return message;
}

/** Counts how often the account's history is asked for from here on, and has it answered so. */
function answerHistory(fault: HistoryFaultName | null) {
  asked = 0;
  story.simulator.setHistoryFault(({ phoneNumberId }) => {
    if (phoneNumberId !== account.phone_number_id) return null;
    asked++;
    return fault;
  });
}

/** A minute later another message is sent, and its receipts come. */
async function sendLater() {
  await story.advance(minute);
  const later = await send();
  await story.settle();
  return later;
}

beforeAll(async () => {
  story = await startStory({ clock: 'manual', oneClock: true, log });
});
afterAll(() => story.close());
beforeEach(async () => {
  story.simulator.setFault(null);
  const limits = { per_day: null };
  account = (await story.api('POST', '/api/v1/accounts', { name: 'Fresh', channel: 'sandbox', limits })).body;
  answerHistory(null);
});

describe('the history of an unknown message', () => {
  test('says that it is not listed, with the first one that was sent after it and is', async () => {
    const message = await sendUnder('dropped');
    const later = await sendLater();
    await story.advance(4 * minute);
    const found = { result: 'not_listed', later: { message_id: later.id, at: expect.any(String) } };
    expect(await looksAt(message)).toEqual([found]);
    await story.advance(4 * minute);
    expect(await looksAt(message)).toEqual([found, found]);
    await story.advance(10 * minute);
    // It is asked about twice, and stays for the operator to decide.
    expect([asked, callsTo(message)]).toEqual([2, 1]);
    expect(await story.message(message.id)).toMatchObject({ status: 'unknown', waiting: { reason: 'unknown_outcome' } });
    expect(await metric('not_listed')).toBeGreaterThanOrEqual(2);
  });

  test('says nothing certain while nothing that was sent later is listed', async () => {
    const message = await sendUnder('dropped');
    await story.advance(5 * minute);
    expect(await looksAt(message)).toEqual([{ result: 'inconclusive', reason: 'nothing_later', others: 0 }]);
  });

  test('names the one that may be it, and two where there are two', async () => {
    const message = await sendUnder('answer-and-receipts-lost');
    const other = await sendUnder('answer-and-receipts-lost');
    await sendLater();
    await story.advance(4 * minute);
    const candidate = (of: { to: string }) => ({
      channel_message_id: wamidOf(of),
      at: expect.any(String),
      recipient: 'fits',
    });
    expect(await looksAt(message)).toEqual([{ result: 'candidates', candidates: [candidate(message)], others: 1 }]);
    expect(await looksAt(other)).toEqual([{ result: 'candidates', candidates: [candidate(other)], others: 1 }]);
    expect(asked).toBe(1);
    // Another app sends to the same person from the same number.
    await fetch(`${story.simulator.url}/${account.phone_number_id}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${story.secrets.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_product: 'whatsapp', to: message.to, type: 'text', text: { body: 'theirs' } }),
    });
    await story.advance(4 * minute);
    expect((await looksAt(message))[1]).toMatchObject({ result: 'candidates', candidates: { length: 2 }, others: 1 });
    // A candidate is no proof: nothing of the message has changed.
    expect(await story.message(message.id)).toMatchObject({ status: 'unknown', channel_message_id: null });
  });

  test('only counts ids that seem to name somebody else', async () => {
    const taken = await sendUnder('answer-and-receipts-lost');
    const message = await sendUnder('dropped');
    await sendLater();
    await story.advance(4 * minute);
    expect(await looksAt(message)).toEqual([{ result: 'inconclusive', reason: 'others_only', others: 1 }]);
    expect(JSON.stringify(await story.message(message.id))).not.toContain(wamidOf(taken));
  });

  test('is read over several pages', async () => {
    const limits = { rate: { messages: 1_000, seconds: 1 }, per_day: null };
    await story.api('PATCH', `/api/v1/accounts/${account.id}`, { limits });
    const message = await sendUnder('answer-and-receipts-lost');
    await story.advance(minute);
    await Promise.all(Array.from({ length: 120 }, () => send()));
    await story.settle();
    await story.advance(4 * minute);
    expect(await looksAt(message)).toMatchObject([{ result: 'candidates', candidates: [{ recipient: 'fits' }] }]);
    expect(asked).toBe(2);
  });

  test('is asked for by one worker only, and not about what a receipt has settled', async () => {
    const second = await story.node('worker');
    const message = await sendUnder('dropped');
    const settled = await sendUnder('answer-and-receipts-lost');
    await story.api('POST', `/api/v1/messages/${settled.id}/resolve`, { resolution: 'sent' });
    await sendLater();
    story.clock.advance(4 * minute);
    const [row] = await story.sql<{ key: string }>(
      `select key from lane where kind = 'history' and key =
      (select id from account where phone_number_id = $1)`,
      [account.phone_number_id],
    );
    const ask = (node: { engine: Story['recado']['engine'] }) => node.engine.run('history', row?.key ?? '');
    await Promise.all([ask(story.recado), ask(second), ask(story.recado), ask(second)]);
    await Promise.all([story.recado.engine.idle(), second.engine.idle()]);
    expect(asked).toBe(1);
    expect(await looksAt(message)).toHaveLength(1);
    expect(await looksAt(settled)).toEqual([]);
    await second.close();
  });
});

describe('a channel that does not tell its history', () => {
  test.each(['forbidden', 'rate-limited', 'server-error', 'garbage'] as const)(
    'is asked again later, and says so in the log and the figures: %s',
    async fault => {
      const before = await metric('failed');
      answerHistory(fault);
      const message = await sendUnder('dropped');
      await sendLater();
      await story.advance(4 * minute);
      await story.advance(minute / 2);
      expect([asked, await looksAt(message), await metric('failed')]).toEqual([1, [], before + 1]);
      expect(logged.filter(line => line.includes('history did not come')).length).toBeGreaterThan(0);
      // The account is as well as before, and so is its queue.
      expect((await gauges(story.engineDb, story.clock.sqlNow())).held).not.toContainEqual({ reason: null, n: 1 });
      expect((await story.api('GET', `/api/v1/accounts/${account.id}`)).body.status).toBe('connected');
      answerHistory(null);
      await story.advance(minute / 2);
      expect(await looksAt(message)).toMatchObject([{ result: 'not_listed' }]);
    },
  );

  test('is given up after five times, and the timeline says why', async () => {
    answerHistory('forbidden');
    const message = await sendUnder('dropped');
    await sendLater();
    for (let n = 0; n < 60; n++) await story.advance(minute);
    expect(asked).toBe(5);
    expect(await looksAt(message)).toEqual([
      { result: 'inconclusive', reason: 'channel_error', code: '200', title: expect.any(String) },
    ]);
  });
});

describe('on_unknown retry', () => {
  const passWindow = async () => {
    await sendLater();
    for (let n = 0; n < 10; n++) await story.advance(minute);
  };

  test('does not send again what the history seems to list, but holds it', async () => {
    const message = await sendUnder('answer-and-receipts-lost', { on_unknown: 'retry' });
    await passWindow();
    expect(callsTo(message)).toBe(1);
    const held = messageDetailsSchema.parse(await story.message(message.id));
    expect(held).toMatchObject({ status: 'unknown', waiting: { reason: 'unknown_outcome', until: null } });
    expect(held.events.at(-1)).toMatchObject({
      type: 'message.held',
      data: { on_unknown: 'hold', reason: 'history_candidate' },
    });
    const again = await story.api('POST', `/api/v1/messages/${message.id}/resolve`, { resolution: 'retry' });
    expect(again.status).toBe(200);
    await story.settle();
    expect(callsTo(message)).toBe(2);
  });

  test('sends again what is not listed, and neither earlier nor because of that', async () => {
    const message = await sendUnder('dropped', { on_unknown: 'retry' });
    await sendLater();
    await story.advance(8 * minute);
    expect([(await looksAt(message)).length > 0, callsTo(message)]).toEqual([true, 1]);
    await story.advance(2 * minute);
    await story.advance(minute);
    expect(await story.message(message.id)).toMatchObject({ status: 'read' });
    expect(callsTo(message)).toBe(2);
  });

  test('looks anew at a second call that is unknown: what was found of the first is not held against it', async () => {
    const message = await sendUnder('answer-and-receipts-lost', { on_unknown: 'retry' });
    await passWindow();
    story.simulator.setFault(() => 'dropped');
    answerHistory('empty');
    await story.api('POST', `/api/v1/messages/${message.id}/resolve`, { resolution: 'retry' });
    await story.settle();
    story.simulator.setFault(null);
    await passWindow();
    expect(callsTo(message)).toBe(3);
  });
});

test('a lane waits as long as the database says, however far ahead the clock of its node is', async () => {
  const connection = { connectionString: story.databaseUrl };
  const db = openDatabase({ connection, role: 'recado_engine', name: 'test', max: 1 }, log);
  try {
    const clock = { ...realClock, now: () => Date.now() + 60 * minute };
    const channels = { sandbox: { history: async () => ({}) } } as unknown as Record<string, Channel>;
    const lane = historyLane({ db, clock, log, metrics: createMetrics(), channels });
    const [row] = await story.sql<{ key: string }>(
      `update lane set held_until = clock_timestamp() + interval '1 minute'
       where kind = 'history' and key = (select id from account where phone = $1) returning key`,
      [account.phone],
    );
    expect((await lane.claim(row?.key ?? '', 1)).waitMs).toBeGreaterThan(0);
  } finally {
    await db.close();
  }
});
