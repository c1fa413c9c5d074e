// The main job, end to end: set up, send, watch it arrive, get an answer, read it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { owner, type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ owner: false });
});
afterAll(() => scenario.close());

test('from the setup link to blue ticks', async () => {
  const link = new URL(scenario.recado.setupLink ?? '');
  const page = await scenario.as(undefined)('GET', link.pathname);
  expect(page.status).toBe(200);
  const token = link.hash.replace('#token=', '');
  const setup = await scenario.as(undefined)('POST', '/api/v1/setup', { ...owner, name: 'Ana Souza', token });
  expect(setup.status).toBe(201);
  const again = await scenario.as(undefined)('POST', '/api/v1/setup', { ...owner, name: 'Eve', token });
  expect(again).toMatchObject({ status: 403, body: { code: 'setup_token_invalid' } });

  const login = await scenario.as(undefined)('POST', '/api/v1/auth/login', owner);
  expect(login.body).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
  const api = scenario.as(login.body.access_token);

  const { data: accounts } = (await api('GET', '/api/v1/accounts')).body;
  expect(accounts).toHaveLength(1);
  expect(accounts[0]).toMatchObject({
    name: 'Sandbox',
    status: 'connected',
    limits: { rate: { messages: 70, seconds: 1 }, per_day: 1000 },
  });

  const known = await fetch(`${scenario.simulator.url}/numbers`);
  expect(await known.json()).toMatchObject({
    numbers: [{ phone_number_id: accounts[0].phone_number_id, display_phone_number: accounts[0].phone }],
  });

  const accepted = await api('POST', '/api/v1/messages', {
    account_id: accounts[0].id,
    to: '+33 6 12 34 56 78',
    type: 'text',
    text: { body: 'Your table is ready.' },
  });
  expect(accepted).toMatchObject({
    status: 202,
    body: { status: 'queued', to: '+33612345678', text: { body: 'Your table is ready.' } },
  });
  await scenario.settle();

  const sent = (await api('GET', `/api/v1/messages/${accepted.body.id}`)).body;
  expect(sent).toMatchObject({ status: 'read', waiting: null, created_by: { name: 'Ana Souza' } });
  expect(sent.events.map((event: { type: string }) => event.type)).toEqual(
    expect.arrayContaining(['message.queued', 'message.sending', 'message.sent', 'message.read']),
  );
  expect(sent.events.map((event: { number: number }) => event.number)).toEqual(
    sent.events.map((_: unknown, index: number) => index + 1),
  );
  expect(sent.attempts).toMatchObject([
    { number: 1, status: 'read', class: 'accepted', channel_message_id: sent.channel_message_id },
  ]);
  expect(scenario.simulator.ledger.entries()).toHaveLength(1);

  const phone = `${scenario.simulator.url}/phones/%2B33612345678`;
  for (const body of ['Thank you!', 'See you at 5'])
    await fetch(`${phone}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'text', text: { body }, profile_name: 'Bruno' }),
    });
  await scenario.settle();

  const contact = (await api('GET', '/api/v1/contacts?phone=%2B33612345678')).body.data[0];
  expect(contact).toMatchObject({ name: 'Bruno', unread_count: 2, message_counts: { outbound: 1, inbound: 2 } });
  const conversation = (await api('GET', `/api/v1/conversations?contact_id=${contact.id}`)).body.data[0];
  expect(conversation.unread_count).toBe(2);
  const thread = (await api('GET', `/api/v1/conversations/${conversation.id}/messages`)).body.data;
  expect(thread.map((message: { text: { body: string } }) => message.text.body)).toEqual([
    'See you at 5',
    'Thank you!',
    'Your table is ready.',
  ]);

  const read = await api('PUT', `/api/v1/messages/${thread[0].id}/read`);
  expect(read).toMatchObject({ status: 200, body: { status: 'read' } });
  expect((await api('GET', `/api/v1/messages/${thread[1].id}`)).body.status).toBe('read');
  expect((await api('GET', `/api/v1/contacts/${contact.id}`)).body.unread_count).toBe(0);
  await scenario.settle();
  const screen = await (await fetch(phone, { headers: { accept: 'application/json' } })).text();
  expect(
    JSON.parse(screen).threads[0].messages.map((message: { direction: string; status: string }) => [
      message.direction,
      message.status,
    ]),
  ).toEqual([
    ['received', 'read'],
    ['written', 'read'],
    ['written', 'read'],
  ]);

  const statistics = (await api('GET', '/api/v1/messages/statistics')).body;
  expect(statistics).toMatchObject({
    sent: 1,
    received: 2,
    by_status: { read: 1 },
    delivery_rate: 1,
    read_rate: 1,
    failure_rate: 0,
  });
});
