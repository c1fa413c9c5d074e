// Web Push, with a push service and browsers that read what comes: what is shown, what is not, and when it ends.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join, logIn, type Somebody } from '../setup/people.ts';
import { type PushService, startPushService } from '../setup/push-service.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let service: PushService;
let scenario: Scenario;
let leo: Somebody;
let people = 0;
beforeAll(async () => {
  service = await startPushService();
  scenario = await startScenario({ clock: 'manual', env: { WEBHOOK_ALLOWED_HOSTS: service.host } });
  leo = await join(scenario, 'agent', { email: 'leo@example.com' });
});
afterAll(async () => {
  await scenario?.close();
  await service?.close();
});

/** A browser of somebody, in a session of its own. */
async function browserOf(email: string, language = 'en') {
  const { body } = await logIn(scenario, email);
  const api = scenario.as(body.access_token);
  const browser = service.browser();
  const kept = await api('PUT', '/api/v1/me/push-subscription', { ...browser.subscription, language });
  expect(kept).toMatchObject({ status: 200, body: { current: true, last_at: null, error: null } });
  const id: string = kept.body.id;
  const logOut = () => scenario.as(undefined)('POST', '/api/v1/auth/logout', { refresh_token: body.refresh_token });
  return { ...browser, api, id, logOut, end: () => api('DELETE', `/api/v1/me/push-subscriptions/${id}`) };
}
const write = (phone: string, body: string) =>
  fetch(`${scenario.simulator.url}/phones/${phone}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      to: scenario.account.phone_number_id,
      type: 'text',
      text: { body },
      profile_name: 'Ana Souza',
    }),
  });
/** A conversation of Leo, who has read what he was told of it. */
async function ofLeo(): Promise<{ phone: string; id: string }> {
  const phone = `+55119855500${String(++people).padStart(2, '0')}`;
  await write(phone, 'Hello');
  await scenario.settle();
  const [{ id }] = (await scenario.api('GET', `/api/v1/conversations?search=${phone.slice(1)}`)).body.data;
  await scenario.api('POST', `/api/v1/conversations/${id}/assign`, { person_id: leo.id });
  await scenario.advance(1_000);
  await leo.api('POST', '/api/v1/me/notifications/read', {});
  return { phone, id };
}
/** Lets the log be read and what is new be told. */
async function pass(): Promise<void> {
  await scenario.settle();
  await scenario.advance(1_000);
  await scenario.advance(4_000);
}
const show = (content: string) => leo.api('PATCH', '/api/v1/me/notification-settings', { content });

test('a browser is told, encrypted and signed, as far as the person wants it shown', async () => {
  const { phone, id } = await ofLeo();
  const browser = await browserOf(leo.email, 'pt');
  await show('text');
  await write(phone, 'Is it ready?');
  await pass();
  const [first] = browser.read();
  expect(first).toMatchObject({
    language: 'pt',
    more: 0,
    items: [{ kind: 'message', count: 1, conversation_id: id, shown: { name: 'Ana Souza', text: 'Is it ready?' } }],
  });
  expect(first?.unread).toHaveLength(1);
  const [{ headers, body } = { headers: {}, body: Buffer.of() }] = service.taken;
  expect(headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '86400', authorization: /^vapid t=/ });
  expect(body.toString('latin1')).not.toContain('ready');
  const { public_key: key } = (await leo.api('GET', '/api/v1/me/push-key')).body;
  expect(headers.authorization).toMatch(new RegExp(`k=${key}$`));
  await show('name');
  await write(phone, 'Hello?');
  await pass();
  await show('nothing');
  await write(phone, 'Anybody?');
  await pass();
  expect(browser.read().slice(1)).toMatchObject([
    { items: [{ count: 2, shown: { name: 'Ana Souza', text: null } }] },
    { items: [{ count: 3, shown: null }] },
  ]);
  expect((await browser.api('GET', '/api/v1/me/push-subscriptions')).body.data).toMatchObject([
    { id: browser.id, current: true, last_at: expect.any(String), error: null },
  ]);
  expect((await browser.end()).status).toBe(204);
  expect((await browser.api('GET', '/api/v1/me/push-subscriptions')).body.data).toEqual([]);
});

test('what is read at once is not told, nor what the person wants elsewhere; many at once are one number', async () => {
  const { phone, id } = await ofLeo();
  const browser = await browserOf(leo.email);
  await write(phone, 'Before your eyes');
  await scenario.settle();
  await scenario.advance(1_000);
  const { last_message: last } = (await leo.api('GET', `/api/v1/conversations/${id}`)).body;
  await leo.api('PUT', `/api/v1/messages/${last.id}/read`);
  await pass();
  await leo.api('PATCH', '/api/v1/me/notification-settings', { kinds: { message: ['app'] } });
  await write(phone, 'In the list alone');
  await pass();
  expect(browser.read()).toEqual([]);
  await leo.api('PATCH', '/api/v1/me/notification-settings', { kinds: null });
  const more: { phone: string }[] = [];
  for (let n = 0; n < 5; n++) more.push(await ofLeo());
  await pass();
  const before = browser.read().length;
  for (const each of more) await write(each.phone, 'All at once');
  await pass();
  expect(browser.read().slice(before)).toMatchObject([{ items: [], more: 5 }]);
  await browser.end();
});

test('who is offline is told nothing, and what they have not read once they are back', async () => {
  const [{ phone }, { phone: other, id: read }] = [await ofLeo(), await ofLeo()];
  const browser = await browserOf(leo.email);
  const choose = (status: string) => leo.api('PUT', '/api/v1/me/availability', { status });
  expect((await choose('offline')).status).toBe(200);
  for (const each of [phone, other]) await write(each, 'Are you there?');
  await pass();
  expect(browser.read()).toEqual([]);
  await leo.api('POST', '/api/v1/me/notifications/read', { conversation_id: read });
  await choose('online');
  await pass();
  expect(browser.read()).toMatchObject([{ items: [{ kind: 'message', count: 1 }], more: 0 }]);
  await browser.end();
});

test('a push service that fails is asked three times, and one that knows the browser no more ends it', async () => {
  const { phone } = await ofLeo();
  const browser = await browserOf(leo.email);
  const states = async () => (await browser.api('GET', '/api/v1/me/push-subscriptions')).body.data;
  service.answer(503);
  await write(phone, 'One');
  await pass();
  expect(await states()).toMatchObject([{ error: '503', last_at: null }]);
  service.answer(201);
  await scenario.advance(31_000);
  expect(browser.read()).toMatchObject([{ items: [{ kind: 'message' }] }]);
  expect(await states()).toMatchObject([{ error: null }]);
  service.answer(410);
  await write(phone, 'Two');
  await pass();
  service.answer(201);
  expect(await states()).toEqual([]);
});

test('a subscription ends with its session, and a browser has one person', async () => {
  const { phone } = await ofLeo();
  const first = await browserOf(leo.email);
  const second = await browserOf(leo.email);
  expect((await first.logOut()).status).toBe(204);
  expect((await second.api('GET', '/api/v1/me/push-subscriptions')).body.data).toMatchObject([{ id: second.id }]);
  // Who knows the address alone takes nothing away.
  const mallory = await join(scenario, 'agent', { email: 'mallory@example.com' });
  const { endpoint, keys } = second.subscription;
  const strange = service.browser().subscription.keys;
  for (const other of [
    { ...keys, auth: strange.auth },
    { ...strange, auth: keys.auth },
  ]) {
    const taken = await mallory.api('PUT', '/api/v1/me/push-subscription', { endpoint, keys: other, language: 'en' });
    expect(taken.status).toBe(200);
    expect((await second.api('GET', '/api/v1/me/push-subscriptions')).body.data).toMatchObject([{ id: second.id }]);
  }
  // Somebody else logs in at the second browser.
  const eva = await join(scenario, 'agent', { email: 'eva@example.com' });
  const kept = await eva.api('PUT', '/api/v1/me/push-subscription', { ...second.subscription, language: 'es' });
  expect(kept.status).toBe(200);
  expect((await second.api('GET', '/api/v1/me/push-subscriptions')).body.data).toEqual([]);
  await write(phone, 'For Leo alone');
  await pass();
  expect([...first.read(), ...second.read()]).toEqual([]);
});

test('an address inside of the network, and keys that are none, are rejected', async () => {
  const browser = service.browser();
  const put = (body: object) =>
    leo.api('PUT', '/api/v1/me/push-subscription', { ...browser.subscription, language: 'en', ...body });
  for (const endpoint of ['http://169.254.169.254/latest', 'https://127.0.0.1/x', 'ftp://push.example/x'])
    expect(await put({ endpoint })).toMatchObject({ status: 400, body: { code: 'push_endpoint_rejected' } });
  const keys = { ...browser.subscription.keys, p256dh: Buffer.alloc(65, 4).toString('base64url') };
  expect(await put({ keys })).toMatchObject({ status: 400, body: { errors: [{ field: 'keys' }] } });
  const { body: key } = await scenario.api('POST', '/api/v1/keys', { name: 'program', scopes: ['messages.read'] });
  const program = await scenario.as(key.key)('PUT', '/api/v1/me/push-subscription', {
    ...browser.subscription,
    language: 'en',
  });
  expect(program.status).toBe(403);
});

test('the private key is encrypted in the database', async () => {
  const [row] = await scenario.sql<{ public_key: string; private_key: string }>(
    'select public_key, private_key from push_key',
  );
  expect(row?.private_key).toMatch(/^s1\./);
});
