// A real number connects at a Graph API as strict as Meta's, hears everything, and each failure names its step.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { join } from '../setup/people.ts';
import { placesIn } from '../setup/places.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { appFields, overridableFields, type StrictMeta, startStrictMeta } from '../setup/strict-meta.ts';

const publicUrl = 'https://recado.example.com';
const theirs = 'https://crm.example.com/hook';

let scenario: Scenario;
let meta: StrictMeta;
let elsewhere: { url: string; close: () => void };

beforeEach(async () => {
  let local = '';
  const stranger = createServer((_, response) => response.end());
  await new Promise<void>(done => stranger.listen(0, '127.0.0.1', done));
  elsewhere = {
    url: `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`,
    close: () => void stranger.close(),
  };
  meta = await startStrictMeta(url => url.replace(publicUrl, local).replace('https://crm.example.com', elsewhere.url));
  scenario = await startScenario({ publicUrl, clock: 'manual', env: { GRAPH_URL: meta.url } });
  const address = scenario.recado.server?.server.address();
  local = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterEach(async () => {
  await scenario.close();
  await meta.close();
  elsewhere.close();
});

const request = (more: object = {}) => ({
  name: 'Porto',
  channel: 'cloud',
  phone_number_id: meta.world.numberId,
  business_account_id: meta.world.businessId,
  access_token: meta.world.token,
  app_secret: meta.world.appSecret,
  verify_token: 'a-verify-token',
  ...more,
});
const connect = (more: object = {}) => scenario.api('POST', '/api/v1/accounts', request(more));
const connected = async (more: object = {}) => {
  const answer = await connect(more);
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const check = async ({ id }: { id: string }) => (await scenario.api('POST', `/api/v1/accounts/${id}/check`)).body;
const show = async ({ id }: { id: string }) => (await scenario.api('GET', `/api/v1/accounts/${id}`)).body;
/** The calls that change something at Meta, and the calls that lead to them. */
const setUpCalls = () =>
  meta.calls
    .filter(({ method, path }) => method === 'POST' || path === '/app/subscriptions')
    .map(
      ({ method, path, body }) => `${method} ${path}${body?.override_callback_uri === undefined ? '' : ' override'}`,
    );

test('the callback of the app is set with every field before the app is subscribed, without a body', async () => {
  const account = await connected();
  // Meta refuses the fields that it does not know here, and gets the others again.
  const steps = setUpCalls().filter((call, index, all) => call !== all[index - 1]);
  expect(steps.slice(0, 3)).toEqual([
    'GET /app/subscriptions',
    'POST /app/subscriptions',
    'POST /waba/subscribed_apps',
  ]);
  expect(setUpCalls().filter(call => call.includes('subscribed_apps'))).toEqual(['POST /waba/subscribed_apps']);
  const asked = meta.calls.filter(({ path }) => path === '/app/subscriptions');
  for (const { token } of asked) expect(token).toBe(`${meta.world.appId}|${meta.world.appSecret}`);
  expect(meta.world.callback).toMatchObject({
    url: account.webhook_url,
    fields: expect.arrayContaining([...appFields, ...overridableFields]),
  });
  expect(account.webhooks).toMatchObject({ ok: true, callback_url: account.webhook_url, missing_fields: [] });
  expect((await check(account)).checks).toContainEqual(expect.objectContaining({ name: 'webhooks', ok: true }));
});

test('a callback of our own gets the fields that it lacks, and keeps those that it has', async () => {
  const account = await connected();
  meta.world.callback = { url: account.webhook_url, fields: ['messages', 'consumer_profile'] };
  const saved = await scenario.api('PATCH', `/api/v1/accounts/${account.id}/credentials`, {
    access_token: meta.world.token,
  });
  expect(saved.status, saved.text).toBe(200);
  expect(meta.world.callback?.fields).toEqual(expect.arrayContaining([...appFields, 'messages', 'consumer_profile']));
  expect(saved.body.webhooks).toMatchObject({ ok: true, missing_fields: [] });
});

test('a callback of somebody else stays, the business account is redirected, and the account tells what is lost', async () => {
  meta.world.callback = { url: theirs, fields: ['messages', 'calls', 'account_update'] };
  const account = await connected();
  expect(setUpCalls().filter(call => call.startsWith('POST'))).toEqual([
    'POST /waba/subscribed_apps',
    'POST /waba/subscribed_apps override',
  ]);
  expect(meta.world.callback).toEqual({ url: theirs, fields: ['messages', 'calls', 'account_update'] });
  expect(meta.world.subscribed).toEqual({ override: account.webhook_url });
  const { webhooks } = await show(account);
  expect(webhooks).toMatchObject({ ok: false, callback_url: account.webhook_url });
  expect(webhooks.missing_fields).toEqual(expect.arrayContaining(appFields));
  expect(webhooks.missing_fields).not.toContain('messages');
  expect(webhooks.message).toContain(`${theirs}, with the fields messages, calls, account_update`);
  // The messages themselves come.
  expect(await meta.post('messages', written('wamid.redirected'))).toBe(true);
  await scenario.settle();
  expect(await received(account)).toMatchObject([{ text: { body: 'wamid.redirected' } }]);
});

describe('a failure names its step, the field and the remedy, and nothing is saved', () => {
  const refused = async (more: object = {}) => {
    const answer = await connect(more);
    expect(answer.status, answer.text).toBe(400);
    expect((await scenario.api('GET', '/api/v1/accounts')).body.data).toHaveLength(1);
    const { errors } = answer.body;
    expect(errors).toHaveLength(1);
    return errors[0] as { field: string; message: string };
  };
  const refuse = (method: string, path: string, code = 200) =>
    meta.refuse(call =>
      call.method === method && call.path === path ? { code, message: `(#${code}) Refused here.` } : undefined,
    );

  test('reading the callback of the app', async () => {
    refuse('GET', '/app/subscriptions');
    const { field, message } = await refused();
    expect(field).toBe('app_secret');
    expect(message).toMatch(
      /^Reading the callback of the app 410000000000001 failed\. Meta says \(200\): .*App settings/,
    );
  });

  test('setting the callback of the app', async () => {
    refuse('POST', '/app/subscriptions', 2200);
    const { field, message } = await refused();
    expect(field).toBe('verify_token');
    expect(message).toMatch(
      /^Setting the callback of the app 410000000000001 failed\. Meta says \(2200\): .*PUBLIC_URL/,
    );
    expect(setUpCalls()).not.toContain('POST /waba/subscribed_apps');
  });

  test('subscribing the app', async () => {
    refuse('POST', '/waba/subscribed_apps');
    const { field, message } = await refused();
    expect(field).toBe('access_token');
    expect(message).toMatch(/^Subscribing the app 410000000000001 to the business account 420000000000001 failed\./);
    expect(message).toContain('Assign assets');
  });

  test('redirecting webhooks while the app of somebody else lacks the field messages', async () => {
    meta.world.callback = { url: theirs, fields: ['account_update'] };
    const { field, message } = await refused();
    expect(field).toBe('verify_token');
    expect(message).toMatch(
      /^Redirecting the webhooks of the business account 420000000000001 failed\. Meta says \(100\)/,
    );
    expect(message).toContain(`${theirs}, with the fields account_update`);
    expect(message).toContain('Choose the field messages');
  });

  test('registering a number that was never verified', async () => {
    Object.assign(meta.world.number, { platform_type: 'NOT_APPLICABLE', code_verification_status: 'NOT_VERIFIED' });
    const { field, message } = await refused({ pin: '123456' });
    expect(field).toBe('pin');
    expect(message).toMatch(/^Registering the number failed\. Meta says \(133006\).*never verified/);
  });

  test.each([
    [133005, 'Two step verification PIN Mismatch', 'Give the PIN of WhatsApp Manager'],
    [133008, 'Too many two step verification PIN guesses. Try again in 4 hours.', 'Wait as long as Meta says'],
    [133009, 'Two step verification PIN guessed too fast', 'Wait a minute'],
    [133015, 'Please wait a few minutes before attempting to register this phone number', 'Wait five minutes'],
    [100, 'Phone number is already registered on WhatsApp', 'Delete the account in the app of the phone, or move'],
  ])('registering a number that Meta refuses with %i', async (code, title, remedy) => {
    meta.world.number.platform_type = 'NOT_APPLICABLE';
    meta.refuse(({ path }) => (path === '/phone/register' ? { code, message: title } : undefined));
    const { field, message } = await refused({ pin: '123456' });
    expect(field).toBe('pin');
    expect(message).toContain(`Meta says (${code}): ${title.replace(/\.$/, '')}. `);
    expect(message).toContain(remedy);
  });

  test('a number that is in the app of the phone only', async () => {
    Object.assign(meta.world.number, { platform_type: 'NOT_APPLICABLE', is_on_biz_app: true });
    const { field, message } = await refused({ pin: '123456' });
    expect([field, message.includes('not connected to the API')]).toEqual(['phone_number_id', true]);
    expect(setUpCalls()).toEqual([]);
  });

  test('a step that Meta does not answer', async () => {
    meta.refuse(({ method, path }) =>
      method === 'POST' && path === '/waba/subscribed_apps' ? { code: 2, message: 'Busy', http: 503 } : undefined,
    );
    const answer = await connect();
    expect(answer).toMatchObject({ status: 503, body: { code: 'channel_unavailable' } });
    expect(answer.body.detail).toContain('Subscribing the app 410000000000001');
  });

  test('a machine that does not reach Meta', async () => {
    await meta.close();
    const { access_token, app_secret } = request();
    for (const [path, body] of [
      ['/api/v1/accounts', request()],
      ['/api/v1/accounts/find-numbers', { access_token, app_secret }],
    ] as const) {
      const answer = await scenario.api('POST', path, body);
      expect(answer).toMatchObject({ status: 503, body: { code: 'channel_unreachable' } });
      expect(answer.body.detail).toBe(
        'WhatsApp cannot be reached from this machine (ECONNREFUSED). Nothing was saved. Repeat the request later.',
      );
    }
  });
});

describe('fields that Meta refuses', () => {
  const refuseFields = (refused: string[], words: (index: number, field: string) => string) =>
    meta.refuse(({ method, path, body }) => {
      if (method !== 'POST' || path !== '/app/subscriptions') return undefined;
      const fields = String(body?.fields).split(',');
      const index = fields.findIndex(field => refused.includes(field));
      return index < 0 ? undefined : { code: 100, message: `(#100) ${words(index, fields[index] ?? '')}` };
    });
  const offered = [...overridableFields, ...appFields];

  test('cost only themselves, and the account names them as not offered', async () => {
    const account = await connected();
    const posts = meta.calls.filter(({ method, path }) => method === 'POST' && path === '/app/subscriptions');
    expect(posts).toHaveLength(2);
    for (const { body } of posts) expect(String(body?.fields)).not.toMatch(/user_id_update|business_username_update\b/);
    expect(meta.world.callback?.fields.toSorted()).toEqual(offered.toSorted());
    expect(account.webhooks).toMatchObject({ ok: true, missing_fields: [] });
    const { message } = account.webhooks;
    const lost =
      /Meta does not offer: automatic_events, business_status_update, business_username_updates, partner_solutions, payment_configuration_update, template_correct_category_detection\./;
    expect(message).toMatch(lost);
    expect(message).not.toContain('Choose them');
    expect((await check(account)).checks).toContainEqual(
      expect.objectContaining({ name: 'webhooks', ok: true, message }),
    );
  });

  test('and that Recado needs are missing, but keep no number from connecting', async () => {
    refuseFields(
      ['flows', 'standby', 'consumer_profile'],
      (_, field) => `${field} is not a subscribable webhook field`,
    );
    const account = await connected();
    expect(account.webhooks).toMatchObject({ ok: true, missing_fields: ['standby', 'flows'] });
    expect(account.webhooks.message).toContain(
      'Meta does not offer: standby, flows, consumer_profile, automatic_events',
    );
    expect(meta.world.callback?.fields).toEqual(expect.arrayContaining(['messages', 'calls', 'user_preferences']));
    meta.refuse(undefined);
    expect((await check(account)).checks).toContainEqual(expect.objectContaining({ name: 'webhooks', ok: true }));
    // At the next time of setting them up, Meta is asked for all again.
    const saved = await scenario.api('PATCH', `/api/v1/accounts/${account.id}/credentials`, {
      access_token: meta.world.token,
    });
    expect(saved.body.webhooks).toMatchObject({ ok: true, missing_fields: [] });
    expect(saved.body.webhooks.message).not.toContain('flows');
  });

  test('without a word about which: all but messages may be lost', async () => {
    refuseFields(
      offered.filter(field => field !== 'messages'),
      () => 'Invalid parameter',
    );
    const account = await connected();
    expect(meta.world.callback?.fields).toEqual(['messages']);
    expect(account.webhooks.ok).toBe(true);
    expect(account.webhooks.missing_fields).toContain('user_preferences');
    expect(await meta.post('messages', written('wamid.alone'))).toBe(true);
    await scenario.settle();
    expect(await received(account)).toMatchObject([{ text: { body: 'wamid.alone' } }]);
  });

  test('even for messages alone end the connecting, without a word about certificates', async () => {
    refuseFields([...offered], () => 'Invalid parameter');
    const answer = await connect();
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'verify_token' }] } });
    const { message } = answer.body.errors[0];
    expect(message).toMatch(/^Setting the callback of the app 410000000000001 failed\. Meta says \(100\)/);
    expect(message).toContain('messages alone');
    expect(message).not.toContain('certificate');
  });
});

