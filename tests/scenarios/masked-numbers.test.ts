// People who do not see phone numbers: in answers to changes, in streams, in files, and how many they may look up. The
// number in every place is in number-canary.test.ts.
import type { Conversation } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookUpLimit } from '../../server/app/http/look-ups.ts';
import { type Connected, openStream } from '../setup/event-clients.ts';
import { audited, join, type Somebody } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { servedRoutes } from '../setup/served-routes.ts';

const phone = '+351912662345';
const digits = phone.slice(1);
const masked = '•••2345';
let scenario: Scenario;
let ana: Somebody;
let conversation: Conversation;
let stream: Connected | undefined;

beforeAll(async () => {
  scenario = await startScenario();
  ana = await join(scenario, 'agent');
  const made = { account_id: scenario.account.id, to: phone };
  conversation = (await scenario.api('POST', '/api/v1/conversations', made)).body;
  await write('Is it ready?');
  await scenario.api('POST', '/api/v1/opt-outs', { to: phone, category: 'marketing', reason: 'Asked.' });
  const changed = await scenario.api('PATCH', `/api/v1/people/${ana.id}`, { sees_numbers: false });
  expect(changed).toMatchObject({ status: 200, body: { sees_numbers: false } });
});
afterAll(async () => {
  stream?.drop();
  await scenario?.close();
});

