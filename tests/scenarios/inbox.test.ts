// The lists of the inbox: conversations with their last message, filtered and counted.
import { conversationCountsSchema, conversationPage, conversationSchema, messagePage } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import type { Call, Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
const { envelope, post } = metaPosts(() => scenario);
const contacts = (number: string, name: string) => [{ profile: { name }, wa_id: number }];
const write = (number: string, name: string, id: string, more: object = {}) =>
  post(envelope({ contacts: contacts(number, name), messages: [incoming(number, `wamid.inbox-${id}`, more)] }));

beforeAll(async () => {
  scenario = await openWorkspace();
  await write('33613000001', 'Ana Souza', 'a1');
  await scenario.send('+33613000001', 'You are welcome on Thursday.');
  await scenario.send('+12025550112', 'To a number that fails.');
  await write('33613000003', 'Bruno', 'b1', {
    type: 'image',
    text: undefined,
    image: { id: '1', mime_type: 'image/png', sha256: 'x', caption: 'The tooth' },
  });
  await scenario.settle();
});
afterAll(() => scenario.close());

const list = async (query = '', call: Call = scenario.api) =>
  conversationPage.parse((await call('GET', `/api/v1/conversations${query}`)).body);
const namesOf = async (query: string) => (await list(query)).data.map(({ contact }) => contact.name ?? contact.phone);

test('each shows its newest message, which is no reaction', async () => {
  const { data } = await list('?search=Ana');
  expect(data).toMatchObject([
    { last_message: { direction: 'outbound', type: 'text', text: 'You are welcome on Thursday.', error_code: null } },
  ]);
  await write('33613000001', 'Ana Souza', 'a2', {
    type: 'reaction',
    text: undefined,
    reaction: { message_id: 'wamid.inbox-a1', emoji: '👍' },
  });
  expect((await list('?search=Ana')).data[0]?.last_message?.id).toBe(data[0]?.last_message?.id);
  expect((await list('?search=Bruno')).data[0]?.last_message).toMatchObject({ type: 'image', text: 'The tooth' });
});

describe('the filters', () => {
  test('by name, number and unread', async () => {
    expect(await namesOf('?search=souza')).toEqual(['Ana Souza']);
    expect(await namesOf('?search=613000003')).toEqual(['Bruno']);
    expect(await namesOf('?search=nobody')).toEqual([]);
    expect(await namesOf('?unread=true')).toEqual(expect.arrayContaining(['Bruno']));
  });

  test('not sent: a failed message of these days', async () => {
    const { data, page } = await list('?not_sent=true');
    expect(data).toMatchObject([{ last_message: { status: 'failed', error_code: expect.any(String) } }]);
    expect(page.total).toBe(1);
  });

  test('waiting, and the count of each filter', async () => {
    await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
    await scenario.send('+33613000004', 'Waits.');
    expect(await namesOf('?waiting=true')).toEqual(['+33613000004']);
    const counts = conversationCountsSchema.parse((await scenario.api('GET', '/api/v1/conversations/counts')).body);
    expect(counts).toEqual({
      ...{ all: 4, open: 4, snoozed: 0, mine: 0, unassigned: 4, unread: 2, unanswered: 1, closing: 0 },
      ...{ waiting: 1, not_sent: 1, saved_views: [] },
    });
    await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`);
    await scenario.settle();
    expect(await namesOf('?waiting=true')).toEqual([]);
  });

  test('a wrong value is an error that names the field', async () => {
    expect((await scenario.api('GET', '/api/v1/conversations?waiting=false')).body).toMatchObject({
      code: 'invalid_request',
      errors: [{ field: 'waiting', message: 'Must be true, or left out.' }],
    });
  });
});

describe('the messages on one side of a message', () => {
  const read = async (id: string, query: string) => scenario.api('GET', `/api/v1/conversations/${id}/messages${query}`);
  const texts = async (id: string, query: string) =>
    messagePage.parse((await read(id, query)).body).data.map(({ text }) => text?.body);

  test('older ones newest first, newer ones oldest first, page by page', async () => {
    for (const n of [1, 2, 3, 4, 5]) await write('33613000009', 'Nina', `n${n}`, { text: { body: `Number ${n}` } });
    const id = (await list('?search=Nina')).data[0]?.id ?? '';
    const all = messagePage.parse((await read(id, '')).body).data;
    const middle = all[2]?.id;
    expect(await texts(id, `?before=${middle}`)).toEqual(['Number 2', 'Number 1']);
    expect(await texts(id, `?after=${middle}`)).toEqual(['Number 4', 'Number 5']);
    const first = messagePage.parse((await read(id, `?after=${middle}&limit=1`)).body);
    expect(first.page).toMatchObject({ has_more: true, total: 2 });
    expect(await texts(id, `?after=${middle}&cursor=${first.page.next_cursor}`)).toEqual(['Number 5']);
  });

  test('of another conversation there is none', async () => {
    const [one, other] = (await list()).data;
    const { body } = await read(other?.id ?? '', `?before=${one?.last_message?.id}`);
    expect(body).toMatchObject({ status: 404, code: 'message_not_found' });
    const both = await read(one?.id ?? '', `?before=${one?.last_message?.id}&after=${one?.last_message?.id}`);
    expect(both.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'after' }] });
  });
});

test('a conversation is opened before its first message, once', async () => {
  const open = (body: object, call: Call = scenario.api) =>
    call('POST', '/api/v1/conversations', { account_id: scenario.account.id, ...body });
  const first = await open({ to: '+33 6 13 00 00 77' });
  expect(first.status).toBe(201);
  expect(conversationSchema.parse(first.body)).toMatchObject({
    contact: { phone: '+33613000077' },
    last_message: null,
    unread_count: 0,
    window: { open: false, until: null },
  });
  const again = await open({ contact_id: first.body.contact.id });
  expect([again.status, again.body.id]).toEqual([200, first.body.id]);
  expect((await list()).data[0]?.id).toBe(first.body.id);
  const sent = await scenario.send('+33613000077', 'The first one.');
  expect(sent.conversation_id).toBe(first.body.id);
  expect((await open({})).body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'to' }] });
  const { key } = (await scenario.api('POST', '/api/v1/keys', { name: 'reads', scopes: ['messages.read'] })).body;
  expect((await open({ to: '+33613000078' }, scenario.as(key))).status).toBe(403);
});

test('who may not read messages sees no text', async () => {
  const { key } = (await scenario.api('POST', '/api/v1/keys', { name: 'people only', scopes: ['contacts.read'] })).body;
  const { data } = await list('?search=Ana', scenario.as(key));
  expect(data).toMatchObject([{ contact: { name: 'Ana Souza' }, last_message: null }]);
});

test('the words of a message with buttons, and of the answer to it', async () => {
  const lastText = async () => (await list('?search=Clara')).data[0]?.last_message?.text;
  const buttons = [{ type: 'reply', reply: { id: 'yes', title: 'Yes, please' } }];
  const interactive = { type: 'button', body: { text: 'Shall we keep your table?' }, action: { buttons } };
  await write('33613000004', 'Clara', 'c1');
  await scenario.api('POST', '/api/v1/messages', {
    account_id: scenario.account.id,
    to: '+33613000004',
    type: 'interactive',
    interactive,
  });
  expect(await lastText()).toBe('Shall we keep your table?');
  const answer = { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes, please' } };
  await write('33613000004', 'Clara', 'c2', { type: 'interactive', text: undefined, interactive: answer });
  await scenario.settle();
  expect(await lastText()).toBe('Yes, please');
});

test('a conversation is marked as unread until the next read, and WhatsApp hears nothing of it', async () => {
  await write('33613000007', 'Zilda', 'z1');
  const one = async () => (await list('?search=Zilda')).data[0];
  const conversation = await one();
  const path = `/api/v1/conversations/${conversation?.id}`;
  const inbound = (await scenario.api('GET', `/api/v1/messages?conversation_id=${conversation?.id}`)).body.data[0];
  const read = () => scenario.api('PUT', `/api/v1/messages/${inbound.id}/read`);
  const unread = async () => {
    const [shown, contact] = [
      await one(),
      (await scenario.api('GET', `/api/v1/contacts/${conversation?.contact.id}`)).body,
    ];
    expect(contact.unread_count).toBe(shown?.unread_count);
    expect((await namesOf('?unread=true')).includes('Zilda')).toBe((shown?.unread_count ?? 0) > 0);
    return shown?.unread_count;
  };
  const marked = async (method: 'PUT' | 'DELETE') => {
    const answer = await scenario.api(method, `${path}/unread`);
    expect(answer.status, answer.text).toBe(200);
    return conversationSchema.parse(answer.body).unread_count;
  };
  const counted = async () =>
    conversationCountsSchema.parse((await scenario.api('GET', '/api/v1/conversations/counts')).body).unread;
  await read();
  await scenario.settle();
  const [before, reads] = [await counted(), await scenario.sql('select 1 from read_mark')];
  expect(await unread()).toBe(0);
  // Twice is once.
  expect([await marked('PUT'), await marked('PUT'), await unread()]).toEqual([1, 1, 1]);
  expect(await counted()).toBe(before + 1);
  expect(await scenario.sql('select 1 from read_mark')).toEqual(reads);
  await write('33613000007', 'Zilda', 'z2');
  expect(await unread()).toBe(1);
  await marked('PUT');
  const newest = (await one())?.last_message?.id;
  await scenario.api('PUT', `/api/v1/messages/${newest}/read`);
  expect(await unread()).toBe(0);
  // A message that was read before ends the mark, too.
  await marked('PUT');
  await read();
  expect([await unread(), await counted()]).toEqual([0, before]);
  expect([await marked('PUT'), await marked('DELETE'), await marked('DELETE')]).toEqual([1, 0, 0]);
  const events = (await scenario.api('GET', '/api/v1/events?types=conversation.read,conversation.unread&limit=100'))
    .body.data as { type: string; data: { conversation_id: string; unread_count: number } }[];
  expect(
    events
      .filter(({ data }) => data.conversation_id === conversation?.id)
      .map(({ type, data }) => `${type} ${data.unread_count}`),
  ).toEqual([
    'conversation.read 0',
    'conversation.unread 1',
    'conversation.read 0',
    'conversation.unread 1',
    'conversation.read 0',
    'conversation.unread 1',
    'conversation.read 0',
  ]);
  const key = (await scenario.api('POST', '/api/v1/keys', { name: 'reader', scopes: ['messages.read'] })).body.key;
  expect((await scenario.as(key)('PUT', `${path}/unread`)).status).toBe(403);
  const { api: stranger } = await scenario.stranger();
  expect((await stranger('PUT', `${path}/unread`)).body.code).toBe('conversation_not_found');
});
