// The approval of a campaign: two people, the list as it is frozen, and every way past them.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { audited, join, type Somebody } from '../setup/people.ts';
import { type Answer, type Call, type Scenario, startScenario } from '../setup/scenario.ts';

const second = 1_000;
const minute = 60_000;

let scenario: Scenario;
let ana: Somebody;
let bruno: Somebody;
let numbers = 0;
// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', oneClock: true });
  ana = await join(scenario, 'admin', { email: 'ana@example.com' });
  bruno = await join(scenario, 'admin', { email: 'bruno@example.com' });
  await limit(5);
});
afterAll(() => scenario.close());
afterEach(() => limit(5));

async function good(answer: Promise<Answer>): Promise<Json> {
  const { status, body, text } = await answer;
  expect(status, text).toBeLessThan(300);
  return body;
}
const limit = (above: number | null) =>
  good(scenario.api('PATCH', '/api/v1/workspace/campaigns', { approval_above: above }));
async function people(count: number, fields: object = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const phone = `+35193${String(3_000_000 + ++numbers)}`;
    ids.push((await good(scenario.api('POST', '/api/v1/contacts', { name: `P ${numbers}`, phone, ...fields }))).id);
  }
  return ids;
}
async function list(count: number): Promise<{ id: string; grow: (by: number) => Promise<void> }> {
  const { id } = await good(scenario.api('POST', '/api/v1/segments', { name: `List ${++numbers}`, kind: 'list' }));
  const grow = async (by: number) => {
    await good(
      scenario.api('POST', `/api/v1/segments/${id}/members`, { action: 'add', contact_ids: await people(by) }),
    );
  };
  await grow(count);
  return { id, grow };
}
const hello = (name = 'hello_world') => ({
  share: 100,
  message: { type: 'template', template: { name, language: { code: 'en_US' } } },
});
const draft = (by: Call, include: object, more: object = {}): Promise<Json> =>
  good(
    by('POST', '/api/v1/campaigns', {
      name: 'Approval',
      account_ids: [scenario.account.id],
      variants: [hello()],
      include: [include],
      ...more,
    }),
  );
const act = (by: Call, id: string, verb: string, body?: object) => by('POST', `/api/v1/campaigns/${id}/${verb}`, body);
const show = (id: string): Promise<Json> => good(scenario.api('GET', `/api/v1/campaigns/${id}`));
const approvalOf = (id: string, by: Call = scenario.api): Promise<Json> =>
  good(by('GET', `/api/v1/campaigns/${id}/approval`));
async function until(id: string, ...states: string[]): Promise<Json> {
  for (let n = 0; n < 90; n++) {
    const campaign = await show(id);
    if (states.includes(campaign.state)) return campaign;
    await scenario.advance(2 * second);
  }
  throw new Error(JSON.stringify(await show(id)));
}
const keyOf = async (by: Call, ...scopes: string[]): Promise<Call> => {
  const given = ['campaigns.read', 'campaigns.manage', 'campaigns.start', ...scopes];
  return scenario.as((await good(by('POST', '/api/v1/keys', { name: 'Program', scopes: given }))).key);
};
const refused = async (answer: Promise<Answer>) => {
  const { status, body } = await answer;
  return [status, body.code];
};
const inMinutes = (n: number) => ({ start: { at: new Date(scenario.clock.now() + n * minute).toISOString() } });
const held = { state: 'held', reason: { code: 'approval_needed' }, counts: { sent: 0 }, approval: { needed: true } };
const sameperson = [409, 'approval_by_same_person'];

test('a key cannot approve, also where another person made it', async () => {
  const key = await keyOf(ana.api);
  const other = await keyOf(bruno.api);
  const { id } = await draft(ana.api, { contact_ids: await people(6) });
  await good(act(ana.api, id, 'ask'));
  expect(await refused(act(key, id, 'approve'))).toEqual([403, 'approval_by_key']);
  expect(await refused(act(other, id, 'approve'))).toEqual([403, 'approval_by_key']);
  expect((await show(id)).approval).toMatchObject({ needed: true, approved_by: null });
});

