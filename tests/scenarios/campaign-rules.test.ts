// The rules of campaigns: local times, waves, stop rules, caps, replies and variants.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { holdRestoredCampaigns } from '../../server/features/campaigns/index.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const second = 1_000;
const minute = 60_000;
const hour = 3_600_000;

let scenario: Scenario;
// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;
let numbers = 0;
const { envelope, post } = metaPosts(() => scenario);

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
const person = async (phone: string, more: object = {}): Promise<string> =>
  (await done('POST', 'contacts', { name: `Person ${++numbers}`, phone, ...more })).id;
const lisbon = () => `+35192${String(2_000_000 + ++numbers)}`;
async function people(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push(await person(lisbon()));
  return ids;
}

const hello = (share = 100) => ({
  share,
  message: { type: 'template', template: { name: 'hello_world', language: { code: 'en_US' } } },
});
const draft = (ids: string[], more: object = {}): Promise<Json> =>
  done('POST', 'campaigns', {
    name: 'Rules',
    account_ids: [scenario.account.id],
    variants: [hello()],
    include: [{ contact_ids: ids }],
    ...more,
  });
const show = (id: string): Promise<Json> => done('GET', `campaigns/${id}`);
const result = (id: string): Promise<Json> => done('GET', `campaigns/${id}/result`);
const recipients = async (id: string, query = ''): Promise<Json[]> =>
  (await done('GET', `campaigns/${id}/recipients?limit=100${query}`)).data;
const start = (id: string) => done('POST', `campaigns/${id}/start`, {});

async function until(id: string, ...states: string[]): Promise<Json> {
  for (let n = 0; n < 90; n++) {
    const campaign = await show(id);
    if (states.includes(campaign.state)) return campaign;
    await scenario.advance(2 * second);
  }
  throw new Error(JSON.stringify(await show(id)));
}

test('each person gets it at their local time, and within their hours', async () => {
  const kathmandu = await person('+9779841000001');
  const chatham = await person(lisbon(), { reference: 'chatham' });
  await done('POST', 'contact-fields', { key: 'zone', name: 'Time zone', type: 'text' });
  await done('PATCH', `contacts/${chatham}`, { fields: { zone: 'Pacific/Chatham' } });
  const home = await person(lisbon());
  const now = new Date(scenario.clock.now());
  const date = new Date(now.getTime() + 48 * hour).toISOString().slice(0, 10);
  const { id } = await draft([kathmandu, chatham, home], {
    recipients_at: 'schedule',
    start: { local: `${date}T10:00`, zone_field: 'zone' },
    hours: { from: '09:00', until: '20:00' },
  });
  await start(id);
  const scheduled = await until(id, 'scheduled');
  const list = await recipients(id);
  const dueOf = (contact: string) => list.find(({ contact_id }) => contact_id === contact).due_at;
  expect(dueOf(kathmandu)).toBe(`${date}T04:15:00.000Z`);
  const clock = (at: string, zone: string) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(at));
  expect(clock(dueOf(chatham), 'Pacific/Chatham')).toMatch(/10:00$/);
  expect(clock(dueOf(home), 'Europe/Lisbon')).toMatch(/10:00$/);
  expect(Date.parse(scheduled.start_at)).toBeLessThan(Date.parse(dueOf(chatham)));
  await scenario.advance(Date.parse(scheduled.start_at) - scenario.clock.now() + minute);
  await until(id, 'running');
  expect((await show(id)).counts.sent).toBe(0);
  await scenario.advance(Date.parse(dueOf(chatham)) - scenario.clock.now() + minute);
  await scenario.advance(minute);
  expect((await show(id)).counts).toMatchObject({ sent: 1, waiting: 2 });
  await scenario.advance(Date.parse(dueOf(home)) - scenario.clock.now() + minute);
  await until(id, 'done');
  expect((await show(id)).counts.sent).toBe(3);
});

test('a wave waits for the receipts of the one before', async () => {
  const { id } = await draft(await people(9), { waves: { sizes: [2, 3], receipts: 80, wait_minutes: 15 } });
  await start(id);
  await until(id, 'done');
  const { waves } = await result(id);
  expect(waves.map(({ wave, people: n, begun, receipts }: Json) => [wave, n, begun, receipts])).toEqual([
    [1, 2, 2, 2],
    [2, 3, 3, 3],
    [3, 4, 4, 4],
  ]);
  expect(Date.parse(waves[1].first_at)).toBeGreaterThan(Date.parse(waves[0].last_at));
});