async function write(body: string): Promise<void> {
  await fetch(`${scenario.simulator.url}/phones/${phone}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: scenario.account.phone_number_id, type: 'text', text: { body } }),
  });
  await scenario.settle();
}

/** Whether a text has the number, as it is or in an id of Meta's, which encodes it. */
const tells = (text: string): boolean =>
  text.includes(digits) ||
  [...text.matchAll(/wamid\.([\w+/=]+)/g)].some(([, id = '']) => Buffer.from(id, 'base64').includes(digits));

test('no answer has more than the last four digits of a number', async () => {
  const answer = { account_id: scenario.account.id, conversation_id: conversation.id, type: 'text' };
  const sent = await ana.api('POST', '/api/v1/messages', { ...answer, text: { body: 'Tomorrow.' } });
  expect(sent).toMatchObject({ status: 202, body: { to: masked } });
  await scenario.settle();
  const ofIds = [
    `/api/v1/messages/${sent.body.id}`,
    `/api/v1/contacts/${conversation.contact.id}`,
    ...['', '/messages', '/episodes', '/changes', '/notes'].map(of => `/api/v1/conversations/${conversation.id}${of}`),
  ];
  const lists = servedRoutes(scenario.recado.server)
    .filter(({ method, path }) => method === 'GET' && path.startsWith('/api/v1/') && !/[:*]|stream/.test(path))
    .map(({ path }) => path);
  expect(lists).toEqual(expect.arrayContaining(['/api/v1/messages', '/api/v1/contacts', '/api/v1/events']));
  const seen: string[] = [];
  for (const path of [...lists, ...ofIds]) {
    const { text } = await ana.api('GET', path);
    expect([path, tells(text)]).toEqual([path, false]);
    if (text.includes(masked)) seen.push(path);
  }
  for (const path of [
    '/api/v1/messages',
    '/api/v1/contacts',
    '/api/v1/conversations',
    '/api/v1/opt-outs',
    ...ofIds.slice(0, 3),
  ])
    expect(seen).toContain(path);
  // The number of the business is no secret.
  const account = `/api/v1/accounts/${scenario.account.id}`;
  expect((await ana.api('GET', account)).body.phone).toBe((await scenario.api('GET', account)).body.phone);
});

test('no answer to a change has one either, also where a key keeps the answer', async () => {
  const contact = { contact_id: conversation.contact.id };
  const answer = { account_id: scenario.account.id, conversation_id: conversation.id, type: 'text' };
  const changes: [string, string, object][] = [
    ['POST', '/api/v1/opt-outs', { ...contact, category: 'all', reason: 'Asked.' }],
    ['PATCH', `/api/v1/contacts/${conversation.contact.id}`, { name: phone }],
    ['POST', '/api/v1/conversations', { account_id: scenario.account.id, to: phone }],
    ['POST', `/api/v1/conversations/${conversation.id}/notes`, { body: 'A VIP.' }],
    ['POST', `/api/v1/conversations/${conversation.id}/assign`, { person_id: ana.id }],
    ['POST', '/api/v1/messages', { ...answer, text: { body: 'Today.' } }],
  ];
  for (const [method, path, body] of changes)
    for (let time = 0; time < 2; time++) {
      const { text } = await ana.api(method, path, body, { 'idempotency-key': `${method} ${path}` });
      expect([method, path, tells(text)]).toEqual([method, path, false]);
    }
});

test('a search finds a number by all of its digits only', async () => {
  const found = async (by: Somebody['api'], path: string) => (await by('GET', path)).body.data.length;
  for (const list of ['contacts', 'conversations']) {
    expect(await found(scenario.api, `/api/v1/${list}?search=${digits.slice(0, 9)}`)).toBe(1);
    expect(await found(ana.api, `/api/v1/${list}?search=${digits.slice(0, 9)}`)).toBe(0);
    expect(await found(ana.api, `/api/v1/${list}?search=${digits}`)).toBe(1);
  }
});

test('look-ups by number are few, for all processes together, and more are in the audit log', async () => {
  const bea = await join(scenario, 'agent');
  await scenario.api('PATCH', `/api/v1/people/${bea.id}`, { sees_numbers: false });
  const other = await scenario.node('api');
  const { access_token: token } = (
    await scenario.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token: bea.refreshToken })
  ).body;
  const there = async (path: string) =>
    (await fetch(`${other.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } })).status;
  const here = (path: string) => bea.api('GET', `/api/v1/${path}`);
  const number = encodeURIComponent(phone);
  const ways = [
    `contacts?phone=${number}`,
    `contacts?search=${digits}`,
    `conversations?search=${digits}`,
    `messages?phone=${number}`,
    `opt-outs/ledger?to=${number}`,
  ];
  for (let n = 0; n < lookUpLimit.most / 2; n++) {
    const path = ways[n % ways.length] ?? '';
    expect([path, (await here(path)).status, await there(path)]).toEqual([path, 200, 200]);
  }
  for (const path of ways) {
    const { status, body, headers } = await here(path);
    expect([path, status, body.code]).toEqual([path, 429, 'too_many_look_ups']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(500);
    expect([path, await there(path)]).toEqual([path, 429]);
  }
  const thread = { account_id: scenario.account.id, to: phone };
  for (const [path, body] of [
    ['conversations', thread],
    ['contacts', { phone }],
    ['opt-outs', { to: phone, category: 'all', reason: 'Asked.' }],
    ['consents', { to: phone, legal_basis: 'Asked.', wording: 'Yes.' }],
    ['opt-out-links', { to: phone }],
    ['conversation-jobs', { action: 'close', filter: { search: digits } }],
  ] as const)
    expect([path, (await bea.api('POST', `/api/v1/${path}`, body)).status]).toEqual([path, 429]);
  // What names no whole number is not counted, nor is sending, nor a caller who sees numbers.
  expect((await here('contacts?search=Ana')).status).toBe(200);
  const sent = await bea.api('POST', '/api/v1/messages', {
    ...thread,
    to: '+351912662346',
    type: 'text',
    text: { body: 'Here.' },
  });
  expect(sent.status).toBe(202);
  for (let n = 0; n <= lookUpLimit.most; n++)
    expect((await scenario.api('GET', `/api/v1/contacts?phone=${number}`)).status).toBe(200);
  const entries = await audited(scenario, 'access.rejected');
  const entry = entries.find(({ detail }) => detail.code === 'too_many_look_ups');
  expect(entry?.detail).toMatchObject({ route: 'GET /api/v1/contacts', count: 1 });
  expect(JSON.stringify(entry)).not.toContain(digits);
});

