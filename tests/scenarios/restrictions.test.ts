// Messages that WhatsApp does not send for now: only those wait, and all others of the account leave.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const minute = 60_000;
const hour = 60 * minute;

let scenario: Scenario;
let numbers = 0;
let times = 1_764_000_000;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
const number = () => `+33616${String(100_000 + ++numbers)}`;
const path = () => `/api/v1/accounts/${account.id}`;
const show = async () => (await scenario.api('GET', path())).body;
const hold = async () => (await scenario.api('GET', `${path()}/queue`)).body.hold;
const statusOf = async ({ id }: { id: string }) => (await scenario.message(id)).status;
const waitOf = async ({ id }: { id: string }) => (await scenario.message(id)).waiting;
const reasons = async () => (await scenario.api('GET', `/api/v1/queue/reasons?account_id=${account.id}`)).body.reasons;
const at = (ms: number) => new Date(scenario.clock.now() + ms).toISOString();

async function post(body: object) {
  const answer = await scenario.api('POST', '/api/v1/messages', { account_id: account.id, to: number(), ...body });
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
}
const text = (more: object = {}) => post({ type: 'text', text: { body: 'hello' }, ...more });
const template = (name: string, more: object = {}) =>
  post({ type: 'template', template: { name, language: { code: 'en_US' } }, ...more });
const reminder = (more: object = {}) => template('hello_world', more);
const marketing = (more: object = {}) => template('spring_sale', more);

const script = (change: object) =>
  fetch(`${scenario.simulator.url}/script/limits`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });

/** Posts a notice about the business account, as Meta does. */
async function tell(field: string, value: object): Promise<void> {
  const entry = [{ id: account.business_account_id, time: ++times, changes: [{ field, value }] }];
  const raw = JSON.stringify({ object: 'whatsapp_business_account', entry });
  const signature = `sha256=${createHmac('sha256', scenario.secrets.appSecret).update(raw).digest('hex')}`;
  const headers = { 'x-hub-signature-256': signature };
  expect((await scenario.as(undefined)('POST', '/webhooks/whatsapp/sandbox', raw, headers)).status).toBe(200);
  await scenario.settle();
}

const resume = async () => {
  await scenario.api('POST', `${path()}/resume`);
  await scenario.settle();
};

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', oneClock: true, autoRead: false });
  const made = await scenario.api('POST', '/api/v1/templates', {
    account_id: scenario.account.id,
    name: 'spring_sale',
    language: 'en_US',
    category: 'MARKETING',
    components: [{ type: 'BODY', text: 'All flowers cost half.' }],
  });
  scenario.simulator.templates.act(made.body.channel_template_id, 'approve');
  await scenario.settle();
});
afterAll(() => scenario.close());
beforeEach(async () => {
  scenario.simulator.setFault(null);
  await fetch(`${scenario.simulator.url}/script`, { method: 'DELETE' });
  const body = { name: 'Fresh', channel: 'sandbox', limits: { per_day: null } };
  account = (await scenario.api('POST', '/api/v1/accounts', body)).body;
});

