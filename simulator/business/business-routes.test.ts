// Refusals of the simulator where Meta refuses: callbacks, overrides, proofs, numbers, fields and versions.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { Simulator } from '../index.ts';
import { call, createCleanup, makeReceiver, makeSimulator, text } from '../test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);

const app = { app_id: '41', app_secret: 'an-app-secret' };
const appToken = '41|an-app-secret';
const number = { phone_number_id: '4300', display_phone_number: '+351220000166', business_account_id: '4200' };

/** A simulator with an app, a number and a token of both. */
const atMeta = async (options: Parameters<typeof makeSimulator>[1] = {}, more: object = {}) => {
  const simulator = await makeSimulator(cleanup, { numbers: 'made', ...options });
  await call(simulator, 'POST', '/business/apps', app);
  await call(simulator, 'POST', '/business/numbers', { ...number, ...more });
  const body = { app_id: app.app_id, business_account_ids: ['4200'] };
  const { json } = await call(simulator, 'POST', '/business/tokens', body);
  const token: string = json.access_token;
  return { simulator, token };
};

/** A callback that answers the challenge, and takes what is posted. */
const callbackOf = async () => {
  const fields: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET') return void response.end(url.searchParams.get('hub.challenge') ?? '');
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString());
      for (const entry of body.entry) for (const change of entry.changes) fields.push(change.field);
      response.end();
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  cleanup.add(async () => void server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook`, fields };
};

const setCallback = (simulator: Simulator, url: string, fields: string, token = appToken) =>
  call(
    simulator,
    'POST',
    '/v25.0/41/subscriptions',
    { object: 'whatsapp_business_account', callback_url: url, verify_token: 'a-verify-token', fields },
    token,
  );
const override = (simulator: Simulator, url: string, token: string) =>
  call(simulator, 'POST', '/4200/subscribed_apps', { override_callback_uri: url, verify_token: 'v' }, token);

test('an app gets a callback with its own token, shows it, and loses it', async () => {
  const { simulator, token } = await atMeta();
  const { url } = await callbackOf();
  const path = '/v25.0/41/subscriptions';
  expect((await call(simulator, 'GET', path, undefined, token)).json.error.code).toBe(190);
  expect((await call(simulator, 'GET', path, undefined, appToken)).json).toEqual({ data: [] });
  expect((await setCallback(simulator, url, 'messages', token)).json.error.code).toBe(190);
  expect((await setCallback(simulator, url, 'messages,no_field')).json.error.error_data.details).toMatch(
    /^Param fields\[1\] must be one of/,
  );
  expect((await setCallback(simulator, url, 'messages,user_preferences')).json).toEqual({ success: true });
  expect((await call(simulator, 'GET', path, undefined, appToken)).json.data).toMatchObject([
    {
      object: 'whatsapp_business_account',
      callback_url: url,
      fields: [{ name: 'messages' }, { name: 'user_preferences' }],
    },
  ]);
  expect((await call(simulator, 'DELETE', path, undefined, appToken)).json).toEqual({ success: true });
  expect((await call(simulator, 'GET', path, undefined, appToken)).json).toEqual({ data: [] });
});

test('a callback that does not answer the challenge is rejected with code 2200', async () => {
  const { simulator } = await atMeta();
  const { url } = await makeReceiver(cleanup, () => 200);
  expect((await setCallback(simulator, url.replace(/\d+\/hook/, '1/hook'), 'messages')).json.error.code).toBe(2200);
});

test('an override needs a callback of the app with messages, and a subscription without a body', async () => {
  const { simulator, token } = await atMeta();
  const { url } = await callbackOf();
  const early = async () => {
    const { status, json } = await override(simulator, url, token);
    expect([status, json.error.code]).toEqual([400, 100]);
    expect(json.error.error_data.details).toContain('Before override the current callback uri');
  };
  await early();
  await call(simulator, 'POST', '/4200/subscribed_apps', undefined, token);
  await early();
  await setCallback(simulator, url, 'account_update');
  await early();
  await setCallback(simulator, url, 'messages');
  expect((await override(simulator, `${url}/own`, token)).json).toEqual({ success: true });
});

test('an override moves messages; templates and the account stay with the app, and a field not chosen is lost', async () => {
  const { simulator, token } = await atMeta();
  const [ofApp, own] = [await callbackOf(), await callbackOf()];
  await setCallback(simulator, ofApp.url, 'messages,message_template_status_update,phone_number_name_update');
  await call(simulator, 'POST', '/4200/subscribed_apps', undefined, token);
  await override(simulator, own.url, token);
  await call(simulator, 'POST', '/phones/+351912345678/messages', { to: '4300', text: { body: 'Hi' } });
  const made = await call(simulator, 'GET', '/4200/message_templates?fields=name', undefined, token);
  await call(simulator, 'POST', `/templates/${made.json.data[0].id}/pause`);
  await call(simulator, 'POST', `/templates/${made.json.data[0].id}/quality`, { quality: 'RED' });
  const told = await call(simulator, 'PATCH', '/business/numbers/4300', { name_status: 'DECLINED' });
  expect(told.json).toEqual({ delivered: true });
  await simulator.webhooksIdle();
  expect(own.fields).toEqual(['messages']);
  expect(ofApp.fields.toSorted()).toEqual(['message_template_status_update', 'phone_number_name_update']);
});

test('http, private and unknown addresses are rejected, unless callbacks may be any', async () => {
  const { simulator } = await atMeta({ callbacks: 'public' });
  const details = async (url: string) =>
    (await setCallback(simulator, url, 'messages')).json.error.error_data.details as string;
  expect(await details('http://example.com/hook')).toContain('https');
  for (const host of ['localhost', '127.0.0.1', '10.1.2.3', '192.168.1.1', '[::1]', '[fd00::1]', 'recado', 'a.local'])
    expect(await details(`https://${host}/hook`), host).toContain('not a public address');
  expect(await details('no address')).toContain('is not an address');
});

