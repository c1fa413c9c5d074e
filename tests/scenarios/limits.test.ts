// The rate limits when calls reach the channel, at any time between claim and record.
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { waitingOf } from '../../server/features/messages/waiting-store.ts';
import { type AttemptResult, claimMessages, recordBatch } from '../../server/features/sending/store.ts';
import { type Queryable, queryable } from '../../server/kit/db/database.ts';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { checkBucket, checkRate } from '../limits/checks.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const leaseMs = 30_000;
let scenario: Scenario;
let clock = Date.now();

beforeAll(async () => {
  scenario = await startScenario({ roles: 'api' });
});
afterAll(() => scenario.close());

/** Claims messages of an account at this time. */
async function claimAt(accountId: string, max: number, now: Date | null, db: Queryable = scenario.engineDb) {
  const settings = { routes: ['sandbox'], runner: 'test', leaseSeconds: leaseMs / 1_000, random: 0.5 };
  const [claim] = await claimMessages(db, [{ accountId, max }], settings, now);
  if (!claim) throw new Error('a claim gave nothing');
  return claim;
}

interface Call {
  token: string;
  messageId: string;
  to: string;
  /** When the call ends, and when it reaches the channel. */
  ends: number;
  arrives: number;
  /** When the outcome is recorded; never, if the worker dies. */
  recorded: number;
  /** Released: the call never arrives, and takes no place. */
  neverMade: boolean;
}

/** The places of a rate at a claim: how many are free, and when each taken one becomes free. */
interface Known {
  free: number;
  opens: number[];
}

const step = fc.record({
  /** Time that passes before this claim. */
  ms: fc.integer({ min: 0, max: 400 }),
  claim: fc.integer({ min: 1, max: 8 }),
  durations: fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 8, maxLength: 8 }),
  arrivals: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
  recordsLate: fc.integer({ min: 0, max: 500 }),
  dies: fc.boolean(),
  neverMade: fc.boolean(),
});

/** Makes an account with these limits and so many queued messages, to as many people in turn. Gives its id in the database. */
async function accountWith(limits: object, count: number, people = count): Promise<string> {
  const made = await scenario.api('POST', '/api/v1/accounts', { name: 'Paced', channel: 'sandbox', limits });
  const messages = Array.from({ length: count }, (_, place) => ({
    account_id: made.body.id,
    to: `+3361${String(1_000_000 + (place % people))}`,
    type: 'text',
    text: { body: 'x' },
  }));
  expect((await scenario.api('POST', '/api/v1/messages/batch', { messages })).body.accepted).toBe(count);
  return toUuid(made.body.id);
}

/**
 * Plays claims and records on an account with these limits, and gives the calls that came of them, with the complaints
 * where there was a place of the rate, and the claim neither took it nor said to come back in time.
 */
async function play(
  limits: { rate: { messages: number; seconds: number }; recipient: object | null },
  people: number,
  steps: (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
): Promise<{ calls: Call[]; idle: string[] }> {
  const queued = 60;
  const accountId = await accountWith(limits, queued, people);
  clock = Math.max(clock, Date.now()) + 1_000;
  const all: Call[] = [];
  const idle: string[] = [];
  let open: Call[] = [];
  let left = queued;
  /** Ends are rounded up to a fiftieth of the stretch. */
  const placeAfter = ({ ends }: Call) => (Math.floor(ends / 20) + 1) * 20 + limits.rate.seconds * 1_000;
  const known = (): Known => {
    const opens = all
      .filter(call => !call.neverMade && !open.includes(call))
      .map(placeAfter)
      .filter(at => at > clock);
    return { free: limits.rate.messages - open.length - opens.length, opens: opens.sort(rising) };
  };
  for (const { ms, claim, durations, arrivals, recordsLate, dies, neverMade } of steps) {
    clock += ms;
    const over = open.filter(call => call.recorded <= clock);
    open = open.filter(call => call.recorded > clock);
    for (const call of over)
      await recordBatch(
        scenario.engineDb,
        [
          {
            token: call.token,
            messageId: call.messageId,
            outcome: call.neverMade ? { class: 'released' } : { class: 'accepted', channelMessageId: call.token },
            waitMs: 0,
            endedAt: 0,
          },
        ],
        0,
        new Date(call.ends),
      );
    const places = known();
    const claimed = await claimAt(accountId, claim, new Date(clock));
    left += over.filter(call => call.neverMade).length - claimed.messages.length;
    const { free, opens } = places;
    const taken = claimed.messages.length;
    const next = opens[taken - free];
    if (left > 0 && taken === 0 && free > 0) idle.push(`${free} of the places are free, and nothing was claimed`);
    else if (
      left > 0 &&
      taken < claim &&
      taken >= free &&
      next !== undefined &&
      !(claimed.waitMs !== undefined && claimed.waitMs <= next - clock)
    )
      idle.push(`a place is free in ${next - clock} ms, and the lane waits for ${claimed.waitMs} ms`);
    for (const [place, message] of claimed.messages.entries()) {
      const starts = clock;
      const ends = starts + (durations[place] ?? 0);
      const arrives = Math.round(starts + (ends - starts) * (arrivals[place] ?? 0));
      const recorded = dies && place === 0 ? Number.POSITIVE_INFINITY : ends + recordsLate;
      const { token, message_id: messageId, address: to } = message;
      const call = { token, messageId, to, ends, arrives, recorded, neverMade: neverMade && !dies && place === 0 };
      all.push(call);
      open.push(call);
    }
  }
  return { calls: all.filter(call => !call.neverMade), idle };
}

const rising = (left: number, right: number) => left - right;
const arrivals = (calls: Call[]) => calls.map(call => call.arrives).sort(rising);

test('no stretch has more calls than the rate, with calls of any duration', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.array(step, { minLength: 10, maxLength: 30 }),
      async (messages, steps) => {
        const rate = { messages, seconds: 1 };
        const { calls } = await play({ rate, recipient: null }, 60, steps);
        expect(checkRate(arrivals(calls), rate).early).toEqual([]);
      },
    ),
    { numRuns: 12 },
  );
});

