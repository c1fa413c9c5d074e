// The stories of the main job on a real account, which is connected by API to the simulator as if it were Meta.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AtMeta, connect, control, createAtMeta, createToken, startWithCallback } from '../setup/meta.ts';
import type { Scenario } from '../setup/scenario.ts';

const hour = 3_600_000;
// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;

let scenario: Scenario;
let at: AtMeta;
let account: Json;
let people = 0;
const person = () => `+33622${String(100_000 + ++people)}`;

beforeAll(async () => {
  scenario = await startWithCallback({ clock: 'manual', oneClock: true, window: true });
});
afterAll(() => scenario.close());
// An app, a business account and a number for each story.
beforeEach(async () => {
  await control(scenario, 'DELETE', '/script');
  at = await createAtMeta(scenario);
  account = await connect(scenario, at);
});

const call = (method: string, path: string, body?: object) => scenario.api(method, `/api/v1/${path}`, body);
const script = (kind: 'messages' | 'webhooks', rule: object) =>
  control(scenario, 'POST', `/script/${kind}`, { phone_number_id: at.numberId, ...rule });
const onPhone = (method: string, of: string, path: string, body?: object) =>
  control(scenario, method, `/phones/${of.slice(1)}${path}`, body);

const templatesOf = async (): Promise<Json[]> =>
  (await call('GET', 'templates?limit=100')).body.data.filter((one: Json) => one.business_account_id === at.businessId);
const templateNamed = async (name: string) => (await templatesOf()).find(one => one.name === name);

const postText = (to: string, body = 'Yes, until 6.', more: object = {}) =>
  call('POST', 'messages', { account_id: account.id, to, type: 'text', text: { body }, ...more });
const postTemplate = (to: string, name = 'hello_world', more: object = {}) =>
  call('POST', 'messages', {
    account_id: account.id,
    to,
    type: 'template',
    template: { name, language: { code: 'en_US' }, ...more },
  });

/** The message of an answer that accepted it. */
function accepted(answer: { status: number; text: string; body: Json }): Json {
  expect(answer.status, answer.text).toBe(202);
  return answer.body;
}

/** The person writes to the number from their phone. */
async function write(from: string, body = 'Are you open?'): Promise<void> {
  await onPhone('POST', from, '/messages', { to: at.numberId, text: { body } });
  await scenario.settle();
}

const statusesOf = (messages: Json[]) =>
  Promise.all(messages.map(async ({ id }) => (await scenario.message(id)).status));
const waitsFor = async ({ id }: Json) => (await scenario.message(id)).waiting?.reason;
/** Lets the time pass until all of them are read. */
const allRead = (messages: Json[]) =>
  expect
    .poll(async () => {
      await scenario.advance(20_000);
      return statusesOf(messages);
    })
    .toEqual(messages.map(() => 'read'));
/** What WhatsApp accepted from the number. */
const entriesOfNumber = () =>
  scenario.simulator.ledger.entries().filter(entry => entry.phone_number_id === at.numberId);
/** The people to whom, once for each message. */
const atLedger = () => entriesOfNumber().map(entry => `+${entry.to}`);
const contactOf = async (phone: string) =>
  (await call('GET', `contacts?phone=${encodeURIComponent(phone)}`)).body.data[0];
const conversationsOf = async (contact: Json) =>
  (await call('GET', `conversations?contact_id=${contact.id}`)).body.data;
const queueIsSound = async () => expect(await scenario.sql('select * from check_queue()')).toEqual([]);

test('the main job: a template leaves and is read, the person answers, and a free text goes back', async () => {
  // Its templates are there as soon as it is connected.
  expect((await templatesOf()).map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
    'appointment_reminder APPROVED',
    'hello_world APPROVED',
    'one_time_code APPROVED',
  ]);
  const checked = (await call('POST', `accounts/${account.id}/check`)).body;
  expect(checked.ok).toBe(true);
  const to = person();
  await onPhone('PATCH', to, '', { auto_read: false, name: 'Bruno' });
  const first = accepted(await postTemplate(to));
  await scenario.settle();
  expect(await scenario.message(first.id)).toMatchObject({
    status: 'delivered',
    template: { name: 'hello_world', text: 'Hello World' },
  });
  await onPhone('POST', to, '/read');
  await scenario.settle();
  expect(await statusesOf([first])).toEqual(['read']);

  await write(to, 'Are you open?');
  const contact = await contactOf(to);
  expect(contact).toMatchObject({ name: 'Bruno', unread_count: 1 });
  const [conversation] = await conversationsOf(contact);
  expect(conversation).toMatchObject({ account_id: account.id, window: { open: true } });
  const reply = accepted(await postText(to));
  await scenario.settle();
  await onPhone('POST', to, '/read');
  await scenario.settle();
  const thread = (await call('GET', `conversations/${conversation.id}/messages`)).body.data;
  expect(thread.map((each: Json) => [each.direction, each.type, each.status])).toEqual([
    ['outbound', 'text', 'read'],
    ['inbound', 'text', expect.any(String)],
    ['outbound', 'template', 'read'],
  ]);
  expect(thread.map((each: Json) => each.id)).toEqual([reply.id, expect.any(String), first.id]);
  expect(atLedger()).toEqual([to, to]);
});