test('ids that nobody made, fields and versions that do not exist are rejected', async () => {
  const { simulator, token } = await atMeta();
  const get = async (path: string) => (await call(simulator, 'GET', path, undefined, token)).json;
  expect((await get('/v25.0/999')).error).toMatchObject({ code: 100, error_subcode: 33 });
  const sent = await call(simulator, 'POST', '/v25.0/999/messages', text('+351912345678'), token);
  expect(sent.json.error).toMatchObject({ code: 100, error_subcode: 33 });
  for (const path of ['/4300?fields=id,nothing', '/4200?fields=nothing', '/4200/phone_numbers?fields=nothing'])
    expect((await get(path)).error, path).toMatchObject({
      code: 100,
      error_data: { details: 'Tried accessing nonexisting field (nothing)' },
    });
  for (const version of ['v28.0', 'v24.1', 'v0.1'])
    expect((await get(`/${version}/4300`)).error, version).toMatchObject({ code: 2500 });
  for (const version of ['v13.0', 'v3.3', 'v27.0']) expect((await get(`/${version}/4300`)).id, version).toBe('4300');
});

test('a number tells its state, and its business account its marketing messages', async () => {
  const { simulator, token } = await atMeta();
  const fields = 'status,health_status,code_verification_status,account_mode,is_on_biz_app,platform_type';
  const show = async () => (await call(simulator, 'GET', `/4300?fields=${fields}`, undefined, token)).json;
  expect(await show()).toMatchObject({
    status: 'CONNECTED',
    health_status: { can_send_message: 'AVAILABLE' },
    code_verification_status: 'VERIFIED',
    account_mode: 'LIVE',
    is_on_biz_app: false,
    platform_type: 'CLOUD_API',
  });
  await call(simulator, 'PATCH', '/business/numbers/4300', {
    status: 'RESTRICTED',
    can_send_message: 'BLOCKED',
    is_on_biz_app: true,
  });
  expect(await show()).toMatchObject({
    status: 'RESTRICTED',
    health_status: { can_send_message: 'BLOCKED', entities: [{ errors: [{ error_code: 141000 }] }] },
    is_on_biz_app: true,
  });
  await call(simulator, 'PATCH', '/business/accounts/4200', { disable_marketing_messages_on_cloud_api: true });
  const asked = 'name,marketing_messages_onboarding_status,disable_marketing_messages_on_cloud_api';
  expect((await call(simulator, 'GET', `/4200?fields=${asked}`, undefined, token)).json).toEqual({
    id: '4200',
    name: 'Simulated business',
    marketing_messages_onboarding_status: 'ELIGIBLE',
    disable_marketing_messages_on_cloud_api: true,
  });
});

test('a number that was never verified is not registered, and no number more than ten times', async () => {
  const { simulator, token } = await atMeta({}, { registered: false, code_verification_status: 'NOT_VERIFIED' });
  const register = async () =>
    (await call(simulator, 'POST', '/4300/register', { messaging_product: 'whatsapp', pin: '123456' }, token)).json;
  expect((await register()).error.code).toBe(133006);
  await call(simulator, 'PATCH', '/business/numbers/4300', { code_verification_status: 'VERIFIED' });
  for (let time = 1; time <= 10; time++) expect(await register()).toEqual({ success: true });
  expect((await register()).error.code).toBe(133016);
});

test('a field that Meta does not offer is refused with its place and the list of all', async () => {
  const { simulator } = await atMeta({ callbacks: 'any' });
  const { url } = await callbackOf();
  const unknown = await setCallback(simulator, url, 'messages,user_id_update');
  expect(unknown.json.error.code).toBe(100);
  expect(unknown.json.error.error_data.details).toMatch(
    /^Param fields\[1\] must be one of \{messages, .*tracking_events.*\}$/,
  );
  const patch = await call(simulator, 'PATCH', '/business/apps/41', { refused_fields: ['flows'] });
  expect(patch.status).toBe(204);
  const refused = await setCallback(simulator, url, 'flows,messages');
  expect(refused.json.error.error_data.details).toMatch(/^Param fields\[0\]/);
  expect(refused.json.error.error_data.details).not.toContain('flows');
  expect((await setCallback(simulator, url, 'messages,calls')).status).toBe(200);
});

test('a proof is checked where it is given, and needed where the app requires it', async () => {
  const { simulator, token } = await atMeta();
  const proof = createHmac('sha256', app.app_secret).update(token).digest('hex');
  const ask = (query: string) => call(simulator, 'GET', `/v25.0/4300${query}`, undefined, token);
  expect((await ask('')).status).toBe(200);
  expect((await ask(`?appsecret_proof=${proof}`)).status).toBe(200);
  expect((await ask('?appsecret_proof=00')).json.error).toMatchObject({
    code: 100,
    error_data: { details: 'Invalid appsecret_proof provided in the API argument' },
  });
  await call(simulator, 'PATCH', '/business/apps/41', { require_app_secret: true });
  expect((await ask('')).json.error.error_data.details).toBe(
    'API calls from the server require an appsecret_proof argument',
  );
  expect((await ask(`?appsecret_proof=${proof}`)).status).toBe(200);
  // The token of the app itself has the secret in it.
  expect((await call(simulator, 'GET', '/v25.0/41/subscriptions', undefined, appToken)).status).toBe(200);
});