test('the phones of the Sandbox are neither for them nor for readers of some conversations', async () => {
  const path = `/api/v1/accounts/${scenario.account.id}/phones/${encodeURIComponent(phone)}`;
  const reader = await join(scenario, 'agent');
  const own = { role: 'agent', account_ids: null, conversations: 'own' };
  expect((await scenario.api('PATCH', `/api/v1/people/${reader.id}`, own)).status).toBe(200);
  for (const { api } of [ana, reader])
    expect([(await api('GET', path)).status, (await api('POST', `${path}/read`)).status]).toEqual([403, 403]);
  expect((await scenario.api('GET', path)).status).toBe(200);
});

test('files with numbers are refused', async () => {
  for (const path of ['opt-outs/export', 'opt-outs/ledger/export', `conversations/${conversation.id}/export`])
    expect([path, (await ana.api('GET', `/api/v1/${path}`)).status]).toEqual([path, 403]);
});

test('a stream masks from the moment of the change', async () => {
  await scenario.api('PATCH', `/api/v1/people/${ana.id}`, { sees_numbers: true });
  const { access_token: token } = (
    await scenario.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token: ana.refreshToken })
  ).body;
  const opened = await openStream(scenario.recado.url ?? '', { token });
  stream = opened;
  const received = () => opened.events.filter(({ type }) => type === 'message.received');
  await write('Before');
  await expect.poll(() => received().length).toBe(1);
  expect(JSON.stringify(received())).toContain(phone);
  await scenario.api('PATCH', `/api/v1/people/${ana.id}`, { sees_numbers: false });
  await write('After');
  await expect.poll(() => received().length).toBe(2);
  expect(JSON.stringify(received()[1])).toContain(masked);
  expect(tells(JSON.stringify(received()[0]))).toBe(true);
  expect(tells(JSON.stringify(received()[1]))).toBe(false);
});

test('only agents and viewers are masked, and an invitation can say so', async () => {
  const admin = await join(scenario, 'admin');
  expect(await scenario.api('PATCH', `/api/v1/people/${admin.id}`, { sees_numbers: false })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'sees_numbers' }] },
  });
  const body = { email: 'masked@example.com', role: 'viewer', sees_numbers: false };
  expect(await scenario.api('POST', '/api/v1/invitations', body)).toMatchObject({
    status: 201,
    body: { sees_numbers: false },
  });
});

test('an API key can be masked alike, with no more scopes than an agent', async () => {
  const asked = {
    name: 'assistant',
    scopes: ['messages.create', 'messages.read', 'contacts.read'],
    sees_numbers: false,
  };
  const made = await scenario.api('POST', '/api/v1/keys', asked);
  expect(made).toMatchObject({ status: 201, body: { sees_numbers: false } });
  const use = scenario.as(made.body.key);
  expect((await use('GET', '/api/v1/me/permissions')).body.sees_numbers).toBe(false);
  for (const path of ['messages', 'conversations', 'contacts', 'events', `conversations/${conversation.id}`]) {
    const { status, text } = await use('GET', `/api/v1/${path}`);
    expect([path, status, tells(text), text.includes(masked)]).toEqual([path, 200, false, true]);
  }
  const opened = await use('POST', '/api/v1/conversations', { account_id: scenario.account.id, to: phone });
  expect(opened).toMatchObject({ status: 200, body: { contact: { phone: masked } } });
  expect((await use('GET', `/api/v1/conversations/${conversation.id}/export`)).status).toBe(403);
  for (const scopes of [['contacts.export'], ['messages.read', 'endpoints.manage'], ['inbound.manage']])
    expect(await scenario.api('POST', '/api/v1/keys', { ...asked, scopes })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'scopes' }] },
    });
});
