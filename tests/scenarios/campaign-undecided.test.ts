// Outcomes of campaigns that nobody knows, and people who turn out to be one: what is counted, and how a campaign ends.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const second = 1_000;
let scenario: Scenario;
// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;
let numbers = 0;

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', oneClock: true });
});
afterAll(() => scenario.close());

const call = (method: string, path: string, body?: object) => scenario.api(method, `/api/v1/${path}`, body);
/** An answer that must be good. */
async function done(method: string, path: string, body?: object): Promise<Json> {
  const answer = await call(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}
const show = (id: string): Promise<Json> => done('GET', `campaigns/${id}`);
const newPhone = () => `+35193${String(3_000_000 + ++numbers)}`;
const pauseAccount = () => done('POST', `accounts/${scenario.account.id}/pause`, {});
const resumeAccount = () => done('POST', `accounts/${scenario.account.id}/resume`, {});
const resolve = (body: object) => done('POST', 'messages/resolve', body);

async function passUntil(is: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 60; n++) {
    if (await is()) return;
    await scenario.advance(2 * second);
    await scenario.settle();
  }
  throw new Error('it never came to that');
}
const until = (id: string, state: string) => passUntil(async () => (await show(id)).state === state);

/** Starts a campaign to some people whose messages all wait in the queue of a paused account. */
async function queued(phones: string[], more: object = {}): Promise<{ id: string; contacts: string[] }> {
  const contacts: string[] = [];
  for (const phone of phones) contacts.push((await done('POST', 'contacts', { name: `Person ${phone}`, phone })).id);
  await pauseAccount();
  const template = { name: 'hello_world', language: { code: 'en_US' } };
  const { id } = await done('POST', 'campaigns', {
    name: 'Book fair weekend',
    account_ids: [scenario.account.id],
    variants: [{ share: 100, message: { type: 'template', template } }],
    include: [{ contact_ids: contacts }],
    ...more,
  });
  await done('POST', `campaigns/${id}/start`, {});
  await passUntil(async () => (await messagesOf(id)).length === phones.length);
  return { id, contacts };
}

const messagesOf = (id: string) =>
  scenario.sql<{ id: string; contact_id: string; address: string; status: string }>(
    'select id, contact_id, address, status from message where campaign_id = $1 order by seq',
    [toUuid(id)],
  );

/** The counts are those of a recount. */
async function demandCounts(id: string): Promise<void> {
  await scenario.settle();
  const [recount] = await scenario.sql<Json>(
    `select count(*) filter (where r.state = 'pending' or m.status in ('scheduled', 'queued'))::int as waiting,
      count(*) filter (where m.status = 'sending')::int as sending,
      count(*) filter (where m.status = 'unknown')::int as unknown,
      count(*) filter (where m.status in ('sent', 'delivered', 'read', 'played'))::int as sent,
      count(*) filter (where m.status = 'failed' or r.state = 'rejected')::int as failed,
      count(*) filter (where m.status in ('cancelled', 'expired') or r.state = 'cancelled')::int as cancelled
      from campaign_recipient r left join message m on m.id = r.message_id where r.campaign_id = $1`,
    [toUuid(id)],
  );
  expect((await show(id)).counts).toMatchObject(recount);
}

test('a campaign whose last outcomes are unknown is done, and one request decides them all', async () => {
  const phones = Array.from({ length: 5 }, newPhone);
  const lost = new Set(phones.slice(0, 3));
  scenario.simulator.setFault(({ to }) => (lost.has(`+${to}`) ? 'answer-and-receipts-lost' : null));
  const { id } = await queued(phones);
  await resumeAccount();
  await until(id, 'done');
  expect((await show(id)).counts).toMatchObject({ people: 5, waiting: 0, sending: 0, unknown: 3, sent: 2 });
  const [listed] = (await done('GET', 'campaigns?state=done')).data.filter((each: Json) => each.id === id);
  expect(listed.counts.unknown).toBe(3);

  expect(await resolve({ campaign_id: toId('campaign', newUuid()), resolution: 'sent' })).toMatchObject({ count: 0 });
  scenario.simulator.setFault(null);
  const [one] = (await messagesOf(id)).filter(({ status }) => status === 'unknown');
  await done('POST', `messages/${toId('message', one?.id ?? '')}/resolve`, { resolution: 'sent' });
  // What is sent again is queued, so the campaign runs until it left.
  await pauseAccount();
  const { count } = await resolve({ campaign_id: id, resolution: 'retry' });
  expect(count).toBe(2);
  expect(await show(id)).toMatchObject({ state: 'running', ended_at: null, counts: { unknown: 0, waiting: count } });
  await resumeAccount();
  await until(id, 'done');
  expect((await show(id)).counts).toMatchObject({ unknown: 0, waiting: 0, sent: 5 });
  await demandCounts(id);
});

