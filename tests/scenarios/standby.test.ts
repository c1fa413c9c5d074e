// Answers of others for the business, the owner of a conversation, and the smaller notices of Meta's webhooks.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { incoming, metaPosts, status } from '../setup/meta-posts.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

// biome-ignore lint/suspicious/noExplicitAny: what JSON parses to.
type Json = Record<string, any>;

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
});
afterAll(() => scenario.close());

const { envelope, inboundOf, post } = metaPosts(() => scenario);

const change = (field: string | undefined, value: object) => {
  const [entry] = envelope(value).entry;
  return { entry: [{ ...entry, time: 1_764_000_000, changes: entry?.changes.map(each => ({ ...each, field })) }] };
};
const standby = (lists: object) => change('standby', { standby: lists });
const echoTo = (to: string, id: string, body: string) => ({
  id,
  timestamp: '1764000010',
  message: { to, type: 'text', text: { body } },
});
const handover = (from: string, details: object, type = 'control_passed', timestamp = '1764000020') => ({
  entry: [
    {
      id: '1',
      changes: [
        {
          field: 'messaging_handovers',
          value: {
            type,
            sender: { phone_number: from },
            recipient: { phone_number_id: scenario.account.phone_number_id, display_phone_number: '1' },
            timestamp,
            [type]: details,
          },
        },
      ],
    },
  ],
});
const conversationOf = async (phone: string): Promise<Json> => {
  const { contact } = await inboundOf(phone);
  return (await scenario.api('GET', `/api/v1/conversations?contact_id=${contact.id}`)).body.data[0];
};
const threadOf = async (phone: string): Promise<Json[]> => {
  const { id } = await conversationOf(phone);
  return (await scenario.api('GET', `/api/v1/conversations/${id}/messages`)).body.data.reverse();
};
const eventsOf = async (id: string) => (await scenario.message(id)).events.map(({ type }: Json) => type);
const deadLetters = async () => (await scenario.api('GET', '/api/v1/dead-letters')).body.data;
const noticesOf = (field: string) =>
  scenario.sql<{ data: Json }>(`select data from event where account_id = $1 and data ->> 'field' = $2 order by id`, [
    toUuid(scenario.account.id),
    field,
  ]);

describe('an answer of others', () => {
  test('is in the thread, marked, never unread, and no event that a bot answers', async () => {
    const phone = '33600900001';
    const body = standby({
      contacts: [{ profile: { name: 'Ana' }, wa_id: phone }],
      messages: [incoming(phone, 'wamid.asked', { timestamp: '1764000000' })],
      message_echoes: [echoTo(phone, 'wamid.answered', 'We open at ten.')],
    });
    for (let n = 0; n < 2; n++) await post(body);
    const receipt = { ...status({ token: '', wamid: 'wamid.answered' }, 'read'), biz_opaque_callback_data: undefined };
    await post(standby({ statuses: [{ ...receipt, recipient_id: phone }] }));
    const messages = await threadOf(phone);
    expect(messages).toMatchObject([
      { direction: 'inbound', source: 'standby', status: 'read', text: { body: 'I am wamid.asked' } },
      { direction: 'outbound', source: 'standby', status: 'read', text: { body: 'We open at ten.' } },
    ]);
    expect(await eventsOf(messages[0]?.id)).toEqual(['message.standby']);
    expect(await eventsOf(messages[1]?.id)).toEqual(['message.standby', 'message.delivered', 'message.read']);
    expect(await scenario.message(messages[1]?.id)).toMatchObject({ attempts: [], waiting: null });
    const conversation = await conversationOf(phone);
    expect(conversation).toMatchObject({
      contact: { name: 'Ana' },
      unread_count: 0,
      owner: { is: 'other', role: null },
      last_message: { source: 'standby' },
    });
    expect(await deadLetters()).toEqual([]);
  });

  test('opens the window, and ends when the person writes to us', async () => {
    const phone = '33600900002';
    const now = Math.floor(Date.now() / 1000);
    const at = (seconds: number) => ({ timestamp: String(now + seconds) });
    await post(standby({ messages: [incoming(phone, 'wamid.window', at(-60))] }));
    expect((await conversationOf(phone)).window.open).toBe(true);
    await post(envelope({ messages: [incoming(phone, 'wamid.ours', at(-30))] }));
    expect(await conversationOf(phone)).toMatchObject({ unread_count: 1, owner: { is: 'us', role: null } });
    // A late message does not take it back.
    await post(standby({ messages: [incoming(phone, 'wamid.late-standby', at(-50))] }));
    expect(await conversationOf(phone)).toMatchObject({ unread_count: 1, owner: { is: 'us' } });
  });

  test('a conversation that nobody else ever had has no owner', async () => {
    const phone = '33600900003';
    await post(envelope({ messages: [incoming(phone, 'wamid.plain')] }));
    expect((await conversationOf(phone)).owner).toBe(null);
  });
});