describe('an app that requires its secret', () => {
  test('takes every call of its tokens, each with the proof, and its own token without one', async () => {
    meta.world.requiresProof = true;
    const account = await connected();
    expect((await check(account)).ok).toBe(true);
    expect(await meta.post('messages', justWritten('wamid.opens'))).toBe(true);
    await scenario.settle();
    const sent = await scenario.api('POST', '/api/v1/messages', {
      account_id: account.id,
      to: '+351912345678',
      type: 'text',
      text: { body: 'Hello' },
    });
    expect(sent.status, sent.text).toBe(202);
    await scenario.settle();
    const proof = createHmac('sha256', meta.world.appSecret).update(meta.world.token).digest('hex');
    const proofOf = ({ query }: { query: URLSearchParams }) => query.get('appsecret_proof');
    const ofToken = meta.calls.filter(({ token }) => token === meta.world.token);
    expect(ofToken.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/debug_token', '/phone', '/waba', '/waba/subscribed_apps', '/phone/messages']),
    );
    expect([...new Set(ofToken.map(proofOf))]).toEqual([proof]);
    const ofApp = meta.calls.filter(({ token }) => token.includes('|'));
    expect(new Set(ofApp.map(proofOf))).toEqual(new Set([null]));
    expect(await placesIn(scenario, proof)).toEqual([]);
  });

  test('and whose secret was reset: messages wait, and none is lost', async () => {
    const account = await connected();
    expect(await meta.post('messages', justWritten('wamid.opens'))).toBe(true);
    await scenario.settle();
    meta.world.appSecret = 'another-app-secret';
    const { body } = await scenario.api('POST', '/api/v1/messages', {
      account_id: account.id,
      to: '+351912345678',
      type: 'text',
      text: { body: 'Hello' },
    });
    await scenario.settle();
    expect((await scenario.api('GET', `/api/v1/messages/${body.id}`)).body).toMatchObject({
      status: 'queued',
      waiting: { reason: 'account_error' },
    });
    expect(await show(account)).toMatchObject({
      status: 'needs_attention',
      status_reason: expect.stringContaining('appsecret_proof'),
    });
    const { checks } = await check(account);
    expect(checks).toContainEqual(expect.objectContaining({ name: 'app', ok: false, field: 'app_secret' }));
    const saved = await scenario.api('PATCH', `/api/v1/accounts/${account.id}/credentials`, {
      app_secret: meta.world.appSecret,
    });
    expect(saved.status, saved.text).toBe(200);
    await scenario.settle();
    expect((await scenario.api('GET', `/api/v1/messages/${body.id}`)).body.status).toBe('sent');
  });
});