describe('marketing that WhatsApp has disabled (131063)', () => {
  beforeEach(() => script({ marketing_on_messages: false, marketing_signed_up: false }));

  test('a reply and a reminder leave at once; marketing waits and is tried each hour', async () => {
    const refused = await marketing();
    await scenario.settle();
    const [reply, other, behind] = [await text({ priority: 'high' }), await reminder(), await marketing()];
    await scenario.settle();
    expect(await Promise.all([reply, other].map(statusOf))).toEqual(['delivered', 'delivered']);
    expect(await waitOf(refused)).toMatchObject({ reason: 'restricted', until: at(hour) });
    expect(await waitOf(behind)).toMatchObject({ reason: 'restricted', until: at(hour) });
    expect((await scenario.message(behind.id)).attempts).toEqual([]);
    expect(await hold()).toBe(null);
    expect(await reasons()).toEqual([{ account_id: account.id, reason: 'restricted', messages: 2, until: at(hour) }]);
    expect(await show()).toMatchObject({
      status: 'needs_attention',
      status_reason: expect.stringContaining('Marketing templates are disabled'),
    });
    await scenario.advance(hour);
    expect((await scenario.message(refused.id)).attempts).toHaveLength(2);
    expect(await waitOf(refused)).toMatchObject({ reason: 'restricted', until: at(hour) });
    await script({ marketing_on_messages: true });
    await scenario.advance(hour);
    expect(await Promise.all([refused, behind].map(statusOf))).toEqual(['delivered', 'delivered']);
    expect(await show()).toMatchObject({ status: 'connected', status_reason: null });
  });

  test('marketing lets what is behind it in its conversation pass', async () => {
    const to = number();
    const before = await marketing({ to });
    const second = await marketing({ to });
    const reply = await text({ to });
    await scenario.settle();
    expect(await statusOf(reply)).toBe('delivered');
    expect(await Promise.all([before, second].map(waitOf))).toMatchObject([
      { reason: 'restricted' },
      { reason: 'restricted' },
    ]);
    expect(await reasons()).toMatchObject([{ reason: 'restricted', messages: 2 }]);
    await script({ marketing_on_messages: true });
    await scenario.advance(hour);
    expect(await Promise.all([before, second].map(statusOf))).toEqual(['delivered', 'delivered']);
    expect(await scenario.sql('select * from check_queue()')).toEqual([]);
  });

  test('a person who resumes the account tries at once', async () => {
    const refused = await marketing();
    await scenario.settle();
    await script({ marketing_on_messages: true });
    await resume();
    expect(await statusOf(refused)).toBe('delivered');
    expect(await show()).toMatchObject({ status: 'connected' });
  });
});

describe('marketing and its endpoint', () => {
  const lastCalls = (to: string) =>
    scenario.simulator
      .calls()
      .filter(call => `+${call.to}` === to)
      .map(({ isMarketing, code }) => [isMarketing, code]);
  const patch = (marketing_endpoint: string) => scenario.api('PATCH', path(), { delivery: { marketing_endpoint } });

  test('marketing goes there, and nothing else', async () => {
    await script({ marketing_on_messages: false });
    const [sale, other, reply] = [await marketing(), await reminder(), await text()];
    await scenario.settle();
    expect(await Promise.all([sale, other, reply].map(statusOf))).toEqual(['delivered', 'delivered', 'delivered']);
    expect([sale, other, reply].map(({ to }) => lastCalls(to))).toEqual([
      [[true, null]],
      [[false, null]],
      [[false, null]],
    ]);
  });

  test.each([134100, 134102, 131055])('a message that it refuses with %i goes to the plain one, once', async code => {
    const before = lastCalls('+33616999999').length;
    scenario.simulator.setFault(call =>
      call.to === '33616999999' && lastCalls('+33616999999').length === before ? `error-${code}` : null,
    );
    const sale = await marketing({ to: '+33616999999' });
    await scenario.settle();
    expect(await statusOf(sale)).toBe('delivered');
    expect(lastCalls('+33616999999').slice(before)).toEqual([
      [true, code],
      [false, null],
    ]);
    expect((await scenario.message(sale.id)).attempts).toHaveLength(1);
  });

  test('the setting of the account decides', async () => {
    await patch('off');
    const plain = await marketing();
    await scenario.settle();
    expect(lastCalls(plain.to)).toEqual([[false, null]]);
    await script({ marketing_signed_up: false });
    await patch('only');
    // A worker keeps the choice for two seconds.
    await scenario.advance(3_000);
    const strict = await marketing();
    await scenario.settle();
    expect(await scenario.message(strict.id)).toMatchObject({ status: 'failed', error: { code: '134102' } });
    expect(lastCalls(strict.to)).toEqual([[true, 134102]]);
  });

  test('a category counts when it has changed, not when the change is announced', async () => {
    const named = { message_template_name: 'hello_world', message_template_language: 'en_US' };
    const warning = { ...named, new_category: 'UTILITY', correct_category: 'MARKETING' };
    await tell('template_category_update', { ...warning, category_update_timestamp: '1764000000' });
    await scenario.advance(minute);
    const before = await reminder();
    await scenario.settle();
    expect(lastCalls(before.to)).toEqual([[false, null]]);
    const queued = await reminder({ send_at: at(hour) });
    await tell('template_category_update', { ...named, previous_category: 'UTILITY', new_category: 'MARKETING' });
    for (const { id, name } of scenario.simulator.templates.of(account.business_account_id))
      if (name === 'hello_world') scenario.simulator.templates.act(id, 'reclass', { category: 'MARKETING' });
    await scenario.advance(hour);
    expect(lastCalls(queued.to)).toEqual([[true, null]]);
    for (const { id, name } of scenario.simulator.templates.of(account.business_account_id))
      if (name === 'hello_world') scenario.simulator.templates.act(id, 'reclass', { category: 'UTILITY' });
    await scenario.settle();
  });
});