test('a stop rule holds the campaign with its figures, and a resume goes on', async () => {
  const good = await people(60);
  // Each of these endings is accepted and then fails with 131026.
  const bad: string[] = [];
  for (let area = 0; area < 20; area++) bad.push(await person(`+1${String(202 + area)}5550112`));
  const { id } = await draft([...good, ...bad, ...(await people(3))], {
    waves: { sizes: [80], receipts: 100, wait_minutes: 5 },
  });
  await start(id);
  const held = await until(id, 'held', 'done');
  expect(held).toMatchObject({ state: 'held', reason: { code: 'not_on_whatsapp', until: null } });
  expect(held.reason.detail).toMatch(/of the last \d+ are not on WhatsApp/);
  await done('POST', `campaigns/${id}/resume`, {});
  await until(id, 'done');
  const { failed, rules } = await result(id);
  expect(failed).toMatchObject([{ code: '131026', people: bad.length, who: expect.any(String), again: 'never' }]);
  expect(rules.map(({ rule }: Json) => rule)).toContain('not_on_whatsapp');
  expect(await recipients(id, '&state=failed&reason=131026')).toHaveLength(bad.length);
  expect(await done('POST', `campaigns/${id}/retry`, {})).toEqual({ count: 0 });
});

test('replies are sure or likely, one for a campaign, and an opt-out is none', async () => {
  const phones = [lisbon(), lisbon(), lisbon(), lisbon()];
  const ids: string[] = [];
  for (const phone of phones) ids.push(await person(phone));
  const { id } = await draft(ids, { variants: [hello(50), hello(50)] });
  await start(id);
  await until(id, 'done');
  const list = await recipients(id);
  const rowOf = (contact: string | undefined) => list.find(({ contact_id }) => contact_id === contact);
  const write = async (place: number, body: string, quoted?: string) => {
    const from = phones[place]?.slice(1) ?? '';
    const timestamp = String(Math.floor(scenario.clock.now() / second));
    const more = { timestamp, text: { body }, ...(quoted && { context: { from: '1', id: quoted } }) };
    const messages = [incoming(from, `wamid.${randomUUID()}`, more)];
    const contacts = [{ wa_id: from, profile: { name: 'Ana' } }];
    expect((await post(envelope({ contacts, messages }))).status).toBe(200);
    await scenario.advance(2 * second);
  };
  const first = await scenario.message(rowOf(ids[0]).message_id);
  await write(0, 'I am coming.', first.channel_message_id);
  await write(1, 'Where is it?');
  await write(1, 'Hello?');
  await write(2, 'STOP');
  const replied = await recipients(id, '&replied=any');
  expect(replied.map(({ contact_id, replied: kind }) => [contact_id, kind]).sort()).toEqual(
    [
      [ids[0], 'sure'],
      [ids[1], 'likely'],
    ].sort(),
  );
  expect((await show(id)).counts).toMatchObject({ replied: 2, opted_out: 1 });
  // The work on it knows which campaign the person answers.
  const [conversation] = (await done('GET', `conversations?contact_id=${ids[0]}`)).data;
  const { data: episodes } = await done('GET', `conversations/${conversation.id}/episodes`);
  expect(episodes).toMatchObject([{ number: 1, campaign: { id, name: expect.any(String) } }]);
  const { replies, variants, difference } = await result(id);
  expect(replies).toMatchObject({ sure: 1, likely: 1 });
  expect(variants.reduce((sum: number, { people: n }: Json) => sum + n, 0)).toBe(4);
  expect(difference === null || typeof difference === 'boolean').toBe(true);
});

test('the outlook and the preview tell what would happen, and a test does not count', async () => {
  const ids = await people(4);
  await done('POST', 'opt-outs', { contact_id: ids[0], category: 'all', reason: 'Asked.' });
  const { id } = await draft(ids, { exclude: [{ contact_ids: [ids[1]] }] });
  const outlook = await done('POST', `campaigns/${id}/check`);
  expect(outlook).toMatchObject({ complete: true, audience: 4, people: 2, problems: [] });
  expect(outlook.left_out).toEqual(
    expect.arrayContaining([
      { value: 'opted_out', people: 1 },
      { value: 'excluded', people: 1 },
    ]),
  );
  expect(outlook.by_country).toEqual([{ value: 'PT', people: 2 }]);
  const preview = await done('GET', `campaigns/${id}/preview?contact_id=${ids[2]}`);
  expect(preview).toMatchObject({ contact_id: ids[2], reason: null, text: 'Hello World', problem: null });
  expect(await done('GET', `campaigns/${id}/preview?contact_id=${ids[1]}`)).toMatchObject({ reason: 'excluded' });
  const tested = await done('POST', `campaigns/${id}/test`, { contact_ids: [ids[2]] });
  expect(tested.messages).toMatchObject([{ contact_id: ids[2], message_id: expect.any(String), problem: null }]);
  expect((await show(id)).counts).toBeNull();
  const rows = await scenario.sql('select 1 from campaign_recipient where campaign_id = $1', [toUuid(id)]);
  expect(rows).toHaveLength(0);
});