describe('the token', () => {
  test('is described by the app where its id is given', async () => {
    meta.world.describesItself = false;
    await connected({ app_id: meta.world.appId });
    const [first] = meta.calls.filter(({ path }) => path === '/debug_token');
    expect(first?.token).toBe(`${meta.world.appId}|${meta.world.appSecret}`);
  });

  test('that may not describe itself asks for the id of the app', async () => {
    meta.world.describesItself = false;
    const answer = await connect();
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'app_id' }] } });
    expect(answer.body.errors[0].message).toContain('App settings > Basic');
  });

  test('of an app whose secret is wrong names the secret', async () => {
    for (const describesItself of [true, false]) {
      meta.world.describesItself = describesItself;
      const answer = await connect({ app_id: meta.world.appId, app_secret: 'another-secret' });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'app_secret' }] } });
    }
  });
});

describe('the numbers that a token may use', () => {
  const find = (more: object = {}) =>
    scenario.api('POST', '/api/v1/accounts/find-numbers', {
      access_token: meta.world.token,
      app_secret: meta.world.appSecret,
      ...more,
    });

  test('are listed with their business account, and nothing is stored or changed', async () => {
    const { status, body, text } = await find();
    expect(status, text).toBe(200);
    const number = {
      phone_number_id: meta.world.numberId,
      phone: '+351220000166',
      verified_name: 'Farol Porto',
      quality: 'GREEN',
      is_registered: true,
      taken: false,
    };
    expect(body).toMatchObject({
      ok: true,
      app_id: meta.world.appId,
      business_accounts: [
        { business_account_id: meta.world.businessId, name: 'Farol', error: null, numbers: [number] },
      ],
    });
    expect(body.checks.map(({ name }: { name: string }) => name)).toEqual(['token', 'scopes', 'app']);
    expect(meta.calls.filter(({ method }) => method !== 'GET')).toEqual([]);
    for (const secret of [meta.world.token, meta.world.appSecret]) expect(await placesIn(scenario, secret)).toEqual([]);
    await connected();
    expect((await find()).body.business_accounts[0].numbers).toMatchObject([{ ...number, taken: true }]);
  });

  test('are not listed for a wrong secret without a check that says so, or to a viewer', async () => {
    const wrong = await find({ app_secret: 'another-secret' });
    expect(wrong.body).toMatchObject({ ok: false });
    expect(wrong.body.checks).toContainEqual(expect.objectContaining({ name: 'app', ok: false, field: 'app_secret' }));
    expect((await find({ access_token: 'EAAnotatoken0123' })).body).toMatchObject({ ok: false, business_accounts: [] });
    const viewer = await join(scenario, 'viewer');
    const body = { access_token: meta.world.token, app_secret: meta.world.appSecret };
    expect((await viewer.api('POST', '/api/v1/accounts/find-numbers', body)).status).toBe(403);
  });

  test('of a business account that cannot be read carry the reason', async () => {
    meta.refuse(({ path }) =>
      path === '/waba/phone_numbers' ? { code: 200, message: '(#200) No access.' } : undefined,
    );
    expect((await find()).body).toMatchObject({
      business_accounts: [{ numbers: [], error: expect.stringContaining('Meta says (200)') }],
    });
  });
});

