// Campaigns through the front door: each recipient exactly one message, whatever happens meanwhile.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const second = 1_000;
const minute = 60_000;
const hour = 3_600_000;

let scenario: Scenario;
// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;
let numbers = 0;

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', oneClock: true });
});
afterAll(() => scenario.close());

const call = (method: string, path: string, body?: object, headers?: Record<string, string>) =>
  scenario.api(method, `/api/v1/${path}`, body, headers);
/** An answer that must be good. */
async function done(method: string, path: string, body?: object): Promise<Json> {
  const answer = await call(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

async function people(count: number, more: object = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    numbers++;
    const phone = `+35191${String(1_000_000 + numbers)}`;
    ids.push((await done('POST', 'contacts', { name: `Person ${numbers}`, phone, ...more })).id);
  }
  return ids;
}

const reminder = {
  share: 100,
  message: {
    type: 'template',
    template: {
      name: 'appointment_reminder',
      language: { code: 'en_US' },
      components: [
        {
          type: 'body',
          parameters: [
            { type: 'text', text: '{{who}}' },
            { type: 'text', text: '{{day}}' },
          ],
        },
      ],
    },
    variables: {
      who: { from: 'built_in', value: 'first_name', fallback: 'friend' },
      day: { from: 'constant', value: '19 December' },
    },
  },
};

const draft = (contactIds: string[], more: object = {}): Promise<Json> =>
  done('POST', 'campaigns', {
    name: 'Signed copies',
    account_ids: [scenario.account.id],
    variants: [reminder],
    include: [{ contact_ids: contactIds }],
    ...more,
  });
const show = (id: string): Promise<Json> => done('GET', `campaigns/${id}`);
const recipients = async (id: string, query = ''): Promise<Json[]> =>
  (await done('GET', `campaigns/${id}/recipients?limit=100${query}`)).data;

/** Lets time pass until the campaign has one of these states. */
async function until(id: string, ...states: string[]): Promise<Json> {
  for (let n = 0; n < 60; n++) {
    const campaign = await show(id);
    if (states.includes(campaign.state)) return campaign;
    await scenario.advance(2 * second);
  }
  throw new Error(`the campaign is ${(await show(id)).state}: ${JSON.stringify(await show(id))}`);
}

const messagesOf = (id: string) =>
  scenario.sql<{ contact_id: string; status: string }>(
    'select contact_id, status from message where campaign_id = $1',
    [toUuid(id)],
  );

/** Each recipient who was to get it has exactly one message, and the counts are those of a recount. */
async function demandExactlyOne(id: string, count: number): Promise<void> {
  const messages = await messagesOf(id);
  expect(messages).toHaveLength(count);
  expect(new Set(messages.map(({ contact_id }) => contact_id)).size).toBe(count);
  const { counts } = await show(id);
  const [recount] = await scenario.sql<Json>(
    `select count(*) filter (where r.state <> 'left_out')::int as people,
      count(*) filter (where r.state = 'left_out')::int as left_out,
      count(*) filter (where r.state = 'pending' or m.status in ('scheduled', 'queued'))::int as waiting,
      count(*) filter (where m.status = 'sending')::int as sending,
      count(*) filter (where m.status = 'unknown')::int as unknown,
      count(*) filter (where m.status in ('sent', 'delivered', 'read', 'played'))::int as sent,
      count(*) filter (where m.status in ('delivered', 'read', 'played'))::int as delivered,
      count(*) filter (where m.status in ('read', 'played'))::int as read,
      count(*) filter (where m.status = 'failed' or r.state = 'rejected')::int as failed,
      count(*) filter (where m.status in ('cancelled', 'expired') or r.state = 'cancelled')::int as cancelled,
      count(*) filter (where r.replied_at is not null)::int as replied,
      count(*) filter (where r.opted_out_at is not null)::int as opted_out
      from campaign_recipient r left join message m on m.id = r.message_id where r.campaign_id = $1`,
    [toUuid(id)],
  );
  expect(counts).toEqual(recount);
}

test('a draft becomes a list, then one message for each person, and ends', async () => {
  const ids = await people(12);
  const { id, state, revision } = await draft(ids);
  expect([state, revision]).toEqual(['draft', 1]);
  await done('POST', `campaigns/${id}/start`, {});
  const ended = await until(id, 'done');
  expect(ended.counts).toMatchObject({ people: 12, left_out: 0, waiting: 0, sent: 12 });
  expect(ended.ended_at).not.toBeNull();
  await demandExactlyOne(id, 12);
  const [first] = await recipients(id);
  expect(first).toMatchObject({ state: expect.stringMatching(/sent|delivered|read/), message_id: expect.any(String) });
  const message = await scenario.message(first.message_id);
  expect(message.template.text ?? JSON.stringify(message.template)).toContain('Person');
  expect(message.priority).toBe('low');
  // A campaign names itself, and who started it.
  const { person } = await done('GET', 'me');
  const sender = { campaign_id: id, created_by: { id: person.id, name: person.name } };
  expect(message).toMatchObject(sender);
  expect((await done('GET', `conversations/${message.conversation_id}`)).last_message).toMatchObject(sender);
});

test('a draft that lacks something says what, and a changed one is refused', async () => {
  const { id } = await done('POST', 'campaigns', { name: 'Empty' });
  const refused = await call('POST', `campaigns/${id}/start`, {});
  expect([refused.status, refused.body.code]).toEqual([409, 'campaign_not_ready']);
  expect(refused.body.errors.map((error: Json) => error.field)).toEqual(['account_ids', 'include', 'variants']);
  expect((await call('PATCH', `campaigns/${id}`, { name: 'New' }, { 'if-match': '"1"' })).status).toBe(200);
  const stale = await call('PATCH', `campaigns/${id}`, { name: 'Old' }, { 'if-match': '"1"' });
  expect([stale.status, stale.body.code]).toEqual([412, 'campaign_changed']);
  const unknown = await draft(await people(1), {
    variants: [{ share: 100, message: { ...reminder.message, variables: {} } }],
  });
  const lacking = await call('POST', `campaigns/${unknown.id}/start`, {});
  expect(lacking.body.errors[0].field).toBe('variants[0].message.variables.who');
  expect((await call('DELETE', `campaigns/${id}`)).status).toBe(204);
  expect((await call('GET', `campaigns/${id}`)).status).toBe(404);
});

test('pause holds what is queued, resume sends it, and cancel ends the rest', async () => {
  await done('POST', `accounts/${scenario.account.id}/pause`, {});
  const { id } = await draft(await people(20));
  await done('POST', `campaigns/${id}/start`, {});
  await until(id, 'running');
  await scenario.advance(3 * second);
  await done('POST', `campaigns/${id}/pause`, { note: 'Wrong shop.' });
  await done('POST', `accounts/${scenario.account.id}/resume`, {});
  await scenario.advance(10 * second);
  const paused = await show(id);
  expect(paused).toMatchObject({ state: 'paused', note: 'Wrong shop.', counts: { waiting: 20, sent: 0 } });
  const [one] = (await recipients(id)).filter(({ message_id }) => message_id);
  expect((await scenario.message(one.message_id)).waiting.reason).toBe('campaign_paused');
  // Repeated, it changes nothing.
  expect((await done('POST', `campaigns/${id}/pause`, {})).state_at).toBe(paused.state_at);
  await scenario.advance(72 * hour);
  expect((await show(id)).counts.sent).toBe(0);
  await done('POST', `campaigns/${id}/resume`, {});
  await until(id, 'done');
  await demandExactlyOne(id, 20);

  await done('POST', `accounts/${scenario.account.id}/pause`, {});
  const other = await draft(await people(8));
  await done('POST', `campaigns/${other.id}/start`, {});
  await until(other.id, 'running');
  await scenario.advance(3 * second);
  await done('POST', `campaigns/${other.id}/cancel`, {});
  await done('POST', `campaigns/${other.id}/cancel`, {});
  await done('POST', `accounts/${scenario.account.id}/resume`, {});
  await scenario.advance(5 * second);
  expect((await show(other.id)).counts).toMatchObject({ people: 8, waiting: 0, sent: 0, cancelled: 8 });
});

test('an opt-out between the list and the turn stops the message', async () => {
  const ids = await people(3);
  const { id } = await draft(ids, {
    recipients_at: 'schedule',
    start: { at: new Date(scenario.clock.now() + hour).toISOString() },
  });
  await done('POST', `campaigns/${id}/start`, {});
  await until(id, 'scheduled');
  expect((await show(id)).counts).toMatchObject({ people: 3, waiting: 3 });
  await done('POST', 'opt-outs', { contact_id: ids[1], category: 'all', reason: 'Asked by phone.' });
  await scenario.advance(hour + minute);
  await until(id, 'done');
  expect((await show(id)).counts).toMatchObject({ people: 2, left_out: 1, sent: 2 });
  expect(await recipients(id, '&state=left_out')).toMatchObject([{ contact_id: ids[1], reason: 'opted_out' }]);
});

test('two recipients who are merged and one who is erased while it runs', async () => {
  await done('POST', `accounts/${scenario.account.id}/pause`, {});
  const ids = await people(5);
  const { id } = await draft(ids, {
    recipients_at: 'schedule',
    start: { at: new Date(scenario.clock.now() + hour).toISOString() },
  });
  await done('POST', `campaigns/${id}/start`, {});
  await until(id, 'scheduled');
  await done('POST', `contacts/${ids[0]}/merge`, { other_id: ids[1] });
  await done('POST', `contacts/${ids[2]}/erase`, {});
  await done('POST', `accounts/${scenario.account.id}/resume`, {});
  await scenario.advance(hour + minute);
  await until(id, 'done');
  await demandExactlyOne(id, 3);
  const out = await recipients(id, '&state=left_out');
  expect(out.map(({ reason }) => reason).sort()).toEqual(['duplicate', 'erased']);
});