test('an account that sends unknown messages again by itself keeps its campaign running until it has', async () => {
  await done('PATCH', `accounts/${scenario.account.id}`, { delivery: { on_unknown: 'retry' } });
  const [phone] = [newPhone()];
  scenario.simulator.setFault(({ to }) => (`+${to}` === phone ? 'answer-and-receipts-lost' : null));
  const { id } = await queued([phone, newPhone()]);
  await resumeAccount();
  await passUntil(async () => (await show(id)).counts.unknown === 1);
  await scenario.advance(30 * second);
  expect((await show(id)).state).toBe('running');
  scenario.simulator.setFault(null);
  await scenario.advance(900 * second);
  await until(id, 'done');
  expect((await show(id)).counts).toMatchObject({ unknown: 0, sent: 2 });
  await done('PATCH', `accounts/${scenario.account.id}`, { delivery: { on_unknown: 'hold' } });
});

test('a merge of two people who wait in the queue leaves one of their messages', async () => {
  const phones = [newPhone(), newPhone(), newPhone()];
  const { id, contacts } = await queued(phones);
  await done('POST', `contacts/${contacts[0]}/merge`, { other_id: contacts[1] });
  expect((await messagesOf(id)).map(({ status }) => status).sort()).toEqual(['cancelled', 'queued', 'queued']);
  await resumeAccount();
  await until(id, 'done');
  const reached = scenario.simulator.calls().map(({ to }) => `+${to}`);
  expect(phones.map(phone => reached.includes(phone)).sort()).toEqual([false, true, true]);
  expect((await show(id)).counts).toMatchObject({ people: 3, sent: 2, cancelled: 1 });
  await demandCounts(id);
});

test('a running campaign whose messages all wait says why, and minutes are those in which WhatsApp took them', async () => {
  const phones = [newPhone(), newPhone(), newPhone()];
  const { id } = await queued(phones);
  const account = scenario.account.id;
  const paused = { reason: 'paused', until: null, account_id: account, messages: 3 };
  expect((await show(id)).waiting).toEqual(paused);
  const [listed] = (await done('GET', 'campaigns?state=running')).data.filter((each: Json) => each.id === id);
  expect(listed.waiting).toEqual(paused);
  expect((await done('GET', `campaigns/${id}/result`)).minutes).toEqual([]);
  await scenario.advance(600 * second);
  // WhatsApp asks the account to slow down.
  scenario.simulator.setFault(() => 'rate-limited');
  await resumeAccount();
  await scenario.settle();
  const { waiting } = await show(id);
  expect(waiting).toMatchObject({ reason: 'throttled', account_id: account, messages: 3 });
  expect(Date.parse(waiting.until)).toBeGreaterThan(scenario.clock.now());
  scenario.simulator.setFault(null);
  const before = scenario.clock.now();
  await until(id, 'done');
  expect((await show(id)).waiting).toBeNull();
  const { minutes } = await done('GET', `campaigns/${id}/result`);
  expect(minutes.reduce((sum: number, { sent }: Json) => sum + sent, 0)).toBe(3);
  for (const { at } of minutes) expect(Date.parse(at)).toBeGreaterThan(before - 60 * second);
});

test('counts equal a recount, whichever outcomes are lost, people are merged and decisions are made', async () => {
  const decision = fc.record({
    who: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    resolution: fc.constantFrom('sent', 'failed', 'retry'),
  });
  const plays = fc.record({
    lost: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    merges: fc.boolean(),
    mergesLate: fc.boolean(),
    decisions: fc.array(decision, { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(plays, async ({ lost, merges, mergesLate, decisions }) => {
      const phones = lost.map(() => newPhone());
      const { id, contacts } = await queued(phones);
      const merge = () => call('POST', `contacts/${contacts[0]}/merge`, { other_id: contacts[1] });
      if (merges && !mergesLate) expect((await merge()).status).toBe(200);
      await demandCounts(id);
      scenario.simulator.setFault(({ to }) => (lost[phones.indexOf(`+${to}`)] ? 'answer-and-receipts-lost' : null));
      await resumeAccount();
      await until(id, 'done');
      scenario.simulator.setFault(null);
      // It may wait while the outcome of one is unknown.
      if (merges && mergesLate) expect(lost[0] || lost[1] ? [200, 409] : [200]).toContain((await merge()).status);
      await demandCounts(id);
      for (const { who, resolution } of decisions) {
        const all = await messagesOf(id);
        const ids = who === undefined ? undefined : [all[who]?.id];
        const unknown = all.filter(each => each.status === 'unknown' && (ids === undefined || ids.includes(each.id)));
        const { count } = await resolve({
          ...{ campaign_id: id, resolution },
          ...(ids && { ids: ids.map(each => toId('message', each ?? newUuid())) }),
        });
        expect(count).toBeGreaterThanOrEqual(unknown.length);
        await until(id, 'done');
        await demandCounts(id);
      }
      const { counts } = await show(id);
      expect(counts).toMatchObject({ waiting: 0, sending: 0 });
      const people = (await messagesOf(id)).filter(each => each.status !== 'cancelled').map(each => each.contact_id);
      if (!mergesLate) expect(new Set(people).size).toBe(people.length);
    }),
    { numRuns: 3, endOnFailure: true },
  );
});