test('a rate limit of the account holds at WhatsApp, and one of WhatsApp delays a message that is sent once', async () => {
  const limits = { rate: { messages: 2, seconds: 60 } };
  expect((await call('PATCH', `accounts/${account.id}`, { limits })).status).toBe(200);
  const sent: Json[] = [];
  for (let n = 0; n < 5; n++) sent.push(accepted(await postTemplate(person())));
  await scenario.settle();
  expect(atLedger()).toHaveLength(2);
  await allRead(sent);
  expect(atLedger().sort()).toEqual(sent.map(each => each.to).sort());
  const times = entriesOfNumber().map(entry => Date.parse(entry.at));
  // A third within a minute of the first would be over the rate.
  for (const [n, time] of times.slice(2).entries()) expect(time - (times[n] ?? 0)).toBeGreaterThanOrEqual(60_000);

  await script('messages', { code: 130429, times: 2 });
  await scenario.advance(hour);
  const late = accepted(await postTemplate(person()));
  await scenario.settle();
  expect(await scenario.message(late.id)).toMatchObject({ status: 'queued', waiting: { reason: 'throttled' } });
  expect(atLedger()).not.toContain(late.to);
  await allRead([late]);
  const { attempts } = await scenario.message(late.id);
  expect(attempts.map((each: Json) => [each.class, each.code])).toEqual([
    ['throttled', '130429'],
    ['throttled', '130429'],
    ['accepted', null],
  ]);
  expect(atLedger().filter(to => to === late.to)).toHaveLength(1);
  await queueIsSound();
});

test('a lost answer: the outcome is unknown until a receipt tells it, and the message is sent once', async () => {
  const to = person();
  await onPhone('PATCH', to, '', { auto_read: false });
  await script('messages', { fault: 'answer-lost', to, times: 1 });
  // Until the person reads it, nothing tells that it arrived.
  for (const status of ['sent', 'delivered']) await script('webhooks', { fault: 'drop', status, to, times: 1 });
  const sent = accepted(await postTemplate(to));
  await scenario.settle();
  expect(await scenario.message(sent.id)).toMatchObject({ status: 'unknown', waiting: { reason: 'unknown_outcome' } });
  expect(atLedger()).toEqual([to]);
  await onPhone('POST', to, '/read');
  await scenario.settle();
  expect(await scenario.message(sent.id)).toMatchObject({
    status: 'read',
    waiting: null,
    channel_message_id: expect.stringMatching(/^wamid\./),
    attempts: [{ number: 1, class: 'unknown', status: 'read' }],
  });
  await scenario.advance(25 * hour);
  expect(atLedger()).toEqual([to]);
  await queueIsSound();
});

test('an expired token loses nothing: with the renewed one each message is sent once', async () => {
  const before = [accepted(await postTemplate(person())), accepted(await postTemplate(person()))];
  await scenario.settle();
  expect(await statusesOf(before)).toEqual(['read', 'read']);
  await control(scenario, 'PATCH', '/business/tokens', { access_token: at.token, expired: true });
  const during: Json[] = [];
  for (let n = 0; n < 4; n++) during.push(accepted(await postTemplate(person())));
  await scenario.settle();
  const show = async () => (await call('GET', `accounts/${account.id}`)).body;
  expect(await show()).toMatchObject({ status: 'needs_attention' });
  expect(await statusesOf(during)).toEqual(during.map(() => 'queued'));
  expect(atLedger()).toHaveLength(2);
  // The webhooks need no token: what the person writes is still received.
  await write(person(), 'Anybody there?');
  const { data } = (await call('GET', `messages?account_id=${account.id}&direction=inbound`)).body;
  expect(data).toMatchObject([{ text: { body: 'Anybody there?' } }]);

  const token = await createToken(scenario, at);
  const renewed = await call('PATCH', `accounts/${account.id}/credentials`, { access_token: token });
  expect(renewed, renewed.text).toMatchObject({ status: 200, body: { status: 'connected' } });
  await scenario.settle();
  expect(await statusesOf(during)).toEqual(during.map(() => 'read'));
  expect(atLedger().sort()).toEqual([...before, ...during].map(each => each.to).sort());
  await queueIsSound();
});

test('a closed window rejects free text, and a message of the person opens it', async () => {
  const to = person();
  expect(await postText(to)).toMatchObject({
    status: 409,
    body: { code: 'window_closed', detail: expect.stringContaining('template') },
  });
  const opener = accepted(await postTemplate(to));
  await scenario.settle();
  expect(await statusesOf([opener])).toEqual(['read']);
  // Only the person opens it.
  expect((await postText(to)).body.code).toBe('window_closed');
  await write(to);
  const reply = accepted(await postText(to));
  await scenario.settle();
  expect(await statusesOf([reply])).toEqual(['read']);
  await scenario.advance(25 * hour);
  expect((await postText(to)).body.code).toBe('window_closed');
  expect(atLedger()).toEqual([to, to]);
});