test('a code goes to the number of a person, and never to a user id', async () => {
  const [known, hidden] = ['FR.13491208655302741918', 'FR.13491208655302741919'];
  const phone = number();
  for (const [id, more] of [
    [known, { recipient_id: phone.slice(1) }],
    [hidden, {}],
  ] as const) {
    const contacts = [
      { user_id: id, profile: { name: 'Ana' }, ...(more.recipient_id && { wa_id: more.recipient_id }) },
    ];
    const message = {
      from_user_id: id,
      ...(more.recipient_id && { from: more.recipient_id }),
      id: `wamid.${id}`,
      timestamp: String(Math.floor(scenario.clock.now() / 1_000)),
      type: 'text',
      text: { body: 'hi' },
    };
    await tell('messages', { metadata: { phone_number_id: account.phone_number_id }, contacts, messages: [message] });
  }
  const parameters = [{ type: 'text', text: '482913' }];
  const code = (user_id: string) =>
    scenario.api('POST', '/api/v1/messages', {
      account_id: account.id,
      user_id,
      type: 'template',
      template: {
        name: 'one_time_code',
        language: { code: 'en_US' },
        components: [
          { type: 'body', parameters },
          { type: 'button', sub_type: 'url', index: '0', parameters },
        ],
      },
    });
  expect(await code(known)).toMatchObject({ status: 202, body: { to: phone } });
  expect(await code(hidden)).toMatchObject({ status: 400, body: { errors: [{ field: 'to' }] } });
});

test('templates that WhatsApp limits (131064) wait, and replies leave', async () => {
  await script({ templates: false });
  const refused = await reminder();
  await scenario.settle();
  const [behind, reply] = [await reminder(), await text()];
  await scenario.settle();
  expect(await statusOf(reply)).toBe('delivered');
  expect(await Promise.all([refused, behind].map(waitOf))).toMatchObject([
    { reason: 'restricted', until: at(hour) },
    { reason: 'restricted', until: at(hour) },
  ]);
  await script({ templates: true });
  await scenario.advance(hour);
  expect(await Promise.all([refused, behind].map(statusOf))).toEqual(['delivered', 'delivered']);
});

test('too much spam (131048) holds templates, also where a receipt tells of it', async () => {
  await text({ to: '+12025550133' });
  await scenario.settle();
  const [behind, reply] = [await reminder(), await text()];
  await scenario.settle();
  expect(await statusOf(reply)).toBe('delivered');
  expect(await waitOf(behind)).toMatchObject({ reason: 'restricted' });
  expect(await hold()).toBe(null);
  await scenario.advance(hour);
  expect(await statusOf(behind)).toBe('delivered');
});