test('a free place is taken, or the lane claims again in time, also after a call that was never made', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.array(step, { minLength: 10, maxLength: 30 }),
      async (messages, steps) => {
        // An outcome that is recorded late is not known before.
        const inTime = steps.map(each => ({ ...each, recordsLate: 0 }));
        expect((await play({ rate: { messages, seconds: 1 }, recipient: null }, 60, inTime)).idle).toEqual([]);
      },
    ),
    { numRuns: 12 },
  );
});

test('no recipient gets more messages than the bucket holds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 2 }),
      fc.array(step, { minLength: 10, maxLength: 30 }),
      async (burst, steps) => {
        const bucket = { burst, seconds: 1 };
        const { calls } = await play({ rate: { messages: 1_000, seconds: 1 }, recipient: bucket }, 3, steps);
        for (const to of new Set(calls.map(call => call.to)))
          expect(checkBucket(arrivals(calls.filter(call => call.to === to)), bucket).early).toEqual([]);
      },
    ),
    { numRuns: 12 },
  );
});

test('a claim waits for a claim in flight, and counts its messages', async () => {
  const { id } = scenario.account;
  await scenario.api('PATCH', `/api/v1/accounts/${id}`, {
    limits: { rate: { messages: 1, seconds: 60 }, recipient: null },
  });
  await scenario.send();
  await scenario.send();
  const [first, second] = [new pg.Client(scenario.databaseUrl), new pg.Client(scenario.databaseUrl)];
  for (const client of [first, second]) {
    await client.connect();
    await client.query(`set search_path = ${searchPath}`);
  }
  const claim = async (client: pg.Client) => (await claimAt(toUuid(id), 5, null, queryable(client))).messages.length;
  await first.query('begin');
  expect(await claim(first)).toBe(1);
  const [{ pid } = { pid: 0 }] = (await second.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
  const late = claim(second);
  const waits = async () =>
    (await scenario.sql<{ waits: boolean }>(`select cardinality(pg_blocking_pids($1)) > 0 as waits`, [pid]))[0]?.waits;
  while (!(await waits()));
  await first.query('commit');
  expect(await late).toBe(0);
  await first.end();
  await second.end();
});

test('a claim returns when the next place is free', async () => {
  const limits = { rate: { messages: 4, seconds: 1 }, recipient: null };
  const accountId = await accountWith(limits, 20);
  // The ends are rounded up to a fiftieth of the stretch, so these are exact.
  const start = Math.ceil(Math.max(clock, Date.now()) / 1_000) * 1_000 + 1_000;
  const first = await claimAt(accountId, 10, new Date(start));
  expect(first.messages).toHaveLength(4);
  // Calls under way have the places.
  expect(first.waitMs).toBeUndefined();
  for (const [place, { token, message_id: messageId }] of first.messages.entries()) {
    const endedAt = [10, 70, 90, 410][place] ?? 0;
    const outcome = { class: 'accepted', channelMessageId: token } as const;
    await recordBatch(
      scenario.engineDb,
      [{ token, messageId, outcome, waitMs: 0, endedAt }],
      500,
      new Date(start + 500),
    );
  }
  expect(await claimAt(accountId, 10, new Date(start + 500))).toMatchObject({ messages: [], waitMs: 520 });
  const second = await claimAt(accountId, 10, new Date(start + 1_100));
  expect(second.messages).toHaveLength(3);
  expect(second.waitMs).toBe(320);
});

test('each throttled call holds the lane longer, also during a rate hold, until a call is accepted', async () => {
  const limits = { rate: { messages: 2, seconds: 1 }, recipient: null };
  const accountId = await accountWith(limits, 10);
  let at = Math.ceil(Math.max(clock, Date.now()) / 1_000) * 1_000 + 1_000;
  const claimOne = () => claimAt(accountId, 1, new Date(at));
  const claimAndRecord = async (outcome: AttemptResult['outcome']) => {
    const [message] = (await claimOne()).messages;
    if (!message) throw new Error('nothing was claimed');
    const lane = () =>
      scenario.sql<{ held_ms: number; strikes: number; pace: boolean }>(
        `select 1000 * extract(epoch from held_until - $2::timestamptz)::float8 as held_ms, consecutive_failures as strikes,
           held_until > $2 and held_reason = 'rate_limit' as pace from lane where account_id = $1`,
        [accountId, new Date(at)],
      );
    const [before] = await lane();
    const { token, message_id: messageId } = message;
    const result = { token, messageId, outcome, waitMs: 0, endedAt: 0 };
    await recordBatch(scenario.engineDb, [result], 0, new Date(at));
    return { before, after: (await lane())[0] };
  };
  const rejected = { class: 'rejected', code: '131026', title: 'Undeliverable.' } as const;
  const throttled = { class: 'throttled', code: '80007', title: 'Too many calls.' } as const;
  // The first call of each round takes one of the two places for a second, so the second one takes the last.
  for (const [strikes, held_ms] of [
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
  ] as const) {
    await claimAndRecord(rejected);
    const { before, after } = await claimAndRecord(throttled);
    expect(before).toMatchObject({ pace: true, strikes: strikes - 1 });
    expect(after).toMatchObject({ held_ms, strikes });
    at += held_ms + 1_000;
  }
  await claimAndRecord(rejected);
  const { before, after } = await claimAndRecord({ class: 'accepted', channelMessageId: 'wamid.struck' });
  expect(before).toMatchObject({ pace: true, strikes: 3 });
  expect(after).toMatchObject({ strikes: 0 });
});

test('a message names the rate limit, also while calls without a known end have the places', async () => {
  const accountId = await accountWith({ rate: { messages: 1, seconds: 60 } }, 2);
  await scenario.sql(`insert into worker (id, kinds, routes) values (gen_random_uuid(), '{send}', '{sandbox}')`);
  onTestFinished(() => scenario.sql('delete from worker').then(() => {}));
  const at = Date.now() + 60_000;
  const claim = (ms: number) => claimAt(accountId, 10, new Date(at + ms));
  const [called] = (await claim(0)).messages;
  expect(called).toBeDefined();
  const [second] = await scenario.sql<{ id: string }>(
    `select id from message where account_id = $1 and status = 'queued'`,
    [accountId],
  );
  const waitingAt = (ms: number) => waitingOf(scenario.engineDb, second?.id ?? '', false, new Date(at + ms));
  expect(await waitingAt(1)).toEqual({
    reason: 'rate_limit',
    until: null,
    ahead: 0,
    // A call that ends now takes its place for a minute.
    expected_at: new Date(at + 61_201),
  });
  const { message_id: messageId = '', token = '' } = called ?? {};
  const outcome = { class: 'accepted' as const, channelMessageId: token };
  await recordBatch(scenario.engineDb, [{ token, messageId, outcome, waitMs: 0, endedAt: 0 }], 0, new Date(at + 1_000));
  // Before any claim has found out.
  expect(await waitingAt(1_001)).toEqual({
    reason: 'rate_limit',
    until: new Date(at + 62_200 - ((at + 1_000) % 1_200)),
    ahead: 0,
    expected_at: new Date(at + 62_200 - ((at + 1_000) % 1_200)),
  });
  expect((await claim(1_002)).messages).toEqual([]);
  expect(await waitingAt(1_003)).toMatchObject({ reason: 'rate_limit', ahead: 0 });
  expect(await waitingAt(62_300)).toEqual({
    reason: 'next',
    until: null,
    ahead: 0,
    expected_at: new Date(at + 62_300),
  });
});