test('a hand-over is noted in the thread, with the role of the new owner', async () => {
  const phone = '33600900004';
  await post(envelope({ messages: [incoming(phone, 'wamid.before')] }));
  const given = { previous_owner_role: 'customer_service', new_owner_role: 'ai_agent', metadata: 'closed' };
  for (let n = 0; n < 2; n++) await post(handover(phone, given));
  expect(await conversationOf(phone)).toMatchObject({
    unread_count: 1,
    owner: { is: 'other', role: 'ai_agent', since: '2025-11-24T16:00:20.000Z' },
  });
  const [, note] = await threadOf(phone);
  expect(note).toMatchObject({ type: 'system', status: 'read', system: { type: 'control_passed', ...given } });
  // Older notices have other names, and do not say who has it from then on.
  await post(handover(phone, { previous_owner_app_role: 'meta_business_agent' }, 'control_taken', '1764000030'));
  expect(await conversationOf(phone)).toMatchObject({ owner: { is: null, role: 'unknown' } });
  const context = { summary: 'Wants a table for two.' };
  const after = incoming(phone, 'wamid.after', { timestamp: '1764000040', conversation_context: context });
  await post(envelope({ messages: [after] }));
  expect(await conversationOf(phone)).toMatchObject({ owner: { is: 'us', role: null } });
  expect((await threadOf(phone)).at(-1)).toMatchObject({ context: { conversation_context: context } });
  await post(handover('', {}));
  expect(await deadLetters()).toMatchObject([{ error: { code: 'item_unreadable', title: 'no from' } }]);
});