test('whose key asked, or changed it, does not approve it', async () => {
  const key = await keyOf(ana.api);
  const { id } = await draft(key, { contact_ids: await people(6) });
  await good(act(key, id, 'ask'));
  expect(await refused(act(ana.api, id, 'approve'))).toEqual(sameperson);
  const { approvers, barred, may } = await approvalOf(id, ana.api);
  expect([approvers.map(({ name }: Json) => name).toSorted(), may]).toEqual([[expect.any(String), 'admin'], false]);
  expect(barred).toEqual([{ id: ana.id, name: 'admin', reasons: ['made_key'] }]);
  await good(act(bruno.api, id, 'approve'));
  await good(act(key, id, 'start'));
  await until(id, 'done');
});

test('who asked, and who changed it last, does not approve it', async () => {
  const { id } = await draft(ana.api, { contact_ids: await people(6) });
  await good(bruno.api('PATCH', `/api/v1/campaigns/${id}`, { daily_share: 50 }));
  await good(act(ana.api, id, 'ask'));
  expect(await refused(act(ana.api, id, 'approve'))).toEqual(sameperson);
  expect(await refused(act(bruno.api, id, 'approve'))).toEqual(sameperson);
  const approved = await good(act(scenario.api, id, 'approve', { people: 6 }));
  expect(approved.approval).toMatchObject({ needed: false, people: 6, changed_by: { id: bruno.id } });
  // A change of the campaign ends it, and says so.
  await good(ana.api('PATCH', `/api/v1/campaigns/${id}`, { name: 'Another', daily_share: 60 }));
  expect((await show(id)).approval).toMatchObject({ needed: true, approved_at: null, people: null });
  const { changes, said } = await approvalOf(id);
  expect(changes.fields).toEqual([
    { field: 'name', before: 'Approval', after: 'Another' },
    { field: 'daily_share', before: 50, after: 60 },
  ]);
  expect(said.map(({ kind, by }: Json) => [kind, by.name])).toEqual([
    ['changed', 'admin'],
    ['approved', expect.any(String)],
    ['asked', 'admin'],
  ]);
});

test('only an owner changes the rule, not by key, and those who may approve are told', async () => {
  const body = { approval_above: null };
  expect((await ana.api('PATCH', '/api/v1/workspace/campaigns', body)).status).toBe(403);
  expect((await (await keyOf(scenario.api))('PATCH', '/api/v1/workspace/campaigns', body)).status).toBe(403);
  await limit(7);
  const told = async () => (await ana.api('GET', '/api/v1/me/notifications?unread=true')).body.data;
  await expect
    .poll(async () => (await told()).filter(({ kind }: Json) => kind === 'approval_rule').length, { timeout: 20_000 })
    .toBe(1);
  expect((await audited(scenario, 'campaign_rules.updated')).at(-1)?.detail).toEqual({ approval_above: 7, before: 5 });
  const { data } = (await scenario.api('GET', '/api/v1/events?types=campaign_rules.updated')).body;
  expect(data.at(-1).data).toMatchObject({ approval_above: 7 });
});

test('a list that grew after the approval is held before anybody is written to, and goes on with a new one', async () => {
  const segment = await list(20);
  const { id } = await draft(ana.api, { segment_id: segment.id });
  await good(act(ana.api, id, 'ask'));
  await good(act(bruno.api, id, 'approve'));
  await segment.grow(2);
  await good(act(ana.api, id, 'start'));
  const stopped = await until(id, 'held', 'done');
  expect(stopped).toMatchObject(held);
  expect(stopped.reason.detail).toContain('Its list has 22 people, and the approval is for 20.');
  await expect
    .poll(async () => (await bruno.api('GET', '/api/v1/me/notifications?unread=true')).body.data, { timeout: 20_000 })
    .toContainEqual(expect.objectContaining({ kind: 'approval', campaign: { id, name: 'Approval' } }));
  expect(await refused(act(ana.api, id, 'resume'))).toEqual([409, 'approval_needed']);
  expect(await refused(act(ana.api, id, 'approve'))).toEqual(sameperson);
  expect(await approvalOf(id)).toMatchObject({
    waits: true,
    people: 22,
    complete: true,
    frozen_at: expect.any(String),
  });
  expect(await refused(act(bruno.api, id, 'approve', { people: 20 }))).toEqual([409, 'approval_outgrown']);
  await good(act(bruno.api, id, 'approve', { people: 22 }));
  const ended = await until(id, 'done');
  expect(ended).toMatchObject({ counts: { sent: 22 }, approval: { people: 22 } });
  await expect
    .poll(async () => (await bruno.api('GET', '/api/v1/me/notifications?unread=true')).body.data, { timeout: 20_000 })
    .not.toContainEqual(expect.objectContaining({ campaign: { id, name: 'Approval' } }));
});