describe('a notice of WhatsApp', () => {
  const restrict = (...types: string[]) =>
    tell('account_update', {
      event: 'ACCOUNT_RESTRICTION',
      restriction_info: types.map((restriction_type, place) => ({
        restriction_type,
        expiration: place === 0 ? Math.floor((scenario.clock.now() + 2 * hour) / 1_000) : at(3 * hour),
      })),
    });

  test.each([
    ['RESTRICTED_BIZ_INITIATED_MESSAGING', ['restricted', undefined]],
    ['RESTRICTED_CUSTOMER_INITIATED_MESSAGING', [undefined, 'restricted']],
    ['RESTRICTED_ADD_PHONE_NUMBER_ACTION', [undefined, undefined]],
  ])('%s holds these messages only, until it expires', async (type, expected) => {
    await restrict(type);
    const messages = [await reminder(), await text()];
    await scenario.settle();
    expect((await Promise.all(messages.map(waitOf))).map(waiting => waiting?.reason)).toEqual(expected);
    await scenario.advance(2 * hour - minute);
    expect((await Promise.all(messages.map(waitOf))).map(waiting => waiting?.reason)).toEqual(expected);
    await scenario.advance(minute);
    expect(await Promise.all(messages.map(statusOf))).toEqual(['delivered', 'delivered']);
    expect(await show()).toMatchObject({ status: 'connected', status_reason: null });
  });

  test('of two restrictions holds each kind until its own time, in seconds or as text', async () => {
    await restrict('RESTRICTED_BIZ_INITIATED_MESSAGING', 'RESTRICTED_CUSTOMER_INITIATED_MESSAGING');
    const [first, second] = [await reminder(), await text()];
    await scenario.advance(2 * hour);
    expect([await statusOf(first), (await waitOf(second))?.reason]).toEqual(['delivered', 'restricted']);
    await scenario.advance(hour);
    expect(await statusOf(second)).toBe('delivered');
  });

  const number_ = () => ({ display_phone_number: account.phone.slice(1) });
  test.each([
    ['account_update', () => ({ event: 'ACCOUNT_VIOLATION', violation_info: { violation_type: 'ALCOHOL' } })],
    ['account_update', () => ({ event: 'ACCOUNT_RESTRICTION' })],
    ['account_update', () => ({ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: ['SCHEDULE_FOR_DISABLE'] } })],
    ['phone_number_quality_update', () => ({ ...number_(), event: 'DOWNGRADE' })],
    ['phone_number_quality_update', () => ({ ...number_(), event: 'FLAGGED' })],
  ])('that warns (%s, %#) holds nothing, and shows until somebody resumes', async (field, value) => {
    await tell(field, value());
    const messages = [await reminder(), await text()];
    await scenario.settle();
    expect(await Promise.all(messages.map(statusOf))).toEqual(['delivered', 'delivered']);
    expect(await show()).toMatchObject({
      status: 'needs_attention',
      status_reason: expect.stringContaining('WhatsApp says'),
    });
    await resume();
    expect(await show()).toMatchObject({ status: 'connected', status_reason: null });
  });

  test('that takes a ban back, as a list too, changes nothing', async () => {
    await tell('account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: ['REINSTATE'] } });
    expect(await show()).toMatchObject({ status: 'connected' });
  });

  test.each([
    [
      'account_update',
      { event: 'PARTNER_REMOVED', disconnection_info: { reason: 'CHANGE_NUMBER' } },
      'PARTNER_REMOVED, CHANGE_NUMBER',
    ],
    ['account_update', { event: 'ACCOUNT_DELETED' }, 'ACCOUNT_DELETED'],
    ['account_update', { event: 'ACCOUNT_OFFBOARDED' }, 'ACCOUNT_OFFBOARDED'],
    ['account_update', { event: 'PARTNER_APP_UNINSTALLED' }, 'PARTNER_APP_UNINSTALLED'],
    ['account_review_update', { decision: 'REJECTED' }, 'REJECTED'],
  ])('that ends the number (%s, %#) ends it here, until it is connected again', async (field, value, words) => {
    const queued = await text({ send_at: at(30 * minute) });
    await tell(field, value);
    expect(await show()).toMatchObject({ status: 'disconnected', status_reason: expect.stringContaining(words) });
    const body = { account_id: account.id, to: number(), type: 'text', text: { body: 'no' } };
    expect(await scenario.api('POST', '/api/v1/messages', body)).toMatchObject({
      status: 409,
      body: { code: 'account_not_connected', detail: expect.stringContaining(words) },
    });
    await scenario.advance(hour);
    expect(await waitOf(queued)).toMatchObject({ reason: 'account_error', until: null });
    expect(await show()).toMatchObject({ status: 'disconnected' });
    await tell('account_update', { event: 'ACCOUNT_RECONNECTED' });
    expect(await show()).toMatchObject({ status: 'connected', status_reason: null });
    const sent = await text();
    await scenario.settle();
    expect(await Promise.all([sent, queued].map(statusOf))).toEqual(['delivered', 'delivered']);
  });

  test('that ends another number of the business account ends that one only', async () => {
    const other = account;
    const body = { name: 'Second', channel: 'sandbox', limits: { per_day: null } };
    account = (await scenario.api('POST', '/api/v1/accounts', body)).body;
    await tell('account_update', { event: 'PARTNER_REMOVED', phone_number: account.phone.slice(1) });
    expect(await show()).toMatchObject({ status: 'disconnected' });
    expect((await scenario.api('GET', `/api/v1/accounts/${other.id}`)).body).toMatchObject({ status: 'connected' });
    await resume();
    expect(await show()).toMatchObject({ status: 'connected', status_reason: null });
  });
});
