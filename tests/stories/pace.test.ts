// The rate is a promise about the moments at which calls reach the channel, wherever between claim and record that is.
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimMessages, recordBatch } from '../../server/features/messages/store.ts';
import { queryable } from '../../server/kit/db.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { checkBucket, checkRate } from '../governor/checks.ts';
import { type Story, startStory } from '../setup/story.ts';

const aheadMs = 150;
const leaseMs = 30_000;
let story: Story;
let clock = Date.now();

beforeAll(async () => {
  story = await startStory({ roles: 'api' });
});
afterAll(() => story.close());

interface Call {
  token: string;
  messageId: string;
  to: string;
  /** When it is over, and when within its time it reached the channel. */
  ends: number;
  arrives: number;
  /** When the database is told; never, where its worker dies. */
  recorded: number;
}

const step = fc.record({
  /** Time that passes before this claim. */
  ms: fc.integer({ min: 0, max: 400 }),
  claim: fc.integer({ min: 1, max: 8 }),
  durations: fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 8, maxLength: 8 }),
  arrivals: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
  recordsLate: fc.integer({ min: 0, max: 500 }),
  dies: fc.boolean(),
});

/** Plays claims and records on an account with these limits, and gives the calls that came of them. */
async function play(
  limits: object,
  people: number,
  steps: (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
): Promise<Call[]> {
  const made = await story.api('POST', '/api/v1/accounts', { name: 'Paced', channel: 'sandbox', limits });
  const batch = Array.from({ length: 60 }, (_, place) => ({
    account_id: made.body.id,
    to: `+3361${String(1_000_000 + (place % people))}`,
    type: 'text',
    text: { body: 'x' },
  }));
  expect((await story.api('POST', '/api/v1/messages/batch', { messages: batch })).body.accepted).toBe(60);
  const accountId = toUuid(made.body.id);
  clock = Math.max(clock, Date.now()) + 1_000;
  const all: Call[] = [];
  let open: Call[] = [];
  for (const { ms, claim, durations, arrivals, recordsLate, dies } of steps) {
    clock += ms;
    const over = open.filter(call => call.recorded <= clock);
    open = open.filter(call => call.recorded > clock);
    for (const call of over)
      await recordBatch(
        story.engineDb,
        [
          {
            token: call.token,
            messageId: call.messageId,
            outcome: { class: 'accepted', channelMessageId: call.token },
            waitMs: 0,
            endedAt: 0,
          },
        ],
        0,
        new Date(call.ends),
      );
    const claimed = await claimMessages(
      story.engineDb,
      accountId,
      claim,
      ['sandbox'],
      'test',
      leaseMs / 1_000,
      aheadMs,
      0.5,
      new Date(clock),
    );
    for (const [place, message] of claimed.messages.entries()) {
      const starts = clock + Math.ceil(message.starts_in_ms ?? 0);
      const ends = starts + (durations[place] ?? 0);
      const arrives = Math.round(starts + (ends - starts) * (arrivals[place] ?? 0));
      const recorded = dies && place === 0 ? Number.POSITIVE_INFINITY : ends + recordsLate;
      const { token, message_id: messageId, address: to } = message;
      const call = { token, messageId, to, ends, arrives, recorded };
      all.push(call);
      open.push(call);
    }
  }
  return all;
}

const rising = (left: number, right: number) => left - right;
const arrivals = (calls: Call[]) => calls.map(call => call.arrives).sort(rising);

test('no stretch has more calls than the rate, however long each was on its way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.array(step, { minLength: 10, maxLength: 30 }),
      async (messages, steps) => {
        const rate = { messages, seconds: 1 };
        const calls = await play({ rate, recipient: null }, 60, steps);
        expect(calls.length).toBeGreaterThan(0);
        expect(checkRate(arrivals(calls), rate).early).toEqual([]);
      },
    ),
    { numRuns: 12 },
  );
});