test('a template that is paused in the middle holds its messages, and each leaves once after the pause', async () => {
  const limits = { rate: { messages: 2, seconds: 60 } };
  expect((await call('PATCH', `accounts/${account.id}`, { limits })).status).toBe(200);
  const sent: Json[] = [];
  for (let n = 0; n < 5; n++) sent.push(accepted(await postTemplate(person())));
  await scenario.settle();
  expect(atLedger()).toHaveLength(2);
  const { id, channel_template_id: atWhatsApp } = await templateNamed('hello_world');
  await control(scenario, 'POST', `/templates/${atWhatsApp}/pause`);
  await scenario.settle();
  expect((await call('GET', `templates/${id}`)).body).toMatchObject({ status: 'PAUSED', reason: 'FIRST_PAUSE' });
  expect(await postTemplate(person())).toMatchObject({ status: 409, body: { code: 'template_not_approved' } });
  await expect
    .poll(async () => {
      await scenario.advance(20_000);
      return (await Promise.all(sent.map(waitsFor))).filter(reason => reason === 'template_paused');
    })
    .toHaveLength(3);
  await scenario.advance(hour);
  expect(atLedger()).toHaveLength(2);

  await control(scenario, 'POST', `/templates/${atWhatsApp}/unpause`);
  await scenario.settle();
  expect((await templateNamed('hello_world')).status).toBe('APPROVED');
  await allRead(sent);
  expect(atLedger().sort()).toEqual(sent.map(each => each.to).sort());
  await queueIsSound();
});

test('who stops marketing messages in WhatsApp gets none, and still gets the others', async () => {
  const { channel_template_id: atWhatsApp } = await templateNamed('hello_world');
  await control(scenario, 'POST', `/templates/${atWhatsApp}/reclass`, { category: 'MARKETING' });
  await scenario.settle();
  expect(await templateNamed('hello_world')).toMatchObject({ category: 'MARKETING' });
  const to = person();
  const welcome = accepted(await postTemplate(to));
  await scenario.settle();
  expect(await statusesOf([welcome])).toEqual(['read']);

  await onPhone('POST', to, '/marketing', { to: at.numberId, choice: 'stop' });
  await scenario.settle();
  expect(await contactOf(to)).toMatchObject({ opted_out: 'marketing' });
  expect(await postTemplate(to)).toMatchObject({ status: 409, body: { code: 'opted_out' } });
  const parameters = ['Ana', 'Monday'].map(text => ({ type: 'text', text }));
  const reminder = { components: [{ type: 'body', parameters }] };
  const utility = accepted(await postTemplate(to, 'appointment_reminder', reminder));
  await scenario.settle();
  expect(await statusesOf([utility])).toEqual(['read']);
  expect(atLedger()).toEqual([to, to]);

  await onPhone('POST', to, '/marketing', { to: at.numberId, choice: 'resume' });
  await scenario.settle();
  expect(await contactOf(to)).toMatchObject({ opted_out: null });
  accepted(await postTemplate(to));
  await scenario.settle();
  expect(atLedger()).toEqual([to, to, to]);
});

test('a person whose user id changes stays the same contact in the same conversation', async () => {
  const from = person();
  const [first, second] = [`FR.a${at.numberId}`, `FR.b${at.numberId}`];
  await onPhone('PATCH', from, '', { user_id: first, hides_number: true, name: `Hidden ${at.numberId}` });
  await write(from, 'one');
  const named = async () => (await call('GET', `contacts?search=${at.numberId}`)).body.data;
  const [contact] = await named();
  expect(contact).toMatchObject({ phone: null, user_id: first });
  const reply = async (body: string) =>
    accepted(
      await call('POST', 'messages', { account_id: account.id, contact_id: contact.id, type: 'text', text: { body } }),
    );
  const before = await reply('two');
  await scenario.settle();

  const change = { to: at.numberId, type: 'user_id_change', user_id_change: { user_id: second } };
  await onPhone('POST', from, '/messages', change);
  await scenario.settle();
  await write(from, 'three');
  expect(await named()).toMatchObject([{ id: contact.id, user_id: second }]);
  const after = await reply('four');
  await scenario.settle();
  expect(await statusesOf([before, after])).toEqual(['read', 'read']);
  const conversations = await conversationsOf(contact);
  expect(conversations).toHaveLength(1);
  const { data } = (await call('GET', `conversations/${conversations[0].id}/messages`)).body;
  const texts = data.filter((each: Json) => each.type === 'text').map((each: Json) => each.text.body);
  expect(texts.reverse()).toEqual(['one', 'two', 'three', 'four']);
  expect(atLedger()).toHaveLength(2);
  await queueIsSound();
});