describe('with the simulator', () => {
  const phone = '33600900100';
  const asPhone = async (path: string, body: object) => {
    const answer = await fetch(`${scenario.simulator.url}/phones/${phone}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: scenario.account.phone_number_id, ...body }),
    });
    expect(answer.status).toBe(202);
    await scenario.settle();
  };
  const says = (body: string, more: object = {}) => asPhone('/messages', { type: 'text', text: { body }, ...more });
  const control = async (body: object) => {
    const { id } = await conversationOf(phone);
    return scenario.api('POST', `/api/v1/conversations/${id}/control`, body);
  };

  test('a conversation is passed on, heard of, taken and released', async () => {
    await says('Hello');
    expect(await control({ action: 'take' })).toMatchObject({
      status: 409,
      body: { code: 'thread_control_rejected', detail: expect.stringMatching(/yours already/) },
    });
    const passed = await control({ action: 'pass', role: 'ai_agent', metadata: 'Wants a table.' });
    expect(passed).toMatchObject({ status: 200, body: { owner: { is: 'other', role: 'ai_agent' } } });
    await says('Are you there?');
    await says('I am the agent.', { by: 'other' });
    expect((await threadOf(phone)).map(({ source, direction }) => [direction, source])).toEqual([
      ['inbound', null],
      ['inbound', 'standby'],
      ['outbound', 'standby'],
    ]);
    expect(await conversationOf(phone)).toMatchObject({ unread_count: 1, owner: { is: 'other', role: 'ai_agent' } });
    expect(await control({ action: 'take' })).toMatchObject({ status: 200, body: { owner: { is: 'us', role: null } } });
    await says('And now?');
    expect(await conversationOf(phone)).toMatchObject({ unread_count: 2, owner: { is: 'us' } });
    expect(await control({ action: 'release' })).toMatchObject({ status: 200, body: { owner: { is: null } } });
    await asPhone('/owner', { owner: 'other', role: 'marketing' });
    expect((await conversationOf(phone)).owner).toMatchObject({ is: null, role: 'marketing' });
  });

  test.each([
    [{ action: 'keep' }, 'action'],
    [{ action: 'take', role: 'ai_agent' }, 'role'],
    [{ action: 'pass', role: 'boss' }, 'role'],
    [{ action: 'pass', metadata: 'x'.repeat(2_001) }, 'metadata'],
  ])('%j: the field is named', async (body, field) => {
    const answer = await control(body);
    expect([answer.status, answer.body.errors[0].field]).toEqual([400, field]);
  });
});

test('an echo outside of the coexistence field is what the business wrote elsewhere', async () => {
  const phone = '33600900005';
  await post(change('message_echoes', { message_echoes: [{ ...incoming('15550000000', 'wamid.other'), to: phone }] }));
  expect(await threadOf(phone)).toMatchObject([{ direction: 'outbound', source: 'phone', status: 'sent' }]);
});

test('a change without a field is read by what it has', async () => {
  const phone = '33600900006';
  await post(change(undefined, { messages: [incoming(phone, 'wamid.no-field')] }));
  expect((await inboundOf(phone)).messages).toMatchObject([{ text: { body: 'I am wamid.no-field' } }]);
});

test('who only opened the chat has written nothing', async () => {
  const phone = '33600900007';
  const before = (await deadLetters()).length;
  await post(envelope({ messages: [incoming(phone, 'wamid.welcome', { type: 'request_welcome', text: undefined })] }));
  expect((await inboundOf(phone)).contact).toBe(undefined);
  expect(await deadLetters()).toHaveLength(before);
});

test('the user id for a parent company is shown with the contact', async () => {
  const ids = { from_user_id: 'US.1349120865530274', from_parent_user_id: 'US.ENT.1349120865530274' };
  await post(envelope({ messages: [incoming('33600900008', 'wamid.parent', ids)] }));
  expect((await inboundOf('33600900008')).contact).toMatchObject({
    user_id: ids.from_user_id,
    parent_user_id: ids.from_parent_user_id,
  });
});

test.each([
  ['business_username_update', { username: 'shop' }],
  ['business_username_updates', { username: 'shop' }],
  ['flows', { event: 'FLOW_STATUS_CHANGE', flow_id: '1' }],
  ['automatic_events', { automatic_events: [{ event_name: 'Purchase' }] }],
  ['group_lifecycle_update', { groups: [{ group_id: 'g' }] }],
  ['group_participants_update', { groups: [{ group_id: 'g' }] }],
  ['group_settings_update', { groups: [{ group_id: 'g' }] }],
  ['group_status_update', { groups: [{ group_id: 'g' }] }],
])('%s is a notice', async (field, value) => {
  const before = (await deadLetters()).length;
  await post(change(field, value));
  expect((await noticesOf(field)).map(({ data }) => data.value)).toMatchObject([value]);
  expect(await deadLetters()).toHaveLength(before);
});

test('a click on a marketing message is a notice, once', async () => {
  const click = {
    action_type: 'marketing_messages_link_click',
    timestamp: '1764000000',
    marketing_messages_link_click_data: { click_component: 'cta', click_id: 'c1', tracking_token: 't' },
  };
  for (let n = 0; n < 2; n++) await post(envelope({ user_actions: [click] }));
  expect((await noticesOf('user_actions')).map(({ data }) => data.value)).toEqual([click]);
});

test.each([130_429, 131_056])('error %d of a number slows it, and needs nobody', async code => {
  const other = await scenario.another();
  const before = (await deadLetters()).length;
  const errors = [{ code, title: 'Rate limit hit' }];
  await post({
    entry: [
      {
        id: '1',
        time: 1_764_000_000,
        changes: [
          { field: 'messages', value: { metadata: { phone_number_id: other.account.phone_number_id }, errors } },
        ],
      },
    ],
  });
  const account = (await other.api('GET', `/api/v1/accounts/${other.account.id}`)).body;
  expect(account).toMatchObject({ status: 'connected' });
  const [lane] = await scenario.sql<Json>(
    'select held_reason, held_until > now() as held from lane where account_id = $1',
    [toUuid(other.account.id)],
  );
  expect(lane).toEqual({ held_reason: 'throttled', held: true });
  expect(await deadLetters()).toHaveLength(before);
});

describe('an answer on the phone', () => {
  const phone = '33611110077';
  const wrote = (id: string, timestamp: string) => post(envelope({ messages: [incoming(phone, id, { timestamp })] }));
  const answered = (id: string, timestamp: string) =>
    post(
      change('smb_message_echoes', {
        message_echoes: [{ from: '1', to: phone, id, timestamp, type: 'text', text: { body: id } }],
      }),
    );

  test('marks what the person wrote before it as read, and shows the person nothing of it', async () => {
    await wrote('wamid.before-1', '1764000100');
    await wrote('wamid.before-2', '1764000101');
    await wrote('wamid.after', '1764000300');
    expect(await conversationOf(phone)).toMatchObject({ unread_count: 3 });
    const echo = ['wamid.on-the-phone', '1764000200'] as const;
    await answered(...echo);
    await answered(...echo);
    const { id, unread_count } = await conversationOf(phone);
    expect(unread_count).toBe(1);
    const thread = await threadOf(phone);
    const states = Object.fromEntries(thread.map(({ channel_message_id, status }) => [channel_message_id, status]));
    expect(states).toMatchObject({
      'wamid.before-1': 'read',
      'wamid.before-2': 'read',
      'wamid.after': 'received',
    });
    const [first] = thread.filter(({ channel_message_id }) => channel_message_id === 'wamid.before-1');
    expect(await eventsOf(first?.id)).toEqual(['message.received', 'message.read']);
    expect(await scenario.sql('select 1 from read_mark where conversation_id = $1', [toUuid(id)])).toEqual([]);
    const own = scenario.simulator.calls().filter(call => call.phoneNumberId === scenario.account.phone_number_id);
    expect(own.filter(({ outcome }) => outcome === 'marked-read')).toEqual([]);
  });

  test('says nothing of what an assistant answers', async () => {
    await wrote('wamid.before-3', '1764000400');
    await post(standby({ message_echoes: [{ ...echoTo(phone, 'wamid.assistant', 'Hi'), timestamp: '1764000500' }] }));
    expect(await conversationOf(phone)).toMatchObject({ unread_count: 2 });
  });
});