test('no recipient gets more than their bucket holds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 2 }),
      fc.array(step, { minLength: 10, maxLength: 30 }),
      async (burst, steps) => {
        const bucket = { burst, seconds: 1 };
        const calls = await play({ rate: { messages: 1_000, seconds: 1 }, recipient: bucket }, 3, steps);
        for (const to of new Set(calls.map(call => call.to)))
          expect(checkBucket(arrivals(calls.filter(call => call.to === to)), bucket).early).toEqual([]);
      },
    ),
    { numRuns: 12 },
  );
});

test('a claim waits for one that is under way, and counts what it took', async () => {
  const { id } = story.account;
  await story.api('PATCH', `/api/v1/accounts/${id}`, {
    limits: { rate: { messages: 1, seconds: 60 }, recipient: null },
  });
  await story.send();
  await story.send();
  const [first, second] = [new pg.Client(story.databaseUrl), new pg.Client(story.databaseUrl)];
  for (const client of [first, second]) {
    await client.connect();
    await client.query('set search_path = recado, public');
  }
  const claim = async (client: pg.Client) => {
    const { messages } = await claimMessages(queryable(client), toUuid(id), 5, ['sandbox'], 'test', 30, 0, 0.5, null);
    return messages.length;
  };
  await first.query('begin');
  expect(await claim(first)).toBe(1);
  const [{ pid } = { pid: 0 }] = (await second.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
  const late = claim(second);
  const waits = async () =>
    (await story.sql<{ waits: boolean }>(`select cardinality(pg_blocking_pids($1)) > 0 as waits`, [pid]))[0]?.waits;
  while (!(await waits()));
  await first.query('commit');
  expect(await late).toBe(0);
  await first.end();
  await second.end();
});

test('one claim fills all places that are in sight, says when the next is worth one, and a look before that takes no lock', async () => {
  const limits = { rate: { messages: 4, seconds: 1 }, recipient: null };
  const made = await story.api('POST', '/api/v1/accounts', { name: 'In sight', channel: 'sandbox', limits });
  const batch = Array.from({ length: 20 }, (_, place) => ({
    account_id: made.body.id,
    to: `+3362${String(1_000_000 + place)}`,
    type: 'text',
    text: { body: 'x' },
  }));
  expect((await story.api('POST', '/api/v1/messages/batch', { messages: batch })).body.accepted).toBe(20);
  const accountId = toUuid(made.body.id);
  // The ends are rounded up to a hundredth of the stretch, so these are exact.
  const start = Math.ceil(Math.max(clock, Date.now()) / 1_000) * 1_000 + 1_000;
  const claimAt = (ms: number, db = story.engineDb) =>
    claimMessages(db, accountId, 10, ['sandbox'], 'test', leaseMs / 1_000, aheadMs, 0.5, new Date(start + ms));
  const first = await claimAt(0);
  expect(first.messages).toHaveLength(4);
  expect(first.waitUntil).toBeUndefined();
  const ends = [10, 60, 90, 400];
  await recordBatch(
    story.engineDb,
    first.messages.map(({ token, message_id: messageId }, place) => ({
      token,
      messageId,
      outcome: { class: 'accepted', channelMessageId: token },
      waitMs: 0,
      endedAt: ends[place] ?? 0,
    })),
    500,
    new Date(start + 500),
  );
  const early = await claimAt(500);
  expect(early.messages).toEqual([]);
  expect(early.waitUntil).toEqual(new Date(start + 1_010 - 60));
  const second = await claimAt(950);
  expect(second.messages.map(message => message.starts_in_ms)).toEqual([60, 110, 140]);
  expect(second.waitUntil).toEqual(new Date(start + 1_400 - 60));
  const other = new pg.Client(story.databaseUrl);
  await other.connect();
  await other.query('begin');
  await other.query('select 1 from recado.lane where kind = $1 and key = $2 for update', ['send', accountId]);
  expect(await claimAt(1_000)).toMatchObject({ messages: [], more: true, waitUntil: new Date(start + 1_400 - 60) });
  await other.end();
});
