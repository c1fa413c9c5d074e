// Contacts and conversations as their callers meet them: made, found, changed, deleted, and those of another workspace.
import { contactPage, contactSchema, conversationPage, conversationSchema } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
let stranger: Awaited<ReturnType<Scenario['stranger']>>;
beforeAll(async () => {
  scenario = await openWorkspace();
  stranger = await scenario.stranger();
});
afterAll(() => scenario.close());

const text = (to: string) => ({ account_id: scenario.account.id, to, type: 'text', text: { body: 'hello' } });

test('a contact has a name or a number', async () => {
  for (const body of [{}, { name: null }, { name: null, phone: null }])
    expect(await scenario.api('POST', '/api/v1/contacts', body)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body', message: 'Must have a name, a phone number, or both.' }] },
    });
  expect((await scenario.api('POST', '/api/v1/contacts', { name: null, phone: '+33 6 12 00 98 98' })).status).toBe(201);
});

describe('contacts', () => {
  test('a text with a mail is searched for in names, digits in numbers that are shown', async () => {
    const name = (await scenario.api('POST', '/api/v1/contacts', { name: 'Room 771', phone: '+33612000881' })).body.id;
    const number = (await scenario.api('POST', '/api/v1/contacts', { name: 'Guest', phone: '+33612077101' })).body.id;
    // Known by an id of the channel only, in which there are digits too.
    const [hidden] = await scenario.sql<{ id: string }>(
      `with c as (insert into contact (id, workspace_id, name) select gen_random_uuid(), workspace_id, 'Hidden' from account
         where id = $1 returning *)
       insert into contact_address (workspace_id, kind, value, contact_id) select workspace_id, 'bsuid', 'US.9977199', id from c
       returning contact_id as id`,
      [toUuid(scenario.account.id)],
    );
    expect(hidden).toBeDefined();
    for (const [search, found] of [
      ['room 771', [name]],
      ['771', [number, name]],
      ['77-1', [number]],
      ['+33 612 0771', [number]],
      ['9977199', []],
    ] as const) {
      const { body } = await scenario.api('GET', `/api/v1/contacts?search=${encodeURIComponent(search)}`);
      expect([search, body.data.map((contact: { id: string }) => contact.id)]).toEqual([search, found]);
    }
    for (const id of [name, number]) await scenario.api('DELETE', `/api/v1/contacts/${id}`);
    await scenario.sql('delete from contact_address where contact_id = $1', [hidden?.id]);
    await scenario.sql('delete from contact where id = $1', [hidden?.id]);
  });

  test('create, find, change, delete', async () => {
    const made = await scenario.api('POST', '/api/v1/contacts', { name: 'Ana Souza', phone: '+55 11 91234-5678' });
    expect(made.status).toBe(201);
    expect(contactSchema.parse(made.body)).toMatchObject({
      name: 'Ana Souza',
      phone: '+5511912345678',
      unread_count: 0,
      last_message_at: null,
    });
    for (const query of ['search=souza', 'search=91234', 'phone=%2B5511912345678', 'search=Ana%20S'])
      expect(
        contactPage
          .parse((await scenario.api('GET', `/api/v1/contacts?${query}`)).body)
          .data.map(contact => contact.id),
      ).toEqual([made.body.id]);
    expect((await scenario.api('GET', '/api/v1/contacts?search=%25')).body.data).toEqual([]);

    const taken = await scenario.api('POST', '/api/v1/contacts', { phone: '+5511912345678' });
    expect(taken).toMatchObject({
      status: 409,
      body: { code: 'phone_taken', detail: expect.stringContaining(made.body.id) },
    });
    const nameless = await scenario.api('POST', '/api/v1/contacts', { phone: '+5511912345680' });
    expect(nameless.body).toMatchObject({ name: null, phone: '+5511912345680' });
    const path = `/api/v1/contacts/${made.body.id}`;
    expect((await scenario.api('PATCH', path, { name: null })).body).toMatchObject({
      name: null,
      phone: '+5511912345678',
    });
    expect((await scenario.api('PATCH', path, { phone: '+5511912345679' })).body.phone).toBe('+5511912345679');
    expect(
      (await scenario.api('PATCH', `/api/v1/contacts/${nameless.body.id}`, { phone: '+5511912345679' })).status,
    ).toBe(409);
    expect((await scenario.api('DELETE', path)).status).toBe(204);
    expect((await scenario.api('GET', path)).status).toBe(404);
    expect((await scenario.api('POST', '/api/v1/contacts', { phone: '+5511912345679' })).status).toBe(201);
  });

  test('a search finds a name with and without its accents', async () => {
    const names = ['João Brandão', 'Zoë Łukasz', 'Ærø Øster'];
    const ids: string[] = [];
    for (const name of names) ids.push((await scenario.api('POST', '/api/v1/contacts', { name })).body.id);
    for (const [search, place] of [
      ['joao', 0],
      ['JOÃO', 0],
      ['joão b', 0],
      ['randa', 0],
      ['o brandao', 0],
      ['ZOE', 1],
      ['zoë', 1],
      ['Lukasz', 1],
      ['oster', 2],
    ] as const) {
      const { body } = await scenario.api('GET', `/api/v1/contacts?search=${encodeURIComponent(search)}`);
      expect([search, body.data.map(({ id }: { id: string }) => id)]).toEqual([search, [ids[place]]]);
    }
  });

  test('a change leaves a contact a name or a number', async () => {
    const { id } = (await scenario.api('POST', '/api/v1/contacts', { name: 'Empty', phone: '+33612000882' })).body;
    const path = `/api/v1/contacts/${id}`;
    const both = await scenario.api('PATCH', path, { name: null, phone: null });
    expect(both).toMatchObject({ status: 400, body: { errors: [{ field: 'name' }] } });
    expect((await scenario.api('PATCH', path, { name: null })).status).toBe(200);
    const last = await scenario.api('PATCH', path, { phone: null });
    expect(last).toMatchObject({ status: 400, body: { errors: [{ field: 'phone' }] } });
    expect((await scenario.api('GET', path)).body).toMatchObject({ name: null, phone: '+33612000882' });
  });

  test('a contact has a reference and metadata, and is found by the reference', async () => {
    const made = { name: 'Referenced', reference: 'crm-17', metadata: { tier: 'gold' } };
    const { body } = await scenario.api('POST', '/api/v1/contacts', made);
    expect(contactSchema.parse(body)).toMatchObject(made);
    const path = `/api/v1/contacts/${body.id}`;
    const ids = async (query: string) =>
      (await scenario.api('GET', `/api/v1/contacts?${query}`)).body.data.map(({ id }: { id: string }) => id);
    expect(await ids('reference=crm-17')).toEqual([body.id]);
    expect(await ids('reference=crm-1')).toEqual([]);
    expect((await scenario.api('PATCH', path, { name: 'Renamed' })).body).toMatchObject({ ...made, name: 'Renamed' });
    expect((await scenario.api('GET', `${path}/export`)).body.contacts).toMatchObject([{ reference: 'crm-17' }]);
    const none = await scenario.api('PATCH', path, { reference: null, metadata: null });
    expect(none.body).toMatchObject({ reference: null, metadata: {} });
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`field ${n}`, 'x']));
    for (const metadata of [many, { a: 1 }, { a: { b: 'c' } }, { ['x'.repeat(41)]: '' }, ['a']])
      expect((await scenario.api('PATCH', path, { metadata })).status).toBe(400);
  });

  test('the error for a wrong number says what is wrong', async () => {
    const answer = await scenario.api('POST', '/api/v1/contacts', { phone: '912345678' });
    expect(answer.body).toMatchObject({
      code: 'invalid_request',
      errors: [{ field: 'phone', message: expect.stringContaining('country code') }],
    });
  });

  test('waiting messages to a deleted contact are cancelled', async () => {
    const made = await scenario.api('POST', '/api/v1/accounts', {
      name: 'Slow',
      channel: 'sandbox',
      limits: { rate: { messages: 1, seconds: 3600 } },
    });
    const send = async (to: string) =>
      (await scenario.api('POST', '/api/v1/messages', { ...text(to), account_id: made.body.id })).body;
    await send('+33612000401');
    const waiting = await send('+33612000402');
    await scenario.settle();
    await scenario.api('DELETE', `/api/v1/contacts/${waiting.contact_id}`);
    expect((await scenario.message(waiting.id)).status).toBe('cancelled');
  });

  test('those of another workspace are not there, nor are their conversations', async () => {
    const { contact_id, conversation_id } = stranger.message;
    const path = `/api/v1/contacts/${contact_id}`;
    for (const [method, body] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as const)
      expect((await scenario.api(method, path, body)).body).toMatchObject({ status: 404, code: 'contact_not_found' });
    expect((await scenario.api('GET', `/api/v1/conversations/${conversation_id}/messages`)).body.code).toBe(
      'conversation_not_found',
    );
    expect((await scenario.api('GET', '/api/v1/contacts?phone=%2B33612009999')).body.data).toEqual([]);
    expect(
      conversationPage.parse((await scenario.api('GET', '/api/v1/conversations')).body).data.map(each => each.id),
    ).not.toContain(conversation_id);
    expect((await stranger.api('GET', path)).status).toBe(200);
  });
});

test('a conversation is shown by its id, as every message has it', async () => {
  const sent = await scenario.send();
  // Its last message changes until it is read.
  await scenario.settle();
  const listed = (await scenario.api('GET', `/api/v1/conversations?contact_id=${sent.contact_id}`)).body.data;
  const path = `/api/v1/conversations/${sent.conversation_id}`;
  const { status, body } = await scenario.api('GET', path);
  expect(status).toBe(200);
  expect([conversationSchema.parse(body)]).toEqual(listed);
  const { conversation_id } = (await scenario.stranger()).message;
  expect((await scenario.api('GET', `/api/v1/conversations/${conversation_id}`)).body.code).toBe(
    'conversation_not_found',
  );
  const made = await scenario.api('POST', '/api/v1/accounts', { name: 'Elsewhere', channel: 'sandbox' });
  const key = (scopes: string[], account_ids: string[]) =>
    scenario.api('POST', '/api/v1/keys', { name: 'limited', scopes, account_ids });
  const limited = await key(['contacts.read'], [made.body.id]);
  expect((await scenario.as(limited.body.key)('GET', path)).body.code).toBe('conversation_not_found');
});