test('five percent more people than approved need no new approval', async () => {
  const segment = await list(20);
  const { id } = await draft(ana.api, { segment_id: segment.id });
  await good(act(ana.api, id, 'ask'));
  await good(act(bruno.api, id, 'approve'));
  await segment.grow(1);
  await good(act(ana.api, id, 'start'));
  expect((await until(id, 'held', 'done')).counts).toMatchObject({ sent: 21 });
});

test.each(['list', 'filter'])('a scheduled campaign whose %s grows above the limit is held', async kind => {
  const reference = `vip ${++numbers}`;
  const filter = { match: { all: [{ field: 'name', op: 'is', value: reference }] } };
  const grown = kind === 'list' ? await list(3) : undefined;
  const segment = grown ?? (await good(scenario.api('POST', '/api/v1/segments', { name: reference, kind, filter })));
  if (!grown) await people(3, { name: reference });
  const { id } = await draft(ana.api, { segment_id: segment.id }, inMinutes(2));
  // Also by a key: it may start what needs no approval.
  await good(act(await keyOf(ana.api), id, 'start'));
  await until(id, 'scheduled');
  if (grown) await grown.grow(4);
  else await people(4, { name: reference });
  await scenario.advance(2 * minute + second);
  const stopped = await until(id, 'held', 'done');
  expect(stopped).toMatchObject(held);
  expect(stopped.reason.detail).toContain('Its list has 7 people. Above 5 a second person must approve.');
  // Ana's key started it, and nobody asked.
  expect(await refused(act(ana.api, id, 'approve'))).toEqual(sameperson);
  await good(act(bruno.api, id, 'approve'));
  expect((await until(id, 'done')).counts.sent).toBe(7);
});

test('no other move passes a held list: resume, pause and resume, unschedule and start, copy', async () => {
  const segment = await list(3);
  const { id } = await draft(
    ana.api,
    { segment_id: segment.id },
    { waves: { sizes: [2], receipts: 80, wait_minutes: 5 }, ...inMinutes(2) },
  );
  await good(act(ana.api, id, 'start'));
  await until(id, 'scheduled');
  await segment.grow(4);
  await scenario.advance(2 * minute + second);
  await until(id, 'held');
  expect(await refused(act(ana.api, id, 'resume'))).toEqual([409, 'approval_needed']);
  expect(await refused(act(ana.api, id, 'retry'))).toEqual([409, 'campaign_state']);
  expect(await refused(act(ana.api, id, 'start'))).toEqual([409, 'campaign_state']);
  await good(act(ana.api, id, 'pause'));
  expect(await good(act(ana.api, id, 'resume'))).toMatchObject(held);
  await good(act(ana.api, id, 'unschedule'));
  expect(await refused(act(ana.api, id, 'start', { now: true }))).toEqual([409, 'approval_needed']);
  await good(act(ana.api, id, 'ask'));
  await good(act(bruno.api, id, 'approve'));
  // A copy has no approval.
  const copy = await draft(ana.api, { segment_id: segment.id });
  expect(await refused(act(ana.api, copy.id, 'start'))).toEqual([409, 'approval_needed']);
  await good(act(ana.api, id, 'start', { now: true }));
  expect((await until(id, 'done', 'held')).counts.sent).toBe(7);
});