const written = (id: string) => ({
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: '351220000166', phone_number_id: meta.world.numberId },
  contacts: [{ profile: { name: 'Ana' }, wa_id: '351912345678' }],
  messages: [{ from: '351912345678', id, timestamp: '1796000000', type: 'text', text: { body: id } }],
});
/** A message of now, which opens the window. */
const justWritten = (id: string) => {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const { messages, ...value } = written(id);
  return { ...value, messages: messages.map(message => ({ ...message, timestamp })) };
};
const received = async ({ id }: { id: string }) =>
  (await scenario.api('GET', `/api/v1/messages?account_id=${id}&direction=inbound`)).body.data;

const template = {
  id: '990000000000001',
  name: 'order_ready',
  language: 'en_US',
  status: 'APPROVED',
  category: 'UTILITY',
  components: [{ type: 'BODY', text: 'Your order is ready.' }],
};
const templateNews = (more: object) => ({
  message_template_id: Number(template.id),
  message_template_name: template.name,
  message_template_language: template.language,
  ...more,
});

test('webhooks of every field arrive, and have their effect', async () => {
  meta.world.templates = [template];
  const account = await connected();
  const templateOf = async () =>
    (await scenario.api('GET', '/api/v1/templates?limit=100')).body.data.find(
      ({ name, business_account_id: of }: { name: string; business_account_id: string }) =>
        name === template.name && of === meta.world.businessId,
    );
  expect(await templateOf()).toMatchObject({ status: 'APPROVED' });

  expect(await meta.post('messages', written('wamid.first'))).toBe(true);
  await scenario.settle();
  expect(await received(account)).toMatchObject([{ text: { body: 'wamid.first' } }]);

  const paused = templateNews({ event: 'PAUSED', reason: 'NONE', other_info: { title: 'FIRST_PAUSE' } });
  expect(await meta.post('message_template_status_update', paused)).toBe(true);
  await scenario.settle();
  expect(await templateOf()).toMatchObject({ status: 'PAUSED' });

  const stop = { wa_id: '351912345678', category: 'marketing_messages', value: 'stop', timestamp: 1_796_000_000 };
  expect(
    await meta.post('user_preferences', {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '351220000166', phone_number_id: meta.world.numberId },
      contacts: [{ profile: { name: 'Ana' }, wa_id: '351912345678' }],
      user_preferences: [{ ...stop, detail: 'User requested to stop marketing messages' }],
    }),
  ).toBe(true);
  await scenario.settle();
  const optOuts = (await scenario.api('GET', '/api/v1/opt-outs')).body.data;
  expect(JSON.stringify(optOuts)).toContain('351912345678');

  Object.assign(meta.world.number, { quality_rating: 'YELLOW', verified_name: 'Farol do Porto' });
  const echoed = { ...written('wamid.echoed'), messages: undefined };
  const echo = { ...written('wamid.echoed').messages[0], from: '351220000166', to: '351912345678' };
  const call = { id: 'wacid.1', from: '351912345678', to: '351220000166', timestamp: '1796000001', event: 'terminate' };
  const inThread: Record<string, object> = {
    calls: { ...echoed, calls: [{ ...call, direction: 'USER_INITIATED', status: 'FAILED' }] },
    message_echoes: { ...echoed, message_echoes: [{ ...echo, id: 'wamid.echoed' }] },
    smb_message_echoes: { ...echoed, message_echoes: [{ ...echo, id: 'wamid.on-the-phone' }] },
    standby: { ...echoed, standby: { messages: written('wamid.standby').messages } },
    messaging_handovers: {
      type: 'control_passed',
      sender: { phone_number: '351912345678' },
      recipient: { phone_number_id: meta.world.numberId, display_phone_number: '351220000166' },
      timestamp: '1796000002',
      control_passed: { previous_owner_role: 'ai_agent', new_owner_role: 'customer_service' },
    },
  };
  for (const [field, value] of Object.entries(inThread)) expect(await meta.post(field, { ...value }), field).toBe(true);
  await scenario.settle();
  const thread = (await scenario.api('GET', `/api/v1/messages?account_id=${account.id}`)).body.data;
  const shown = thread.map(({ type, source }: { type: string; source: string | null }) => `${source} ${type}`);
  expect(shown.sort()).toEqual(
    ['null call', 'null text', 'phone text', 'phone text', 'standby text', 'null system'].sort(),
  );

  const news = { display_phone_number: '351220000166', event: 'UPGRADE', max_daily_conversations_per_business: 2_000 };
  expect(await meta.post('phone_number_quality_update', news)).toBe(true);
  await expect
    .poll(async () => {
      await scenario.advance(1_000);
      return show(account);
    })
    .toMatchObject({ quality: 'YELLOW', verified_name: 'Farol do Porto' });

  const harmless: Record<string, object> = {
    account_alerts: { entity_type: 'BUSINESS', entity_id: '1', alert_severity: 'INFORMATIONAL', alert_type: 'OBA' },
    account_review_update: { decision: 'APPROVED' },
    account_update: { event: 'VERIFIED_ACCOUNT', phone_number: '351220000166' },
    business_capability_update: { max_daily_conversations_per_business: 2_000, max_phone_numbers_per_business: 20 },
    phone_number_name_update: { display_phone_number: '351220000166', decision: 'APPROVED' },
    security: { display_phone_number: '351220000166', event: 'PIN_CHANGED', requester: '1' },
    template_category_update: templateNews({ previous_category: 'UTILITY', new_category: 'MARKETING' }),
    message_template_quality_update: templateNews({
      previous_quality_score: 'GREEN',
      new_quality_score: 'YELLOW',
    }),
    message_template_components_update: templateNews({ message_template_element: 'Your order is ready.' }),
    flows: {
      event: 'FLOW_STATUS_CHANGE',
      flow_id: '1',
      old_status: 'DRAFT',
      new_status: 'PUBLISHED',
      message: 'Flow 1',
    },
    account_settings_update: {
      type: 'phone_number_settings',
      phone_number_settings: { calling: { status: 'ENABLED' } },
    },
    group_lifecycle_update: { ...echoed, groups: [{ type: 'group_create', group_id: '1', subject: 'Porto' }] },
    group_participants_update: { ...echoed, groups: [{ type: 'group_participants_add', group_id: '1' }] },
    group_settings_update: { ...echoed, groups: [{ type: 'group_settings_update', group_id: '1' }] },
    group_status_update: { ...echoed, groups: [{ type: 'group_suspend', group_id: '1' }] },
    history: { ...echoed, history: [{ metadata: { phase: 0, chunk_order: 1, progress: 100 }, threads: [] }] },
    smb_app_state_sync: { ...echoed, state_sync: [{ type: 'contact', action: 'add', contact: { phone_number: '1' } }] },
  };
  const posted = [...Object.keys(harmless), ...Object.keys(inThread)];
  const others = ['messages', 'message_template_status_update', 'user_preferences', 'phone_number_quality_update'];
  // The documents show no body of consumer_profile.
  expect([...posted, ...others, 'consumer_profile'].sort()).toEqual([...appFields, ...overridableFields].sort());
  for (const [field, value] of Object.entries(harmless)) expect(await meta.post(field, { ...value }), field).toBe(true);
  await scenario.settle();
  const events = (await scenario.api('GET', '/api/v1/events?limit=100&types=account.notice_received')).body.data;
  const heard = events.map(({ data }: { data: { field: string } }) => data.field);
  for (const field of Object.keys(harmless)) expect(heard, field).toContain(field);
  expect(await templateOf()).toMatchObject({ category: 'MARKETING' });
  expect((await scenario.api('GET', '/api/v1/dead-letters')).body.data).toEqual([]);
});