test('a start that Recado missed asks', async () => {
  const at = new Date(scenario.clock.now() + hour).toISOString();
  const { id } = await draft(await people(2), { start: { at } });
  await start(id);
  await until(id, 'scheduled');
  // Nothing sweeps while the clock jumps: as if no process had run.
  scenario.clock.advance(2 * hour);
  const missed = await until(id, 'missed');
  expect(missed).toMatchObject({ reason: { code: 'missed_start' }, counts: null });
  await done('POST', `campaigns/${id}/start`, { now: true });
  await until(id, 'done');
  expect((await show(id)).counts.sent).toBe(2);
});

test('a segment that is deleted before the start holds the campaign, and is named in a draft', async () => {
  const match = { all: [{ field: 'name', op: 'is_set' }] };
  const segment = await done('POST', 'segments', { name: 'Everybody', kind: 'filter', filter: { match } });
  const at = new Date(scenario.clock.now() + hour).toISOString();
  const include = [{ segment_id: segment.id }];
  const scheduled = await draft([], { include, start: { at } });
  const lacking = await draft([], { include });
  await start(scheduled.id);
  await until(scheduled.id, 'scheduled');
  await done('DELETE', `segments/${segment.id}`);
  const refused = await call('POST', `campaigns/${lacking.id}/start`, {});
  expect(refused.body.errors.map(({ field }: Json) => field)).toEqual(['include[0].segment_id']);
  expect((await done('POST', `campaigns/${lacking.id}/check`)).people).toBe(0);
  await scenario.advance(hour + second);
  expect((await until(scheduled.id, 'held')).reason.code).toBe('audience_gone');
});

test('after a restore a campaign waits for a person, and keeps its time', async () => {
  const at = new Date(scenario.clock.now() + 2 * hour).toISOString();
  const { id } = await draft(await people(2), { recipients_at: 'schedule', start: { at } });
  await start(id);
  await until(id, 'scheduled');
  expect(await holdRestoredCampaigns(scenario.engineDb)).toBe(1);
  await scenario.advance(minute);
  expect(await show(id)).toMatchObject({ state: 'held', reason: { code: 'restored' }, counts: { sent: 0 } });
  await done('POST', `campaigns/${id}/resume`, {});
  await scenario.advance(minute);
  expect(await show(id)).toMatchObject({ state: 'scheduled', start_at: at, counts: { sent: 0 } });
  await scenario.advance(2 * hour);
  await until(id, 'done');
  expect((await show(id)).counts.sent).toBe(2);
});

test('a failed message that may go again is the same message, tried again', async () => {
  // Each call for this number ends with an error of Meta's own.
  const { id } = await draft([await person('+12125550115')]);
  await start(id);
  await until(id, 'done');
  expect((await result(id)).failed).toMatchObject([{ code: '131000', people: 1, who: 'meta', again: 'now' }]);
  const [before] = await recipients(id);
  expect(await done('POST', `campaigns/${id}/retry`, {})).toEqual({ count: 1 });
  expect(await show(id)).toMatchObject({ state: 'running', counts: { waiting: 1, failed: 0 } });
  await until(id, 'done');
  expect(await recipients(id)).toMatchObject([{ message_id: before.message_id, state: 'failed' }]);
});

test('a pace of its own holds over all accounts', async () => {
  const other = await done('POST', 'accounts', { channel: 'sandbox', name: 'Second' });
  const { id } = await draft(await people(30), {
    account_ids: [scenario.account.id, other.id],
    rate_per_minute: 6,
  });
  await start(id);
  await until(id, 'running');
  for (let n = 0; n < 10; n++) await scenario.advance(2 * second);
  const begun = (await recipients(id)).filter(({ message_id }) => message_id !== null).length;
  expect(begun).toBeGreaterThan(0);
  expect(begun).toBeLessThanOrEqual(6);
  await done('POST', `campaigns/${id}/cancel`, {});
});