test('a campaign that is paused while its list is made, or missed its start, is held as well', async () => {
  const segment = await list(3);
  const paused = await draft(ana.api, { segment_id: segment.id }, { recipients_at: 'schedule', ...inMinutes(2) });
  const missed = await draft(ana.api, { segment_id: segment.id }, { recipients_at: 'schedule', ...inMinutes(2) });
  await good(act(ana.api, missed.id, 'start'));
  await until(missed.id, 'scheduled');
  await limit(2);
  expect(await refused(act(ana.api, paused.id, 'start'))).toEqual([409, 'approval_needed']);
  await limit(5);
  await good(act(ana.api, paused.id, 'start'));
  await good(act(ana.api, paused.id, 'pause'));
  await limit(2);
  await good(act(ana.api, paused.id, 'resume'));
  expect(await until(paused.id, 'held', 'scheduled')).toMatchObject(held);
  scenario.clock.advance(14 * minute + 4 * minute);
  await until(missed.id, 'missed');
  await good(act(scenario.api, missed.id, 'start', { now: true }));
  expect(await until(missed.id, 'held', 'done')).toMatchObject(held);
  // Without the rule it goes on.
  await limit(null);
  await good(act(scenario.api, missed.id, 'resume'));
  await until(missed.id, 'done');
  await good(act(scenario.api, paused.id, 'cancel'));
});

test('a template whose text changes after the approval ends it', async () => {
  const carla = await join(scenario, 'admin');
  const name = 'approved_text';
  const components = [{ type: 'BODY', text: 'Signed copies until Sunday.' }];
  const template = await good(
    scenario.api('POST', '/api/v1/templates', {
      account_id: scenario.account.id,
      ...{ name, language: 'en_US', category: 'MARKETING', components },
    }),
  );
  const approved = async () => {
    const status = async () => (await scenario.api('GET', `/api/v1/templates/${template.id}`)).body.status;
    for (let n = 0; n < 30 && (await status()) !== 'APPROVED'; n++) await scenario.advance(second);
    expect(await status()).toBe('APPROVED');
  };
  await approved();
  const { id } = await draft(scenario.api, { contact_ids: await people(6) }, { variants: [hello(name)] });
  await good(act(scenario.api, id, 'ask'));
  await good(act(carla.api, id, 'approve'));
  const other = [{ type: 'BODY', text: 'All books for nothing.' }];
  await good(scenario.api('PATCH', `/api/v1/templates/${template.id}`, { components: other }));
  await approved();
  await good(act(scenario.api, id, 'start'));
  const stopped = await until(id, 'held', 'done');
  expect(stopped).toMatchObject(held);
  expect(stopped.reason.detail).toContain('The text of a template was changed after the approval.');
  // Refused, it is a draft again, and says why.
  const draftAgain = await good(act(carla.api, id, 'refuse', { note: 'Not for nothing.' }));
  expect(draftAgain).toMatchObject({ state: 'draft', approval: { asked_by: null, approved_by: null } });
  expect((await approvalOf(id)).said[0]).toMatchObject({ kind: 'refused', note: 'Not for nothing.' });
});

test('where nobody else may approve, the refusal says what to do', async () => {
  const alone = await scenario.another();
  await good(alone.api('PATCH', '/api/v1/workspace/campaigns', { approval_above: 0 }));
  const one = await good(alone.api('POST', '/api/v1/contacts', { name: 'One', phone: '+351934999999' }));
  const { id } = await good(
    alone.api('POST', '/api/v1/campaigns', {
      name: 'Alone',
      account_ids: [alone.account.id],
      variants: [hello()],
      include: [{ contact_ids: [one.id] }],
    }),
  );
  const { status, body } = await act(alone.api, id, 'start');
  expect([status, body.code]).toEqual([409, 'approval_needed']);
  expect(body.detail).toContain('Nobody may: give another person the role owner or admin');
  expect(await good(alone.api('GET', `/api/v1/campaigns/${id}/approval`))).toMatchObject({
    approvers: [],
    barred: [{ reasons: ['changed'] }],
    may: false,
  });
});

test('start, pause and cancel take a request without a body', async () => {
  const { id } = await draft(scenario.api, { contact_ids: await people(2) }, inMinutes(2));
  await good(act(scenario.api, id, 'start'));
  await until(id, 'scheduled');
  await scenario.advance(2 * minute);
  const other = await draft(scenario.api, { contact_ids: await people(2) });
  await good(act(scenario.api, other.id, 'start'));
  expect((await act(scenario.api, other.id, 'pause')).status).toBe(200);
  expect((await act(scenario.api, other.id, 'cancel')).body).toMatchObject({ state: 'cancelled', note: null });
});