test('fields that somebody removes are named at the next check, within the hour by themselves, and in an event', async () => {
  const account = await connected();
  const removed = ['message_template_status_update', 'user_preferences'];
  const all = meta.world.callback?.fields ?? [];
  meta.world.callback = { url: account.webhook_url, fields: all.filter(field => !removed.includes(field)) };
  const { checks, ok } = await check(account);
  const webhooks = checks.find(({ name }: { name: string }) => name === 'webhooks');
  expect([ok, webhooks.ok]).toEqual([false, false]);
  for (const field of removed) expect(webhooks.message).toContain(field);
  expect((await show(account)).webhooks).toMatchObject({ ok: false, missing_fields: removed });

  meta.world.callback = { url: account.webhook_url, fields: all };
  const hourly = async (expected: object) =>
    expect
      .poll(async () => {
        await scenario.advance(70 * 60_000);
        return (await show(account)).webhooks;
      })
      .toMatchObject(expected);
  await hourly({ ok: true, missing_fields: [] });
  meta.world.subscribed = undefined;
  await hourly({ ok: false, message: expect.stringContaining('not subscribed') });
  const events = (await scenario.api('GET', '/api/v1/events?limit=100&types=account.updated')).body.data;
  expect(events.length).toBeGreaterThanOrEqual(3);
});

test('the facts of the number and its business are shown, and a number of the app sends 20 a second', async () => {
  Object.assign(meta.world.number, {
    is_on_biz_app: true,
    throughput: { level: 'NOT_APPLICABLE' },
    status: 'RESTRICTED',
    health_status: {
      can_send_message: 'BLOCKED',
      entities: [
        {
          entity_type: 'WABA',
          id: '420000000000001',
          can_send_message: 'BLOCKED',
          errors: [{ error_code: 141006, error_description: 'Payment is missing.', possible_solution: 'Add a card.' }],
        },
      ],
    },
  });
  meta.world.business.disable_marketing_messages_on_cloud_api = true;
  const account = await connected();
  expect(account).toMatchObject({
    number_status: 'RESTRICTED',
    code_verification_status: 'VERIFIED',
    account_mode: 'LIVE',
    platform_type: 'CLOUD_API',
    is_on_biz_app: true,
    health_status: {
      can_send_message: 'BLOCKED',
      reasons: [{ entity: 'WABA', code: '141006', message: 'Payment is missing.', remedy: 'Add a card.' }],
    },
    marketing_messages_onboarding_status: 'ONBOARDED',
    disable_marketing_messages_on_cloud_api: true,
    effective_limits: { rate: { messages: 20, seconds: 1 } },
  });
  expect((await check(account)).checks).toContainEqual(
    expect.objectContaining({ name: 'health', ok: false, message: expect.stringContaining('Add a card.') }),
  );
});

test('a number in the app of the phone is never registered anew, and the checks say so', async () => {
  meta.world.number.is_on_biz_app = true;
  const { access_token, app_secret, phone_number_id, business_account_id } = request();
  const before = await scenario.api('POST', '/api/v1/accounts/check', {
    ...{ access_token, app_secret, phone_number_id, business_account_id },
  });
  const registration = expect.objectContaining({
    name: 'registration',
    ok: true,
    message: expect.stringContaining('never registers such a number anew, and needs no PIN'),
  });
  expect(before.body.checks).toContainEqual(registration);
  const found = await scenario.api('POST', '/api/v1/accounts/find-numbers', { access_token, app_secret });
  expect(found.body.business_accounts[0].numbers).toMatchObject([{ is_on_biz_app: true, is_registered: true }]);
  const account = await connected({ pin: '123456' });
  const saved = await scenario.api('PATCH', `/api/v1/accounts/${account.id}/credentials`, { pin: '123456' });
  expect(saved.status, saved.text).toBe(200);
  expect(meta.calls.filter(({ path }) => path === '/phone/register')).toEqual([]);
  expect((await check(account)).checks).toContainEqual(registration);
});

test('a number that may send nothing needs attention without a hold, until a reading is better', async () => {
  const entity = { entity_type: 'WABA', id: '420000000000001', can_send_message: 'BLOCKED' };
  const errors = [{ error_code: 141006, error_description: 'Payment is missing.', possible_solution: 'Add a card.' }];
  const blocked = { can_send_message: 'BLOCKED', entities: [{ ...entity, errors }] };
  meta.world.number.health_status = blocked;
  const trouble = { status: 'needs_attention', status_reason: 'Meta says (141006): Payment is missing. Add a card.' };
  const account = await connected();
  expect(account).toMatchObject(trouble);
  const hourly = async (expected: object) =>
    expect
      .poll(async () => {
        await scenario.advance(70 * 60_000);
        return show(account);
      })
      .toMatchObject(expected);
  // It is not held: messages leave, and one that Meta takes does not end the trouble.
  expect(await meta.post('messages', justWritten('wamid.opens'))).toBe(true);
  await scenario.settle();
  const send = { account_id: account.id, to: '+351912345678', type: 'text', text: { body: 'Hello' } };
  const { body } = await scenario.api('POST', '/api/v1/messages', send);
  await scenario.settle();
  expect((await scenario.api('GET', `/api/v1/messages/${body.id}`)).body.status).toBe('sent');
  expect(await show(account)).toMatchObject(trouble);
  // Nor do new credentials, while Meta says the same.
  await scenario.api('PATCH', `/api/v1/accounts/${account.id}/credentials`, { access_token: meta.world.token });
  expect(await show(account)).toMatchObject(trouble);
  meta.world.number.health_status = { can_send_message: 'LIMITED', entities: [] };
  await hourly({ status: 'connected', status_reason: null });
  meta.world.number.status = 'BANNED';
  await hourly({ status: 'needs_attention', status_reason: 'Meta has banned the number.' });
  meta.world.number.status = 'CONNECTED';
  expect((await check(account)).account).toMatchObject({ status: 'connected', status_reason: null });
  const types = 'account.needs_attention,account.connected';
  const events = (await scenario.api('GET', `/api/v1/events?limit=100&types=${types}`)).body.data;
  expect(events.map(({ type }: { type: string }) => type).sort()).toEqual([
    'account.connected',
    'account.connected',
    'account.needs_attention',
    'account.needs_attention',
  ]);
});

test('a version of the Graph API without the newer fields connects all the same', async () => {
  const newer = /status,|is_on_biz_app|marketing_messages/;
  meta.refuse(({ query }) =>
    newer.test(query.get('fields') ?? '') && !(query.get('fields') ?? '').endsWith('messaging_limit')
      ? { code: 100, message: '(#100) Tried accessing nonexisting field (is_on_biz_app)' }
      : undefined,
  );
  expect(await connected()).toMatchObject({ quality: 'GREEN', number_status: null, is_on_biz_app: null });
});
